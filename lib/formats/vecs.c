/*
 * fvecs and ivecs, as faiss, TEXMEX and ann-benchmarks have them: for each row
 * an i32, the number d of its elements, then d f32 or i32.  There is no header
 * and no end mark: a file that is cut between rows looks whole.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "formats/parts.h"

/* A row's own d, believed up to here. */
#define ELEMENTS_MAX ((uint32_t)4 << 20)

/* What the next row says of itself: 1, 0 at the end, -1. */
static int
row_length(struct importer *im, uint32_t *n, struct error *e)
{
    const unsigned char *p;
    const int got = feed_bytes(&im->feed, 4, &p, e);

    if (got <= 0)
        return got;
    *n = get_u32(p);
    if (*n > ELEMENTS_MAX)
        return error_set(e, "%d elements: is this such a file?", (int)*n);
    return 1;
}

/* The first row tells how wide a vector is: its length waits in the state. */
static int
open_vecs(struct importer *im, const char *defaults, enum type type,
          struct error *e)
{
    struct listed_column c;
    uint32_t n = 0;
    const int got = row_length(im, &n, e);
    const struct column *is = &c.type;

    if (got < 0)
        return importer_at_row(im, e);
    if (got == 0)
        return error_set(e, "%s: empty", im->feed.name);
    if (importer_columns(im, defaults, &c, 1, e) != 0)
        return -1;
    if (c.typed && is->type != type &&
        !(type == TYPE_I32 && is->type == TYPE_U32))
        return error_set(e, "%s holds %s, not %s", im->format->name,
                         type_name(type), type_name(is->type));
    im->state = mem_new(1, sizeof n, e);
    if (im->state == NULL)
        return -1;
    memcpy(im->state, &n, sizeof n);
    if (c.typed)
        type = is->type;
    if (c.typed && is->shape == SHAPE_LIST)
        return importer_add(im, &c, type, SHAPE_LIST, 0, e);
    return importer_add(im, &c, type, SHAPE_VECTOR, n, e);
}

static int
open_fvecs(struct importer *im, struct error *e)
{
    return open_vecs(im, "embedding", TYPE_F32, e);
}

static int
open_ivecs(struct importer *im, struct error *e)
{
    return open_vecs(im, "neighbours", TYPE_I32, e);
}

/* No number of the last N in B may be one that u32 has not. */
static int
check_signs(const struct builder *b, uint32_t n, struct error *e)
{
    const struct array a = builder_array(b);

    for (size_t i = a.count - n; i < a.count; i++)
        if (array_u32(&a)[i] > INT32_MAX)
            return error_set(e, "%d is out of range for u32",
                             (int)array_u32(&a)[i]);
    return 0;
}

static int
add_row(struct importer *im, uint32_t n, struct error *e)
{
    const struct column *c = &im->schema.column[0];
    struct builder *b = &im->table.column[0];
    const unsigned char *p = NULL;
    const int got = n > 0 ? feed_bytes(&im->feed, (size_t)n * 4, &p, e) : 1;

    if (c->shape == SHAPE_VECTOR && n != c->width)
        return error_set(e, "%u elements, the first row has %u", (unsigned)n,
                         (unsigned)c->width);
    if (got == 0)
        return error_set(e, "cut short");
    if (got < 0 || builder_add(b, p, n, e) != 0 ||
        (c->type == TYPE_U32 && check_signs(b, n, e) != 0))
        return -1;
    return c->shape == SHAPE_LIST ? builder_end_row(b, e) : 0;
}

static int
row_in(struct importer *im, struct error *e)
{
    uint32_t n = 0;
    int got = 1;

    if (im->rows == 0)
        memcpy(&n, im->state, sizeof n);
    else
        got = row_length(im, &n, e);
    if (got > 0 && add_row(im, n, e) != 0)
        got = -1;
    return got < 0 ? importer_at_row(im, e) : got;
}

const struct importer_format import_fvecs = {
    .name = "fvecs",
    .what = "vectors of f32, each with its length before it",
    .takes = IMPORT_COLUMNS,
    .open = open_fvecs,
    .row = row_in,
};

const struct importer_format import_ivecs = {
    .name = "ivecs",
    .what = "the same of i32",
    .takes = IMPORT_COLUMNS,
    .open = open_ivecs,
    .row = row_in,
};

static int
open_fvecs_out(struct exporter *x, struct error *e)
{
    const struct column *c = exporter_column(x, 0);

    if (c->type != TYPE_F32 || c->shape == SHAPE_SCALAR)
        return exporter_refuse(c, "fvecs holds vectors or lists of f32", e);
    return 0;
}

static int
open_ivecs_out(struct exporter *x, struct error *e)
{
    const struct column *c = exporter_column(x, 0);

    if ((c->type != TYPE_I32 && c->type != TYPE_U32) ||
        c->shape == SHAPE_SCALAR)
        return exporter_refuse(c, "ivecs holds vectors or lists of i32 or u32",
                               e);
    return 0;
}

static int
row_out(struct exporter *x, const struct block *b, uint32_t row,
        struct buffer *out, struct error *e)
{
    const struct column *c = exporter_column(x, 0);
    const struct array *a = &b->column[exporter_place(x, 0)];
    unsigned char length[4];
    size_t from;
    const size_t n = exporter_span(c, a, row, &from);

    if (n > ELEMENTS_MAX)
        return error_set(e, "a list of %zu elements", n);
    for (size_t i = from; c->type == TYPE_U32 && i < from + n; i++)
        if (array_u32(a)[i] > INT32_MAX)
            return error_set(e, "column '%s': %u is no i32", c->name,
                             (unsigned)array_u32(a)[i]);
    put_u32(length, (uint32_t)n);
    if (buffer_append(out, length, sizeof length, e) != 0)
        return -1;
    return buffer_append(out, (const char *)a->values + from * 4, n * 4, e);
}

const struct exporter_format export_fvecs = {
    .name = "fvecs",
    .what = "a column of vectors of f32, each with its length before it",
    .least = 1,
    .most = 1,
    .roles = "one column of vectors",
    .binary = true,
    .open = open_fvecs_out,
    .row = row_out,
};

const struct exporter_format export_ivecs = {
    .name = "ivecs",
    .what = "the same of i32 or u32",
    .least = 1,
    .most = 1,
    .roles = "one column of vectors",
    .binary = true,
    .open = open_ivecs_out,
    .row = row_out,
};
