#include "stream/table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static int
too_many_bytes(struct error *e)
{
    return error_set(e, "more than 4 GiB in one column of a table");
}

static int
append_offset(struct buffer *b, size_t offset, struct error *e)
{
    const uint32_t o = (uint32_t)offset;

    if (offset > UINT32_MAX)
        return too_many_bytes(e);
    return buffer_append(b, &o, sizeof o, e);
}

void
builder_clear(struct builder *b)
{
    b->list.len = b->list.len > 0 ? 4 : 0;
    b->str.len = b->str.len > 0 ? 4 : 0;
    b->values.len = 0;
    b->count = 0;
}

int
builder_init(struct builder *b, const struct column *c, struct error *e)
{
    *b = (struct builder){ .type = c->type, .shape = c->shape };
    /* One reserved byte: an empty column still has somewhere to point. */
    if (buffer_reserve(&b->values, 1, e) != 0)
        return -1;
    if (c->shape == SHAPE_LIST && append_offset(&b->list, 0, e) != 0)
        return -1;
    if (c->type == TYPE_STR && append_offset(&b->str, 0, e) != 0)
        return -1;
    return 0;
}

void
builder_free(struct builder *b)
{
    buffer_free(&b->list);
    buffer_free(&b->str);
    buffer_free(&b->values);
}

int
builder_add(struct builder *b, const void *values, size_t n, struct error *e)
{
    b->count += n;
    return buffer_append(&b->values, values, n * type_size(b->type), e);
}

void *
builder_extend(struct builder *b, size_t n, struct error *e)
{
    const size_t bytes = n * type_size(b->type), at = b->values.len;

    if (buffer_reserve(&b->values, bytes, e) != 0)
        return NULL;
    b->values.len += bytes;
    b->count += n;
    return b->values.data + at;
}

int
builder_add_str(struct builder *b, const char *s, size_t len, struct error *e)
{
    b->count++;
    if (buffer_append(&b->values, s, len, e) != 0)
        return -1;
    return append_offset(&b->str, b->values.len, e);
}

int
builder_end_row(struct builder *b, struct error *e)
{
    return append_offset(&b->list, b->count, e);
}

/* The ends of N lists or strings, of which the first begins at FROM[0] where
 * it comes from and at BASE here. */
static int
append_offsets(struct buffer *b, const uint32_t *from, size_t n, size_t base,
               struct error *e)
{
    const uint32_t shift = (uint32_t)base - from[0];
    uint32_t *out;

    if (base + (from[n] - from[0]) > UINT32_MAX)
        return too_many_bytes(e);
    if (buffer_reserve(b, n * sizeof *out, e) != 0)
        return -1;
    out = (uint32_t *)(void *)(b->data + b->len);
    for (size_t i = 0; i < n; i++)
        out[i] = from[i + 1] + shift;
    b->len += n * sizeof *out;
    return 0;
}

int
builder_end_rows(struct builder *b, const uint32_t *list, size_t rows,
                 struct error *e)
{
    return append_offsets(&b->list, list, rows, b->count - list[rows], e);
}

/* Values FROM to FROM + N - 1 of A. */
static int
append_values(struct builder *b, const struct array *a, size_t from, size_t n,
              struct error *e)
{
    const size_t size = type_size(b->type);
    const size_t base = b->values.len;

    if (b->type != TYPE_STR)
        return builder_add(b, (const char *)a->values + from * size, n, e);
    if (buffer_append(&b->values, (const char *)a->values + a->str[from],
                      a->str[from + n] - a->str[from], e) != 0)
        return -1;
    b->count += n;
    return append_offsets(&b->str, a->str + from, n, base, e);
}

