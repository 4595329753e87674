/*
 * NumPy's .npy: one array, one column.
 *
 *     93 4E 55 4D 50 59 01 00, u16 length of the rest of the header, then
 *     {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
 *
 * padded with blanks and a newline to a multiple of 64 bytes, then the numbers
 * in C order.  Versions 2.0 and 3.0, which are for headers that we refuse
 * anyway, have a u32 for the length.  NumPy itself evaluates the header as
 * Python; it is a dictionary of these three keys in any order.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/element.h"
#include "formats/parts.h"

#define MAGIC "\x93NUMPY"
#define HEADER_MAX 65535 /* NumPy itself believes 10,000 */

/* The header that is written: of this size, with room for any shape. */
#define HEADER 128
#define PREFIX 10

struct npy {
    const struct element *element;
    uint64_t rows;
    size_t width; /* elements a row */
};

/* A cursor in the header, and what it has said so far. */
struct header {
    const char *p, *end;
    char descr[16];
    bool has_descr, has_order, fortran, has_shape;
    uint64_t shape[2];
    size_t dimensions;
};

static void
skip_blanks(struct header *h)
{
    while (h->p < h->end && (*h->p == ' ' || *h->p == '\n' || *h->p == '\t'))
        h->p++;
}

static bool
take(struct header *h, const char *text)
{
    const size_t len = strlen(text);

    skip_blanks(h);
    if ((size_t)(h->end - h->p) < len || memcmp(h->p, text, len) != 0)
        return false;
    h->p += len;
    return true;
}

/* A string in single or double quotes, without escapes. */
static bool
take_string(struct header *h, char *out, size_t size)
{
    const char quote[] = { take(h, "'") ? '\'' : '"', '\0' };
    const char *from, *close;

    if (*quote == '"' && !take(h, quote))
        return false;
    from = h->p;
    close = memchr(from, *quote, (size_t)(h->end - from));
    if (close == NULL || (size_t)(close - from) >= size ||
        memchr(from, '\\', (size_t)(close - from)) != NULL)
        return false;
    memcpy(out, from, (size_t)(close - from));
    out[close - from] = '\0';
    h->p = close + 1;
    return true;
}

/* "(3, 4)", "(3,)", "()": with an L behind numbers that Python 2 wrote. */
static bool
take_shape(struct header *h)
{
    if (!take(h, "("))
        return false;
    while (!take(h, ")")) {
        uint64_t v = 0;
        const char *from;

        skip_blanks(h);
        for (from = h->p; h->p < h->end && *h->p >= '0' && *h->p <= '9'; h->p++)
            if (v > (UINT64_MAX - 9) / 10)
                return false;
            else
                v = v * 10 + (uint64_t)(*h->p - '0');
        if (h->p == from)
            return false;
        (void)take(h, "L");
        if (h->dimensions < 2)
            h->shape[h->dimensions] = v;
        h->dimensions++;
        if (!take(h, ",")) {
            /* "(3)" is a number in brackets, not a tuple. */
            return h->dimensions > 1 && take(h, ")");
        }
    }
    return true;
}

static bool
take_member(struct header *h)
{
    char key[16];

    if (!take_string(h, key, sizeof key) || !take(h, ":"))
        return false;
    if (strcmp(key, "descr") == 0 && !h->has_descr) {
        h->has_descr = true;
        return take_string(h, h->descr, sizeof h->descr);
    }
    if (strcmp(key, "fortran_order") == 0 && !h->has_order) {
        h->has_order = true;
        h->fortran = take(h, "True");
        return h->fortran || take(h, "False");
    }
    if (strcmp(key, "shape") == 0 && !h->has_shape) {
        h->has_shape = true;
        return take_shape(h);
    }
    return false;
}

static bool
take_header(struct header *h)
{
    if (!take(h, "{"))
        return false;
    while (!take(h, "}")) {
        if (!take_member(h))
            return false;
        if (!take(h, ",")) {
            if (!take(h, "}"))
                return false;
            break;
        }
    }
    skip_blanks(h);
    return h->p == h->end && h->has_descr && h->has_order && h->has_shape;
}

/* What the header says, or why it cannot be read. */
static int
judge(const struct header *h, struct npy *n, struct error *e)
{
    const size_t len = strlen(h->descr);

    if (h->descr[0] == '>')
        return error_set(e,
                         "its numbers are big-endian ('%s'): save it with "
                         "astype('<%s')",
                         h->descr, h->descr + 1);
    n->element = element_of_npy(h->descr, len);
    if (n->element == NULL)
        return error_set(e, "elements of type '%s', which is none of ours",
                         h->descr);
    if (h->dimensions < 1 || h->dimensions > 2)
        return error_set(e,
                         "an array of %zu dimensions: rows of one or of "
                         "several numbers have 1 or 2",
                         h->dimensions);
    n->rows = h->shape[0];
    n->width = 1;
    if (h->dimensions == 2) {
        if (h->shape[1] > SCHEMA_WIDTH_MAX)
            return error_set(e,
                             "rows of %" PRIu64 " numbers, which is more "
                             "than %d",
                             h->shape[1], SCHEMA_WIDTH_MAX);
        n->width = (size_t)h->shape[1];
    }
    if (h->fortran && n->rows > 1 && n->width > 1)
        return error_set(e, "the array is stored column by column (Fortran "
                            "order): save it with numpy.ascontiguousarray()");
    return 0;
}

