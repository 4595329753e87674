#include "stream/text_fields.h"

#include <string.h>

#include "base/utf8.h"
#include "stream/short_number.h"
#include "stream/text.h"

static int
add_one(struct builder *b, const struct column *c, const struct text_fields *f,
        size_t i, struct error *e)
{
    size_t len;
    const char *s = text_field(f, i, &len);

    return text_add(b, c, '\0', s, len, e); /* scalars have no separator */
}

/* Fields FROM to N - 1, as far as they are short whole numbers. */
static size_t
short_wholes(struct builder *b, const struct text_fields *f, size_t from,
             size_t n)
{
    int64_t *out = (int64_t *)(void *)b->values.data;
    size_t i = from;

    for (; i < n; i++) {
        size_t len;
        const char *s = text_field(f, i, &len);

        if (!short_whole(s, len, &out[b->count]))
            break;
        b->count++;
    }
    b->values.len = b->count * sizeof *out;
    return i;
}

/* The same for decimals that become float. */
static size_t
short_decimals(struct builder *b, const struct text_fields *f, size_t from,
               size_t n)
{
    float *out = (float *)(void *)b->values.data;
    size_t i = from;

    for (; i < n; i++) {
        size_t len;
        const char *s = text_field(f, i, &len);
        double v;

        if (!short_decimal(s, len, &v))
            break;
        out[b->count++] = (float)v;
    }
    b->values.len = b->count * sizeof *out;
    return i;
}

/* How many of the N strings behind those of B are UTF-8, with their ends in
 * END.  Each must be so by itself, but of ASCII that needs no saying. */
static size_t
count_valid(const struct builder *b, const uint32_t *end, size_t n)
{
    const char *s = (const char *)b->values.data;
    size_t at = b->values.len, i = 0;

    if (n == 0 || utf8_is_ascii(s + at, end[n - 1] - at))
        return n;
    while (i < n && utf8_valid(s + at, end[i] - at))
        at = end[i++];
    return i;
}

/* Strings.  Most are short: a copy of TEXT_FIELDS_SLACK bytes, of which the
 * next string overwrites what is too much, costs less than to ask how many. */
static size_t
add_strings(struct builder *b, const struct text_fields *f, size_t n,
            struct error *e)
{
    size_t at = b->values.len, bytes = 0;
    uint32_t *end;

    for (size_t i = 0; i < n; i++)
        bytes += f->begin[i * f->step + 1] - f->begin[i * f->step];
    if (at + bytes > UINT32_MAX ||
        buffer_reserve(&b->values, bytes + TEXT_FIELDS_SLACK, e) != 0 ||
        buffer_reserve(&b->str, n * sizeof *end, e) != 0)
        return 0;
    end = (uint32_t *)(void *)(b->str.data + b->str.len);
    for (size_t i = 0; i < n; i++) {
        size_t len;
        const char *s = text_field(f, i, &len);

        if (len <= TEXT_FIELDS_SLACK)
            memcpy(b->values.data + at, s, TEXT_FIELDS_SLACK);
        else
            memcpy(b->values.data + at, s, len);
        at += len;
        end[i] = (uint32_t)at;
    }
    n = count_valid(b, end, n);
    if (n > 0)
        b->values.len = end[n - 1];
    b->str.len += n * sizeof *end;
    b->count += n;
    return n;
}

size_t
text_add_fields(struct builder *b, const struct column *c,
                const struct text_fields *f, size_t n, struct error *e)
{
    size_t done = 0;

    if (c->type == TYPE_STR)
        done = add_strings(b, f, n, e);
    else if (buffer_reserve(&b->values, n * type_size(c->type), e) != 0)
        return 0;
    while (done < n) {
        if (add_one(b, c, f, done, e) != 0)
            break;
        done++;
        if (c->type == TYPE_I64)
            done = short_wholes(b, f, done, n);
        else if (c->type == TYPE_F32)
            done = short_decimals(b, f, done, n);
    }
    return done;
}
