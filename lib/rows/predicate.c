#include "rows/predicate.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "rows/value.h"

/*
 * A VALUE for a column of integers: FLOOR when FRACTION is 0, else something
 * between FLOOR and FLOOR + 1.  What is below or above all integers of 64 bits
 * is written in these terms as well.
 */
struct bound {
    struct integer floor;
    bool fraction;
};

struct condition {
    size_t column;
    enum type type;
    unsigned accepted;
    struct bound bound; /* for integers */
    double number;      /* for floating point */
    const char *text;   /* for strings */
    size_t len;
};

struct predicate {
    bool any;
    struct condition *condition;
    size_t count, cap;
};

static const struct {
    const char *text;
    unsigned accepted;
} operators[] = {
    { "=", IS_EQUAL },
    { "==", IS_EQUAL },
    { "!=", IS_BELOW | IS_ABOVE | IS_UNORDERED },
    { "<", IS_BELOW },
    { "<=", IS_BELOW | IS_EQUAL },
    { ">", IS_ABOVE },
    { ">=", IS_ABOVE | IS_EQUAL },
};

unsigned
predicate_operator(const char *text)
{
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (strcmp(operators[i].text, text) == 0)
            return operators[i].accepted;
    return 0;
}

struct predicate *
predicate_new(bool any, size_t most, struct error *e)
{
    struct predicate *p = mem_new(1, sizeof *p, e);

    if (p == NULL)
        return NULL;
    p->any = any;
    p->condition = mem_grow(NULL, &p->cap, most, sizeof *p->condition, e);
    if (p->condition == NULL) {
        free(p);
        return NULL;
    }
    return p;
}

void
predicate_free(struct predicate *p)
{
    if (p == NULL)
        return;
    free(p->condition);
    free(p);
}

static bool
parse_bound(const char *text, struct bound *b)
{
    const size_t len = strlen(text);
    double d, down;
    uint64_t u;
    int64_t i;

    *b = (struct bound){ 0 };
    if (number_u64(text, len, &u)) {
        b->floor.bits = u;
        return true;
    }
    if (number_i64(text, len, &i)) {
        b->floor = (struct integer){ i < 0, (uint64_t)i };
        return true;
    }
    if (!number_finite(text, len, &d))
        return false;
    down = floor(d);
    b->fraction = down < d;
    if (down >= 0x1p64)
        *b = (struct bound){ { false, UINT64_MAX }, true };
    else if (down >= 0)
        b->floor.bits = (uint64_t)down;
    else if (down >= -0x1p63)
        b->floor = (struct integer){ true, (uint64_t)(int64_t)down };
    else /* as a negative number 0 is below all of them: they have a high bit */
        *b = (struct bound){ { true, 0 }, true };
    return true;
}

int
predicate_add(struct predicate *p, size_t index, const struct column *c,
              unsigned accepted, const char *value, struct error *e)
{
    struct condition n = { .column = index, .type = c->type };
    struct condition *grown;
    bool sound = true;

    n.accepted = accepted;
    if (c->shape != SHAPE_SCALAR)
        return error_set(e,
                         "column '%s' has several values a row and cannot be "
                         "compared",
                         c->name);
    if (c->type == TYPE_STR) {
        n.text = value;
        n.len = strlen(value);
    } else if (type_is_integer(c->type)) {
        sound = parse_bound(value, &n.bound);
    } else {
        sound = number_finite(value, strlen(value), &n.number);
        if (c->type == TYPE_F32 && fabs(n.number) <= (double)FLT_MAX)
            n.number = (double)(float)n.number;
    }
    if (!sound)
        return error_set(e, "'%.80s' is no number, but column '%s' is %s",
                         value, c->name, type_name(c->type));
    grown =
        mem_grow(p->condition, &p->cap, p->count + 1, sizeof *p->condition, e);
    if (grown == NULL)
        return -1;
    p->condition = grown;
    p->condition[p->count++] = n;
    return 0;
}

static unsigned
from_sign(int sign)
{
    return sign < 0 ? IS_BELOW : sign > 0 ? IS_ABOVE : IS_EQUAL;
}

static unsigned
compare_integer(const struct condition *c, const struct array *a, size_t row)
{
    const struct integer x = value_integer(a, c->type, row);
    const unsigned to_floor = from_sign(integer_compare(x, c->bound.floor));

    return to_floor == IS_EQUAL && c->bound.fraction ? IS_BELOW : to_floor;
}

static unsigned
compare_number(const struct condition *c, const struct array *a, size_t row)
{
    const double x = array_number(a, c->type, row);

    if (isnan(x))
        return IS_UNORDERED;
    return from_sign((x > c->number) - (x < c->number));
}

static unsigned
compare_string(const struct condition *c, const struct array *a, size_t row)
{
    size_t len;
    const char *s = array_str(a, row, &len);
    const size_t common = len < c->len ? len : c->len;
    const int sign = common > 0 ? memcmp(s, c->text, common) : 0;

    return from_sign(sign != 0 ? sign : (len > c->len) - (len < c->len));
}

static bool
holds(const struct condition *c, const struct block *b, uint32_t row)
{
    const struct array *a = &b->column[c->column];
    unsigned is;

    if (c->type == TYPE_STR)
        is = compare_string(c, a, row);
    else if (type_is_integer(c->type))
        is = compare_integer(c, a, row);
    else
        is = compare_number(c, a, row);
    return (is & c->accepted) != 0;
}

uint32_t
predicate_rows(const struct predicate *p, const struct block *b, uint32_t *row)
{
    uint32_t n = 0;

    for (uint32_t r = 0; r < b->rows; r++) {
        size_t i = 0;

        /* Stop at the first condition that decides. */
        while (i < p->count && holds(&p->condition[i], b, r) != p->any)
            i++;
        if ((i < p->count) == p->any)
            row[n++] = r;
    }
    return n;
}