static int
read_header(struct importer *im, struct header *h, struct error *e)
{
    const unsigned char *p;
    size_t len = 0;
    int major, got;

    got = feed_bytes(&im->feed, 8, &p, e);
    if (got < 0)
        return -1;
    if (got == 0 || memcmp(p, MAGIC, 6) != 0)
        return error_set(e, "no .npy file");
    major = p[6];
    if (major < 1 || major > 3 || p[7] != 0)
        return error_set(e, ".npy version %d.%d: known are 1.0, 2.0, 3.0",
                         major, p[7]);
    got = feed_bytes(&im->feed, major == 1 ? 2 : 4, &p, e);
    for (int i = major == 1 ? 2 : 4; got > 0 && i > 0; i--)
        len = len << 8 | p[i - 1];
    if (got > 0 && len > HEADER_MAX)
        return error_set(e, "a header of %zu bytes", len);
    if (got > 0)
        got = feed_bytes(&im->feed, len, &p, e);
    if (got == 0)
        return error_set(e, "cut short");
    if (got < 0)
        return -1;
    *h = (struct header){ .p = (const char *)p, .end = (const char *)p + len };
    return take_header(h) ? judge(h, im->state, e)
                          : error_set(e, "its header is not that of an array "
                                         "of numbers");
}

static int
open_in(struct importer *im, struct error *e)
{
    struct npy *n = mem_new(1, sizeof *n, e);
    struct listed_column c;
    struct header h = { 0 };

    im->state = n;
    if (n == NULL || importer_columns(im, "embedding", &c, 1, e) != 0)
        return -1;
    if (read_header(im, &h, e) != 0)
        return error_prefix(e, "%s", im->feed.name);
    if (!c.typed)
        c.type.type = n->element->type;
    if (element_check(n->element, c.type.type, e) != 0)
        return error_prefix(e, "%s", im->feed.name);
    return importer_add(im, &c, c.type.type,
                        h.dimensions == 2 ? SHAPE_VECTOR : SHAPE_SCALAR,
                        n->width, e);
}

static int
row_in(struct importer *im, struct error *e)
{
    const struct npy *n = im->state;
    const unsigned char *p;
    int got;

    if (im->rows == n->rows)
        return importer_at_end(im, e);
    got = feed_bytes(&im->feed, n->width * n->element->bytes, &p, e);
    if (got <= 0 && im->feed.ended)
        return error_set(e, "%s: cut short: %" PRIu64 " rows, not %" PRIu64,
                         im->feed.name, im->rows, n->rows);
    if (got < 0 ||
        element_add(&im->table.column[0], n->element, p, n->width, e) != 0)
        return importer_at_row(im, e);
    return 1;
}

const struct importer_format import_npy = {
    .name = "npy",
    .what = "an array of NumPy's, of one or two dimensions",
    .takes = IMPORT_COLUMNS,
    .open = open_in,
    .row = row_in,
};

static int
open_out(struct exporter *x, struct error *e)
{
    const struct column *c = exporter_column(x, 0);

    if (c->type == TYPE_STR || c->shape == SHAPE_LIST)
        return exporter_refuse(c, "npy holds numbers of one shape only", e);
    return 0;
}

/* Scalars are an array of one dimension, vectors of two. */
static int
begin(struct exporter *x, struct buffer *out, struct error *e)
{
    const struct column *c = exporter_column(x, 0);
    char text[HEADER], width[16] = "";
    int len;

    if (c->shape == SHAPE_VECTOR)
        snprintf(width, sizeof width, " %u", (unsigned)c->width);
    len = snprintf(text, sizeof text,
                   MAGIC "%c%c%c%c{'descr': '%s', 'fortran_order': False, "
                         "'shape': (%" PRIu64 ",%s), }",
                   1, 0, HEADER - PREFIX, 0, element_of_type(c->type)->npy,
                   x->rows, width);
    memset(text + len, ' ', sizeof text - (size_t)len);
    text[HEADER - 1] = '\n';
    return buffer_append(out, text, sizeof text, e);
}

static int
row_out(struct exporter *x, const struct block *b, uint32_t row,
        struct buffer *out, struct error *e)
{
    const struct column *c = exporter_column(x, 0);
    const struct array *a = &b->column[exporter_place(x, 0)];
    const size_t bytes = c->width * type_size(c->type);

    return buffer_append(out, (const char *)a->values + row * bytes, bytes, e);
}

const struct exporter_format export_npy = {
    .name = "npy",
    .what = "a column of numbers as an array of NumPy's",
    .least = 1,
    .most = 1,
    .roles = "one column of numbers",
    .counts = true,
    .binary = true,
    .open = open_out,
    .begin = begin,
    .row = row_out,
};
