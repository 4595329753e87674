#include "stream/block.h"

#include <string.h>

static size_t
padded(size_t n)
{
    return (n + 7) & ~(size_t)7;
}

static size_t
value_bytes(const struct column *c, const struct array *a)
{
    return c->type == TYPE_STR ? a->str[a->count]
                               : a->count * type_size(c->type);
}

size_t
array_bytes(const struct column *c, const struct array *a, uint32_t rows)
{
    size_t n = padded(value_bytes(c, a));

    if (c->shape == SHAPE_LIST)
        n += padded(((size_t)rows + 1) * 4);
    if (c->type == TYPE_STR)
        n += padded((a->count + 1) * 4);
    return n;
}

/* The caller has reserved the room. */
static void
append_padded(struct buffer *out, const void *p, size_t len)
{
    if (len > 0)
        memcpy(out->data + out->len, p, len);
    memset(out->data + out->len + len, 0, padded(len) - len);
    out->len += padded(len);
}

int
block_encode(const struct schema *s, const struct block *b, struct buffer *out,
             struct error *e)
{
    size_t need = 0;

    for (size_t i = 0; i < s->columns; i++)
        need += array_bytes(&s->column[i], &b->column[i], b->rows);
    if (need > BLOCK_BYTES_MAX || b->rows > BLOCK_ROWS_MAX)
        return error_set(e, "a block of %u rows and %zu bytes is too large",
                         (unsigned)b->rows, need);
    if (buffer_reserve(out, need, e) != 0)
        return -1;
    for (size_t i = 0; i < s->columns; i++) {
        const struct column *c = &s->column[i];
        const struct array *a = &b->column[i];

        if (c->shape == SHAPE_LIST)
            append_padded(out, a->list, ((size_t)b->rows + 1) * 4);
        if (c->type == TYPE_STR)
            append_padded(out, a->str, (a->count + 1) * 4);
        append_padded(out, a->values, value_bytes(c, a));
    }
    return 0;
}

struct cursor {
    const unsigned char *p;
    size_t len;
};

/* The next LEN bytes and their padding; NULL when they are not there. */
static const void *
take(struct cursor *at, size_t len)
{
    const unsigned char *p = at->p;

    if (padded(len) > at->len)
        return NULL;
    for (size_t i = len; i < padded(len); i++)
        if (p[i] != 0)
            return NULL;
    at->p += padded(len);
    at->len -= padded(len);
    return p;
}

/* N + 1 offsets that start at 0 and never fall. */
static const uint32_t *
take_offsets(struct cursor *at, size_t n)
{
    const uint32_t *offset;
    uint32_t falls = 0;

    offset = take(at, (n + 1) * 4);
    if (offset == NULL || offset[0] != 0)
        return NULL;
    for (size_t i = 0; i < n; i++)
        falls |= offset[i] > offset[i + 1];
    return falls ? NULL : offset;
}

static bool
take_array(struct cursor *at, const struct column *c, uint32_t rows,
           struct array *a)
{
    size_t bytes;

    *a = (struct array){ .count = (size_t)rows * c->width };
    if (c->shape == SHAPE_LIST) {
        a->list = take_offsets(at, rows);
        if (a->list == NULL)
            return false;
        a->count = a->list[rows];
    }
    /* Each value takes part of the payload, or its offset does. */
    if (a->count > at->len)
        return false;
    bytes = a->count * type_size(c->type);
    if (c->type == TYPE_STR) {
        a->str = take_offsets(at, a->count);
        if (a->str == NULL)
            return false;
        bytes = a->str[a->count];
    }
    a->values = take(at, bytes);
    return a->values != NULL;
}

int
block_decode(const struct schema *s, uint32_t rows, const unsigned char *p,
             size_t len, struct block *b, struct error *e)
{
    struct cursor at = { p, len };

    b->rows = rows;
    b->columns = s->columns;
    for (size_t i = 0; i < s->columns; i++)
        if (!take_array(&at, &s->column[i], rows, &b->column[i]))
            return error_set(e, "column '%s' does not fit the block",
                             s->column[i].name);
    if (at.len != 0)
        return error_set(e, "%zu bytes too many in the block", at.len);
    return 0;
}