/* Strings, vectors and lists: as many rows at once as follow each other. */
static int
gather_runs(struct builder *b, const struct column *c, const struct array *a,
            const uint32_t *row, size_t n, struct error *e)
{
    for (size_t i = 0; i < n;) {
        const size_t first = row[i];
        size_t run = 1, from, to;

        while (i + run < n && row[i + run] == first + run)
            run++;
        if (c->shape == SHAPE_LIST) {
            from = a->list[first];
            to = a->list[first + run];
            if (append_offsets(&b->list, a->list + first, run, b->count, e) !=
                0)
                return -1;
        } else {
            from = first * c->width;
            to = (first + run) * c->width;
        }
        if (append_values(b, a, from, to - from, e) != 0)
            return -1;
        i += run;
    }
    return 0;
}

/* Numbers, one a row: a load and a store each, which no run makes cheaper. */
static int
gather_numbers(struct builder *b, const struct array *a, const uint32_t *row,
               size_t n, struct error *e)
{
    const size_t size = type_size(b->type);
    unsigned char *out = builder_extend(b, n, e);

    if (out == NULL)
        return -1;
    switch (size) {
    case 1:
        for (size_t i = 0; i < n; i++)
            out[i] = ((const uint8_t *)a->values)[row[i]];
        break;
    case 4:
        for (size_t i = 0; i < n; i++)
            memcpy(out + i * 4, (const char *)a->values + row[i] * (size_t)4,
                   4);
        break;
    default:
        assert(size == 8);
        for (size_t i = 0; i < n; i++)
            memcpy(out + i * 8, (const char *)a->values + row[i] * (size_t)8,
                   8);
        break;
    }
    return 0;
}

int
builder_gather(struct builder *b, const struct column *c, const struct array *a,
               const uint32_t *row, size_t n, struct error *e)
{
    if (c->shape == SHAPE_SCALAR && c->type != TYPE_STR)
        return gather_numbers(b, a, row, n, e);
    return gather_runs(b, c, a, row, n, e);
}

struct array
builder_array(const struct builder *b)
{
    return (struct array){
        .list = b->shape == SHAPE_LIST ? (const void *)b->list.data : NULL,
        .str = b->type == TYPE_STR ? (const void *)b->str.data : NULL,
        .values = b->values.data,
        .count = b->count,
    };
}

int
table_init(struct table *t, const struct schema *s, struct error *e)
{
    *t = (struct table){ .columns = s->columns };
    t->column = mem_new(s->columns, sizeof *t->column, e);
    t->array = mem_new(s->columns, sizeof *t->array, e);
    if (t->column == NULL || t->array == NULL)
        goto fail;
    for (size_t i = 0; i < s->columns; i++)
        if (builder_init(&t->column[i], &s->column[i], e) != 0)
            goto fail;
    return 0;
fail:
    table_free(t);
    return -1;
}

void
table_free(struct table *t)
{
    if (t->column != NULL)
        for (size_t i = 0; i < t->columns; i++)
            builder_free(&t->column[i]);
    free(t->column);
    free(t->array);
    *t = (struct table){ 0 };
}

void
table_clear(struct table *t)
{
    for (size_t i = 0; i < t->columns; i++)
        builder_clear(&t->column[i]);
    t->rows = 0;
}

int
table_gather(struct table *t, const struct schema *s, const struct block *b,
             const uint32_t *row, size_t n, struct error *e)
{
    for (size_t i = 0; i < t->columns; i++)
        if (builder_gather(&t->column[i], &s->column[i], &b->column[i], row, n,
                           e) != 0)
            return error_prefix(e, "column '%s'", s->column[i].name);
    t->rows += n;
    return 0;
}

struct block
table_block(struct table *t)
{
    for (size_t i = 0; i < t->columns; i++)
        t->array[i] = builder_array(&t->column[i]);
    return (struct block){ (uint32_t)t->rows, t->columns, t->array };
}

size_t
table_bytes(const struct table *t)
{
    size_t n = 0;

    for (size_t i = 0; i < t->columns; i++)
        n += t->column[i].list.len + t->column[i].str.len +
             t->column[i].values.len;
    return n;
}

bool
table_is_full(const struct table *t)
{
    return t->rows >= BLOCK_ROWS || table_bytes(t) >= BLOCK_BYTES;
}
