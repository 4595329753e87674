#include "stream/text.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "base/utf8.h"
#include "stream/short_number.h"

int
text_refuse(const char *s, size_t len, const char *is, enum type t,
            struct error *e)
{
    const size_t shown = len < 40 ? len : 40;

    if (len == 0)
        return error_set(e, "empty, where %s is wanted", type_name(t));
    if (!utf8_is_ascii(s, shown))
        return error_set(e, "the text %s %s", is, type_name(t));
    return error_set(e, "'%.*s%s' %s %s", (int)shown, s,
                     shown < len ? "..." : "", is, type_name(t));
}

static bool
looks_whole(const char *s, size_t len)
{
    size_t i = len > 0 && s[0] == '-';

    if (i == len)
        return false;
    while (i < len && s[i] >= '0' && s[i] <= '9')
        i++;
    return i == len;
}

/* S as a whole number from LEAST to MOST. */
static int
whole(const char *s, size_t len, enum type t, int64_t least, int64_t most,
      int64_t *v, struct error *e)
{
    if ((short_whole(s, len, v) || number_i64(s, len, v)) && *v >= least &&
        *v <= most)
        return 0;
    return text_refuse(
        s, len, looks_whole(s, len) ? "is out of range for" : "is no", t, e);
}

static int
decimal(const char *s, size_t len, enum type t, double *v, struct error *e)
{
    if (!short_decimal(s, len, v) && !number_f64(s, len, v))
        return text_refuse(s, len, "is no", t, e);
    if (t == TYPE_F32 && isfinite(*v) && isinf((float)*v))
        return text_refuse(s, len, "is out of range for", t, e);
    return 0;
}

/* One number, appended in the form of its type. */
static int
add_number(struct builder *b, const char *s, size_t len, struct error *e)
{
    union {
        uint8_t u8;
        int32_t i32;
        uint32_t u32;
        int64_t i64;
        uint64_t u64;
        float f32;
        double f64;
    } v;
    int64_t i = 0;
    double d = 0;
    int status = 0;

    switch (b->type) {
    case TYPE_U8:
        status = whole(s, len, b->type, 0, UINT8_MAX, &i, e);
        v.u8 = (uint8_t)i;
        break;
    case TYPE_I32:
        status = whole(s, len, b->type, INT32_MIN, INT32_MAX, &i, e);
        v.i32 = (int32_t)i;
        break;
    case TYPE_U32:
        status = whole(s, len, b->type, 0, UINT32_MAX, &i, e);
        v.u32 = (uint32_t)i;
        break;
    case TYPE_I64:
        status = whole(s, len, b->type, INT64_MIN, INT64_MAX, &i, e);
        v.i64 = i;
        break;
    case TYPE_U64:
        if (!number_u64(s, len, &v.u64))
            status = whole(s, len, b->type, 0, -1, &i, e);
        break;
    case TYPE_F32:
        status = decimal(s, len, b->type, &d, e);
        v.f32 = (float)d;
        break;
    case TYPE_F64: status = decimal(s, len, b->type, &v.f64, e); break;
    case TYPE_STR: return error_set(e, "a string is no number");
    }
    return status == 0 ? builder_add(b, &v, 1, e) : -1;
}

/* One string element, its escapes undone in place: the builder is the only
 * memory that is needed. */
static int
add_element(struct builder *b, char separator, const char *s, size_t len,
            struct error *e)
{
    const size_t from = b->values.len;
    unsigned char *out;

    if (builder_add_str(b, s, len, e) != 0)
        return -1;
    if (memchr(s, '\\', len) == NULL)
        return 0;
    out = b->values.data + from;
    if (len == 2 && s[1] == 'e')
        len = 0;
    for (size_t i = 0; i < len; i++) {
        if (s[i] == '\\' && i + 1 < len &&
            (s[i + 1] == '\\' || s[i + 1] == separator))
            i++;
        *out++ = (unsigned char)s[i];
    }
    b->values.len = (size_t)(out - b->values.data);
    ((uint32_t *)(void *)b->str.data)[b->count] = (uint32_t)b->values.len;
    return 0;
}

/* Bytes before the next separator, in strings one without a backslash. */
static size_t
element_length(const struct builder *b, char separator, const char *s,
               size_t len)
{
    const char *end;

    if (b->type != TYPE_STR) {
        end = memchr(s, separator, len);
        return end != NULL ? (size_t)(end - s) : len;
    }
    for (size_t i = 0; i < len; i++) {
        if (s[i] == '\\')
            i++;
        else if (s[i] == separator)
            return i;
    }
    return len;
}

static int
add_elements(struct builder *b, const struct column *c, char separator,
             const char *s, size_t len, struct error *e)
{
    const size_t before = b->count;
    const char *end = s + len;

    while (len > 0) {
        const size_t n = element_length(b, separator, s, (size_t)(end - s));
        const int status = b->type == TYPE_STR
                               ? add_element(b, separator, s, n, e)
                               : add_number(b, s, n, e);

        if (status != 0)
            return -1;
        s += n;
        if (s == end)
            break;
        s++;
    }
    if (c->shape == SHAPE_LIST)
        return builder_end_row(b, e);
    if (b->count - before != c->width)
        return error_set(e, "%zu elements, not %u", b->count - before,
                         (unsigned)c->width);
    return 0;
}

int
text_add(struct builder *b, const struct column *c, char separator,
         const char *s, size_t len, struct error *e)
{
    if (c->type == TYPE_STR && !utf8_valid(s, len))
        return error_set(e, "not UTF-8; if it is Latin-1, say "
                            "--encoding latin1");
    if (c->shape != SHAPE_SCALAR)
        return add_elements(b, c, separator, s, len, e);
    if (c->type == TYPE_STR)
        return builder_add_str(b, s, len, e);
    return add_number(b, s, len, e);
}

enum type
text_type(const char *s, size_t len)
{
    const size_t sign = len > 0 && s[0] == '-';
    int64_t whole_number;
    double number;

    if (sign == len || s[sign] < '0' || s[sign] > '9')
        return TYPE_STR;
    if (s[sign] == '0' && sign + 1 < len && s[sign + 1] >= '0' &&
        s[sign + 1] <= '9')
        return TYPE_STR;
    if (sign && s[sign] == '0' && looks_whole(s, len))
        return TYPE_F64; /* an i64 would lose the sign */
    if (short_whole(s, len, &whole_number) || number_i64(s, len, &whole_number))
        return TYPE_I64;
    if (looks_whole(s, len))
        return TYPE_STR;
    return short_decimal(s, len, &number) || number_finite(s, len, &number)
               ? TYPE_F64
               : TYPE_STR;
}

enum type
text_wider(enum type a, enum type b)
{
    return a > b ? a : b; /* i64 < f64 < str, as the types are listed */
}

size_t
text_unescape(char *s, size_t len)
{
    size_t out = 0;

    for (size_t i = 0; i < len; i++) {
        char c = s[i];

        if (c == '\\' && i + 1 < len) {
            switch (s[i + 1]) {
            case 't': c = '\t'; break;
            case 'n': c = '\n'; break;
            case 'r': c = '\r'; break;
            case '\\': break;
            default: s[out++] = c; continue;
            }
            i++;
        }
        s[out++] = c;
    }
    return out;
}
