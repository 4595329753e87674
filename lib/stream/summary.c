#include "stream/summary.h"

#include <inttypes.h>
#include <math.h>

#include "base/number.h"

static void
add_number(struct summary *s, double v)
{
    if (isnan(v)) {
        s->nan++;
        return;
    }
    if (s->count == s->nan || v < s->min)
        s->min = v;
    if (s->count == s->nan || v > s->max)
        s->max = v;
    s->sum += v;
}

static void
add_i64(struct summary *s, int64_t v)
{
    if (s->count == 0 || v < s->i64_min)
        s->i64_min = v;
    if (s->count == 0 || v > s->i64_max)
        s->i64_max = v;
}

static void
add_u64(struct summary *s, uint64_t v)
{
    if (s->count == 0 || v < s->u64_min)
        s->u64_min = v;
    if (s->count == 0 || v > s->u64_max)
        s->u64_max = v;
}

static void
add_list(struct summary *s, uint64_t n)
{
    if (s->rows == 0 || n < s->fewest)
        s->fewest = n;
    if (s->rows == 0 || n > s->most)
        s->most = n;
}

void
summary_add(struct summary *s, const struct column *c, const struct array *a,
            uint32_t rows)
{
    for (uint32_t r = 0; r < rows; r++, s->rows++)
        if (c->shape == SHAPE_LIST)
            add_list(s, a->list[r + 1] - a->list[r]);
    for (size_t v = 0; v < a->count; v++, s->count++) {
        if (c->type == TYPE_STR)
            add_number(s, (double)(a->str[v + 1] - a->str[v]));
        else
            add_number(s, array_number(a, c->type, v));
        if (c->type == TYPE_I64)
            add_i64(s, array_i64(a)[v]);
        else if (c->type == TYPE_U64)
            add_u64(s, ((const uint64_t *)a->values)[v]);
    }
}

/* " NAME VALUE" with VALUE as its type writes it. */
static int
put_extreme(const struct column *c, struct buffer *out, const char *name,
            double v, int64_t i, uint64_t u, struct error *e)
{
    char text[NUMBER_TEXT_MAX];

    switch (c->type) {
    case TYPE_I64: number_from_i64(text, i); break;
    case TYPE_U64: number_from_u64(text, u); break;
    case TYPE_F32: number_from_f32(text, (float)v); break;
    default: number_from_f64(text, v); break;
    }
    return buffer_printf(out, e, " %s %s", name, text);
}

static int
put_numbers(const struct summary *s, const struct column *c, struct buffer *out,
            struct error *e)
{
    char mean[NUMBER_TEXT_MAX];

    if (buffer_printf(out, e, " nan %" PRIu64, s->nan) != 0)
        return -1;
    if (s->count == s->nan)
        return buffer_printf(out, e, " min - max - mean -");
    number_from_f64(mean, s->sum / (double)(s->count - s->nan));
    if (put_extreme(c, out, "min", s->min, s->i64_min, s->u64_min, e) != 0 ||
        put_extreme(c, out, "max", s->max, s->i64_max, s->u64_max, e) != 0)
        return -1;
    return buffer_printf(out, e, " mean %s", mean);
}

int
summary_format(const struct summary *s, const struct column *c,
               struct buffer *out, struct error *e)
{
    int status = buffer_printf(out, e, "count %" PRIu64, s->count);

    if (c->type != TYPE_STR)
        status |= put_numbers(s, c, out, e);
    else if (s->count == 0)
        status |= buffer_printf(out, e, " shortest - longest -");
    else
        status |= buffer_printf(out, e, " shortest %.0f longest %.0f", s->min,
                                s->max);
    if (c->shape == SHAPE_LIST && s->rows == 0)
        status |= buffer_printf(out, e, " fewest - most -");
    else if (c->shape == SHAPE_LIST)
        status |= buffer_printf(out, e, " fewest %" PRIu64 " most %" PRIu64,
                                s->fewest, s->most);
    return status;
}
