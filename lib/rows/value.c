#include "rows/value.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/number.h"

#define SIGN_BIT (UINT64_C(1) << 63)

bool
type_is_integer(enum type t)
{
    return t != TYPE_F32 && t != TYPE_F64 && t != TYPE_STR;
}

static struct integer
from_signed(int64_t v)
{
    return (struct integer){ v < 0, (uint64_t)v };
}

struct integer
value_integer(const struct array *a, enum type t, size_t v)
{
    switch (t) {
    case TYPE_I32: return from_signed(((const int32_t *)a->values)[v]);
    case TYPE_I64: return from_signed(((const int64_t *)a->values)[v]);
    case TYPE_U8: return (struct integer){ false, array_u8(a)[v] };
    case TYPE_U32: return (struct integer){ false, array_u32(a)[v] };
    default: return (struct integer){ false, ((const uint64_t *)a->values)[v] };
    }
}

int
integer_compare(struct integer x, struct integer y)
{
    if (x.negative != y.negative)
        return x.negative ? -1 : 1;
    return (x.bits > y.bits) - (x.bits < y.bits);
}

/* The bits of a double rise with it when it is positive, and fall when it is
 * negative. */
static uint64_t
order_of_double(double d)
{
    uint64_t bits;

    d += 0.0; /* -0 becomes 0 */
    memcpy(&bits, &d, sizeof bits);
    return bits & SIGN_BIT ? ~bits : bits | SIGN_BIT;
}

int
value_order(const struct array *a, enum type t, size_t v, uint64_t *order,
            struct error *e)
{
    double d;

    if (t == TYPE_U64) {
        *order = value_integer(a, t, v).bits;
    } else if (type_is_integer(t)) {
        *order = value_integer(a, t, v).bits ^ SIGN_BIT;
    } else {
        d = array_number(a, t, v);
        if (isnan(d))
            return error_set(e, "NaN has no place in an order");
        *order = order_of_double(d);
    }
    return 0;
}

int
key_check(const struct column *c, struct error *e)
{
    char type[TYPE_TEXT_MAX];

    if (c->shape == SHAPE_SCALAR &&
        (c->type == TYPE_STR || type_is_integer(c->type)))
        return 0;
    column_type_text(c, type);
    return error_set(e, "column '%s' is %s; a key is a str or an integer",
                     c->name, type);
}

void
key_at(struct key *k, const struct array *a, enum type t, size_t row)
{
    struct integer n;

    if (t == TYPE_STR) {
        k->data = array_str(a, row, &k->len);
        return;
    }
    n = value_integer(a, t, row);
    put_u64(k->integer, n.bits);
    k->integer[8] = n.negative;
    k->data = k->integer;
    k->len = KEY_INTEGER_SIZE;
}

void
key_text(char out[KEY_TEXT_MAX], const struct array *a, enum type t, size_t row)
{
    struct integer n;
    size_t len;

    if (t == TYPE_STR) {
        const char *s = array_str(a, row, &len);

        snprintf(out, KEY_TEXT_MAX, "'%.*s'",
                 (int)(len < KEY_TEXT_MAX ? len : KEY_TEXT_MAX), s);
        return;
    }
    n = value_integer(a, t, row);
    len = n.negative ? number_from_i64(out, (int64_t)n.bits)
                     : number_from_u64(out, n.bits);
    out[len] = '\0';
}
