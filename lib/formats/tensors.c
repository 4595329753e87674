/*
 * safetensors as rows: the tensors are columns, their first dimension the rows.
 *
 * A tensor is stored behind the other, so reading several needs a file to jump
 * in, into which a pipe is copied first; and writing takes a pass over the rows
 * for each.  As the format's own library does, the tensors of the largest
 * elements are written first, so that all of them are aligned.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/io.h"
#include "base/json.h"
#include "base/spool.h"
#include "formats/parts.h"
#include "formats/safetensors.h"

struct reading {
    int fd;
    bool spooled;  /* the descriptor is ours to close */
    uint64_t data; /* where the tensors' bytes begin */
    struct tensors all;
    size_t *column; /* [schema.columns] which of these */
    uint64_t rows;
    size_t at_once; /* rows a block */
    struct buffer bytes;
};

/* A descriptor that can be read anywhere, and how much there is from *START. */
static int
open_file(struct importer *im, struct reading *r, uint64_t *start,
          uint64_t *size, struct error *e)
{
    off_t here = lseek(im->feed.fd, 0, SEEK_CUR);
    struct stat st;

    r->fd = im->feed.fd;
    if (here < 0 || fstat(r->fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        r->fd = spool_copy(im->feed.fd, e);
        if (r->fd < 0)
            return error_prefix(e, "%s", im->feed.name);
        r->spooled = true;
        here = 0;
        if (fstat(r->fd, &st) != 0)
            return error_errno(e, "%s", im->feed.name);
    }
    *start = (uint64_t)here;
    *size = st.st_size > here ? (uint64_t)(st.st_size - here) : 0;
    return 0;
}

/* LEN bytes from AT on into r->bytes. */
static int
read_at(struct importer *im, uint64_t at, size_t len, struct error *e)
{
    struct reading *r = im->state;
    ssize_t got;

    r->bytes.len = 0;
    if (buffer_reserve(&r->bytes, len, e) != 0)
        return -1;
    got = io_read_at(r->fd, r->bytes.data, len, (off_t)at);
    if (got < 0)
        return error_errno(e, "%s: read failed", im->feed.name);
    if ((size_t)got < len)
        return error_set(e, "%s: cut short", im->feed.name);
    r->bytes.len = len;
    return 0;
}

static int
read_head(struct importer *im, struct error *e)
{
    struct reading *r = im->state;
    uint64_t start = 0, size = 0, len;

    if (open_file(im, r, &start, &size, e) != 0)
        return -1;
    if (size < 8)
        return error_set(e, "%s: no safetensors file", im->feed.name);
    if (read_at(im, start, 8, e) != 0)
        return -1;
    len = get_u64(r->bytes.data);
    if (len > size - 8)
        return error_set(e, "%s: no safetensors file, or cut short in its head",
                         im->feed.name);
    if (len > SAFETENSORS_HEAD_MAX)
        return error_set(e, "%s: a head of %" PRIu64 " bytes", im->feed.name,
                         len);
    if (read_at(im, start + 8, (size_t)len, e) != 0)
        return -1;
    r->data = start + 8 + len;
    if (tensors_parse(&r->all, (const char *)r->bytes.data, (size_t)len,
                      size - 8 - len, e) != 0)
        return error_prefix(e, "%s", im->feed.name);
    return 0;
}

/* Can tensor T be one more column, of the type of C if it has one? */
static int
check_tensor(const struct importer *im, const struct tensor *t,
             struct listed_column *c, struct error *e)
{
    const struct reading *r = im->state;

    if (t->element == NULL)
        return error_set(e, "its type is none of ours");
    if (t->dimensions < 1 || t->dimensions > 2)
        return error_set(e,
                         "%zu dimensions: rows of one or of several numbers "
                         "have 1 or 2; choose tensors with --columns",
                         t->dimensions);
    if (im->schema.columns > 0 && t->shape[0] != r->rows)
        return error_set(e,
                         "%" PRIu64 " rows, '%s' has %" PRIu64 ": choose "
                         "tensors with --columns",
                         t->shape[0], im->schema.column[0].name, r->rows);
    if (t->dimensions == 2 && t->shape[1] > SCHEMA_WIDTH_MAX)
        return error_set(e, "rows of %" PRIu64 " numbers", t->shape[1]);
    if (!c->typed)
        c->type.type = t->element->type;
    return element_check(t->element, c->type.type, e);
}

/* One more column: tensor T under its name. */
static int
add_column(struct importer *im, const struct tensor *t, struct listed_column *c,
           struct error *e)
{
    struct reading *r = im->state;
    const size_t n = im->schema.columns;

    if (check_tensor(im, t, c, e) != 0)
        return error_prefix(e, "%s: tensor '%.80s'", im->feed.name, c->name);
    r->rows = t->shape[0];
    if (importer_add(im, c, c->type.type,
                     t->dimensions == 2 ? SHAPE_VECTOR : SHAPE_SCALAR,
                     t->dimensions == 2 ? (size_t)t->shape[1] : 1, e) != 0)
        return -1;
    r->column[n] = (size_t)(t - r->all.tensor);
    return 0;
}

static int
add_all(struct importer *im, struct error *e)
{
    struct reading *r = im->state;

    for (size_t i = 0; i < r->all.count; i++) {
        const struct tensor *t = &r->all.tensor[i];
        struct listed_column c = { .typed = false };

        if (strlen(t->name) > SCHEMA_NAME_MAX)
            return error_set(e, "%s: a tensor whose name is too long",
                             im->feed.name);
        memcpy(c.name, t->name, strlen(t->name) + 1);
        if (add_column(im, t, &c, e) != 0)
            return -1;
    }
    return im->schema.columns > 0
               ? 0
               : error_set(e, "%s: no tensors", im->feed.name);
}

static int
add_chosen(struct importer *im, struct error *e)
{
    const struct reading *r = im->state;
    const char *list = im->opt.columns;
    struct listed_column c;
    int got;

    while ((got = column_list_next(&list, &c, e)) > 0) {
        size_t i = 0;

        while (i < r->all.count && strcmp(r->all.tensor[i].name, c.name) != 0)
            i++;
        if (i == r->all.count)
            return error_set(e, "%s: no tensor '%.80s'", im->feed.name, c.name);
        if (add_column(im, &r->all.tensor[i], &c, e) != 0)
            return -1;
    }
    return got;
}

static int
open_in(struct importer *im, struct error *e)
{
    struct reading *r = mem_new(1, sizeof *r, e);
    size_t row = 0;

    im->state = r;
    if (r == NULL || read_head(im, e) != 0)
        return -1;
    r->column = mem_new(SCHEMA_COLUMNS_MAX, sizeof *r->column, e);
    if (r->column == NULL)
        return -1;
    if ((im->opt.columns != NULL ? add_chosen(im, e) : add_all(im, e)) != 0)
        return -1;
    for (size_t i = 0; i < im->schema.columns; i++)
        row +=
            im->schema.column[i].width * type_size(im->schema.column[i].type);
    r->at_once = im->opt.row_block || row == 0 ? 1 : BLOCK_BYTES / row;
    if (r->at_once > BLOCK_ROWS)
        r->at_once = BLOCK_ROWS;
    if (r->at_once < 1)
        r->at_once = 1;
    return 0;
}

static int
next_in(struct importer *im, struct block *b, struct error *e)
{
    const struct reading *r = im->state;
    const uint64_t left = r->rows - im->rows;
    const size_t rows = left < r->at_once ? (size_t)left : r->at_once;

    table_clear(&im->table);
    for (size_t i = 0; i < im->schema.columns && rows > 0; i++) {
        const struct tensor *t = &r->all.tensor[r->column[i]];
        const size_t n = rows * im->schema.column[i].width;
        const uint64_t row = im->schema.column[i].width * t->element->bytes;

        if (read_at(im, r->data + t->begin + im->rows * row,
                    n * t->element->bytes, e) != 0)
            return -1;
        if (element_add(&im->table.column[i], t->element, r->bytes.data, n,
                        e) != 0)
            return importer_at_row(im, e);
    }
    im->table.rows = rows;
    *b = table_block(&im->table);
    return rows > 0;
}

static void
close_in(struct importer *im)
{
    struct reading *r = im->state;

    if (r->spooled)
        (void)close(r->fd);
    tensors_free(&r->all);
    buffer_free(&r->bytes);
    free(r->column);
}

const struct importer_format import_safetensors = {
    .name = "safetensors",
    .what = "tensors with the same first dimension, a column each",
    .takes = IMPORT_COLUMNS,
    .open = open_in,
    .next = next_in,
    .close = close_in,
};

static int
open_out(struct exporter *x, struct error *e)
{
    const size_t n = x->opt.text.columns;
    size_t *order = mem_new(n, sizeof *order, e), done = 0;

    x->state = order;
    if (order == NULL)
        return -1;
    for (size_t i = 0; i < n; i++) {
        const struct column *c = exporter_column(x, i);

        if (c->type == TYPE_STR || c->shape == SHAPE_LIST)
            return exporter_refuse(c,
                                   "tensors are numbers of one shape only: "
                                   "choose columns with --columns",
                                   e);
        if (strcmp(c->name, SAFETENSORS_METADATA) == 0)
            return error_set(e, "a tensor cannot be named '%s'", c->name);
    }
    for (size_t bytes = 8; bytes > 0; bytes /= 2)
        for (size_t i = 0; i < n; i++)
            if (type_size(exporter_column(x, i)->type) == bytes)
                order[done++] = i;
    x->passes = n;
    return 0;
}

static int
put_tensor(const struct exporter *x, const struct column *c, uint64_t *at,
           struct buffer *out, struct error *e)
{
    const uint64_t row = c->width * type_size(c->type);
    const uint64_t begin = *at;

    if (x->rows > (UINT64_MAX / 2 - begin) / row)
        return error_set(e, "too many rows");
    *at += row * x->rows;
    if (json_append_string(out, c->name, strlen(c->name), e) != 0 ||
        buffer_printf(out, e, ":{\"dtype\":\"%s\",\"shape\":[%" PRIu64,
                      element_of_type(c->type)->safetensors, x->rows) != 0 ||
        (c->shape == SHAPE_VECTOR &&
         buffer_printf(out, e, ",%u", (unsigned)c->width) != 0))
        return -1;
    return buffer_printf(
        out, e, "],\"data_offsets\":[%" PRIu64 ",%" PRIu64 "]}", begin, *at);
}

/* The head goes before the first pass, padded so that the data are aligned. */
static int
begin(struct exporter *x, struct buffer *out, struct error *e)
{
    static const unsigned char length[8];
    const size_t *order = x->state, from = out->len;
    uint64_t at = 0;
    int status;

    if (x->pass > 0)
        return 0;
    status = buffer_append(out, length, sizeof length, e);
    for (size_t i = 0; i < x->passes && status == 0; i++) {
        status = buffer_append(out, i == 0 ? "{" : ",", 1, e);
        if (status == 0)
            status = put_tensor(x, exporter_column(x, order[i]), &at, out, e);
    }
    if (status == 0)
        status = buffer_append(out, "}", 1, e);
    while (status == 0 && (out->len - from) % 8 != 0)
        status = buffer_append(out, " ", 1, e);
    if (status == 0)
        put_u64(out->data + from, out->len - from - sizeof length);
    return status;
}

static int
row_out(struct exporter *x, const struct block *b, uint32_t row,
        struct buffer *out, struct error *e)
{
    const size_t i = ((const size_t *)x->state)[x->pass];
    const struct column *c = exporter_column(x, i);
    const size_t bytes = c->width * type_size(c->type);

    return buffer_append(
        out, (const char *)b->column[exporter_place(x, i)].values + row * bytes,
        bytes, e);
}

const struct exporter_format export_safetensors = {
    .name = "safetensors",
    .what = "columns of numbers as tensors",
    .least = 1,
    .roles = "columns of numbers",
    .counts = true,
    .binary = true,
    .open = open_out,
    .begin = begin,
    .row = row_out,
};
