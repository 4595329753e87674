/*
 * A summary as lines and as JSON.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/number.h"
#include "stream/summary.h"

/* " NAME VALUE" with VALUE as its type writes it. */
static int
put_extreme(const struct column *c, struct buffer *out, const char *name,
            double v, int64_t i, uint64_t u, struct error *e)
{
    if (buffer_printf(out, e, " %s ", name) != 0)
        return -1;
    return summary_number(c, v, i, u, out, e);
}

static int
put_f64(struct buffer *out, const char *before, double v, struct error *e)
{
    char text[NUMBER_TEXT_MAX];

    number_from_f64(text, v);
    return buffer_printf(out, e, "%s%s", before, text);
}

/* The same for a value of column C, or for a length. */
static int
put_like(const struct column *c, struct buffer *out, const char *before,
         double v, struct error *e)
{
    char text[NUMBER_TEXT_MAX];

    if (c->type != TYPE_F32)
        return put_f64(out, before, v, e);
    number_from_f32(text, (float)v);
    return buffer_printf(out, e, "%s%s", before, text);
}

static bool
has_numbers(const struct summary *s)
{
    return s->count > s->nan;
}

static double
mean(const struct summary *s)
{
    return s->sum / (double)(s->count - s->nan);
}

static int
put_numbers(const struct summary *s, const struct column *c, struct buffer *out,
            struct error *e)
{
    if (buffer_printf(out, e, " nan %" PRIu64, s->nan) != 0)
        return -1;
    if (!has_numbers(s))
        return buffer_printf(out, e, " min - max - mean -");
    if (put_extreme(c, out, "min", s->min, s->i64_min, s->u64_min, e) != 0 ||
        put_extreme(c, out, "max", s->max, s->i64_max, s->u64_max, e) != 0)
        return -1;
    return put_f64(out, " mean ", mean(s), e);
}

static int
put_summary(const struct summary *s, const struct column *c, struct buffer *out,
            struct error *e)
{
    int status =
        buffer_printf(out, e, "summary %s count %" PRIu64, c->name, s->count);

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
    return status | buffer_append(out, "\n", 1, e);
}

static int
put_quartiles(const struct summary *s, const struct column *c,
              struct buffer *out, struct error *e)
{
    static const char *const name[] = { " q1 ", " median ", " q3 " };
    int status = buffer_printf(out, e, "quartiles %s", c->name);

    for (int i = 0; i < 3 && status == 0; i++)
        status = put_like(c, out, name[i],
                          sketch_quantile(&s->sketch, (i + 1) / 4.0), e);
    if (status != 0)
        return -1;
    return buffer_printf(out, e, " off %" PRIu64 "\n", s->sketch.rank_error);
}

static int
put_histogram(const struct histogram *h, const struct column *c,
              struct buffer *out, struct error *e)
{
    static const char *const bar[] = { "_", "▁", "▂", "▃", "▄",
                                       "▅", "▆", "▇", "█" };
    uint64_t highest = 1;
    int status = buffer_printf(out, e, "histogram %s", c->name);

    status |= put_like(c, out, " from ", h->least, e);
    status |= put_like(c, out, " to ", h->most, e);
    status |= buffer_append(out, " ", 1, e);
    for (size_t i = 0; i < h->bins; i++)
        if (h->count[i] > highest)
            highest = h->count[i];
    for (size_t i = 0; i < h->bins; i++) {
        const size_t high =
            (size_t)ceil((double)h->count[i] * 8 / (double)highest);

        status |= buffer_append(out, bar[high], strlen(bar[high]), e);
    }
    for (size_t i = 0; i < h->bins; i++)
        status |= buffer_printf(out, e, " %" PRIu64, h->count[i]);
    return status | buffer_append(out, "\n", 1, e);
}

static int
put_frequent(const struct summary *s, const struct column *c,
             struct buffer *out, struct error *e)
{
    const struct frequent *f = &s->frequent;
    const size_t n = summary_frequent(s);
    int status = buffer_printf(out, e, "distinct %s %s%zu\n", c->name,
                               f->lost > 0 ? ">" : "",
                               f->lost > 0 ? (size_t)FREQUENT_SIZE : f->values);

    for (size_t i = 0; i < n && status == 0; i++) {
        const struct frequent_value *v = &f->value[i];

        status =
            buffer_printf(out, e, "frequent %s %" PRIu64, c->name, v->count);
        if (status == 0 && f->lost > 0)
            status = buffer_printf(out, e, "..%" PRIu64, v->count + f->lost);
        status |= buffer_append(out, " ", 1, e);
        status |= summary_value(c, v, out, e);
        status |= buffer_append(out, "\n", 1, e);
    }
    return status;
}

int
summary_format(const struct summary *s, const struct column *c,
               struct buffer *out, struct error *e)
{
    const struct histogram h = summary_histogram(s);
    int status = put_summary(s, c, out, e);

    if (status == 0 && has_numbers(s))
        status = put_quartiles(s, c, out, e);
    if (status == 0 && h.bins > 0)
        status = put_histogram(&h, c, out, e);
    return status == 0 && has_numbers(s) ? put_frequent(s, c, out, e) : status;
}

/* ,"NAME":VALUE, null for what is not finite. */
static int
json_like(const struct column *c, struct buffer *out, const char *name,
          double v, struct error *e)
{
    if (buffer_printf(out, e, ",\"%s\":", name) != 0)
        return -1;
    return isfinite(v) ? put_like(c, out, "", v, e)
                       : buffer_append(out, "null", 4, e);
}

static int
json_mean(const struct summary *s, struct buffer *out, struct error *e)
{
    const struct column f64 = { .type = TYPE_F64 };

    return json_like(&f64, out, "mean", mean(s), e);
}

static int
json_extreme(const struct column *c, struct buffer *out, const char *name,
             double v, int64_t i, uint64_t u, struct error *e)
{
    if (c->type != TYPE_I64 && c->type != TYPE_U64 && !isfinite(v))
        return json_like(c, out, name, v, e);
    if (buffer_printf(out, e, ",\"%s\":", name) != 0)
        return -1;
    return summary_number(c, v, i, u, out, e);
}

static int
json_numbers(const struct summary *s, const struct column *c,
             struct buffer *out, struct error *e)
{
    static const char *const quartile[] = { "q1", "median", "q3" };
    const bool text = c->type == TYPE_STR;
    int status;

    status = json_extreme(c, out, text ? "shortest" : "min", s->min, s->i64_min,
                          s->u64_min, e);
    status |= json_extreme(c, out, text ? "longest" : "max", s->max, s->i64_max,
                           s->u64_max, e);
    status |= json_mean(s, out, e);
    for (int i = 0; i < 3; i++)
        status |= json_like(c, out, quartile[i],
                            sketch_quantile(&s->sketch, (i + 1) / 4.0), e);
    return status | buffer_printf(out, e, ",\"rank_error\":%" PRIu64,
                                  s->sketch.rank_error);
}

static int
json_histogram(const struct histogram *h, const struct column *c,
               struct buffer *out, struct error *e)
{
    int status = buffer_printf(out, e, ",\"histogram\":{\"bins\":%zu", h->bins);

    status |= json_like(c, out, "from", h->least, e);
    status |= json_like(c, out, "to", h->most, e);
    status |= buffer_printf(out, e, ",\"counts\":[");
    for (size_t i = 0; i < h->bins; i++)
        status |=
            buffer_printf(out, e, "%s%" PRIu64, i > 0 ? "," : "", h->count[i]);
    return status | buffer_printf(out, e, "]}");
}

static int
json_frequent(const struct summary *s, const struct column *c,
              struct buffer *out, struct error *e)
{
    const struct frequent *f = &s->frequent;
    const size_t n = summary_frequent(s);
    int status = 0;

    if (f->lost == 0)
        status = buffer_printf(out, e, ",\"distinct\":%zu", f->values);
    status |= buffer_printf(out, e, ",\"frequent\":[");
    for (size_t i = 0; i < n && status == 0; i++) {
        const struct frequent_value *v = &f->value[i];
        struct buffer text = { 0 };

        status = summary_value(c, v, &text, e);
        status |= buffer_printf(out, e, "%s{\"value\":", i > 0 ? "," : "");
        /* Of numbers "inf" and "-inf" are none of JSON's. */
        if (status == 0 &&
            (c->type == TYPE_STR || text.data[text.len - 1] == 'f'))
            status =
                json_append_string(out, (const char *)text.data, text.len, e);
        else if (status == 0)
            status = buffer_append(out, text.data, text.len, e);
        status |= buffer_printf(
            out, e, ",\"at_least\":%" PRIu64 ",\"at_most\":%" PRIu64 "}",
            v->count, v->count + f->lost);
        buffer_free(&text);
    }
    return status | buffer_printf(out, e, "]");
}

int
summary_json(const struct summary *s, const struct column *c,
             struct buffer *out, struct error *e)
{
    const struct histogram h = summary_histogram(s);
    int status = buffer_printf(out, e, "{\"count\":%" PRIu64, s->count);

    if (c->type != TYPE_STR)
        status |= buffer_printf(out, e, ",\"nan\":%" PRIu64, s->nan);
    if (c->shape == SHAPE_LIST && s->rows > 0)
        status |=
            buffer_printf(out, e, ",\"fewest\":%" PRIu64 ",\"most\":%" PRIu64,
                          s->fewest, s->most);
    if (status == 0 && has_numbers(s)) {
        status = json_numbers(s, c, out, e);
        if (status == 0 && h.bins > 0)
            status = json_histogram(&h, c, out, e);
        status |= json_frequent(s, c, out, e);
    }
    return status | buffer_printf(out, e, "}");
}
