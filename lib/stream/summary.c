#include "stream/summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/utf8.h"

#define ORDINARY_BINS 10
#define WHOLE_MAX 0x1p53 /* below it doubles are all of the whole numbers */

static int
add_number(struct summary *s, double v, struct error *e)
{
    if (isnan(v)) {
        s->nan++;
        return 0;
    }
    if (s->count == s->nan || v < s->min)
        s->min = v;
    if (s->count == s->nan || v > s->max)
        s->max = v;
    s->sum += v;
    return sketch_add(&s->sketch, v, e);
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

/* Value V of A, which is counted as what it is: a string, a whole number of 64
 * bits, else a double, in which both zeros are one. */
static int
add_value(struct summary *s, const struct column *c, const struct array *a,
          size_t v, struct error *e)
{
    double number;
    size_t len;

    if (c->type == TYPE_STR) {
        const char *text = array_str(a, v, &len);

        if (add_number(s, (double)len, e) != 0)
            return -1;
        return frequent_add(&s->frequent, text, len, e);
    }
    number = array_number(a, c->type, v) + 0.0;
    if (add_number(s, number, e) != 0)
        return -1;
    if (c->type == TYPE_I64)
        add_i64(s, array_i64(a)[v]);
    else if (c->type == TYPE_U64)
        add_u64(s, ((const uint64_t *)a->values)[v]);
    if (c->type == TYPE_I64 || c->type == TYPE_U64)
        return frequent_add(&s->frequent, array_i64(a) + v, sizeof(int64_t), e);
    return isnan(number)
               ? 0
               : frequent_add(&s->frequent, &number, sizeof number, e);
}

int
summary_add(struct summary *s, const struct column *c, const struct array *a,
            uint32_t rows, struct error *e)
{
    for (uint32_t r = 0; r < rows; r++, s->rows++)
        if (c->shape == SHAPE_LIST)
            add_list(s, a->list[r + 1] - a->list[r]);
    for (size_t v = 0; v < a->count; v++, s->count++)
        if (add_value(s, c, a, v, e) != 0)
            return -1;
    return 0;
}

/* The number that a frequent value is, or its length. */
static double
number_of(const struct column *c, const struct frequent_value *v)
{
    double number;
    int64_t i;
    uint64_t u;

    if (c->type == TYPE_STR)
        return (double)v->len;
    memcpy(&number, v->bytes, sizeof number);
    memcpy(&i, v->bytes, sizeof i);
    memcpy(&u, v->bytes, sizeof u);
    if (c->type == TYPE_I64)
        return (double)i;
    return c->type == TYPE_U64 ? (double)u : number;
}

int
summary_end(struct summary *s, const struct column *c, struct error *e)
{
    const struct frequent *f = &s->frequent;
    struct weighed *all;
    int status;

    frequent_sort(&s->frequent);
    s->whole = c->type != TYPE_F32 && c->type != TYPE_F64;
    if (f->lost > 0)
        return sketch_end(&s->sketch, e);
    /* Every distinct value has its counter, which says more than a sketch. */
    all = mem_new(f->values, sizeof *all, e);
    if (all == NULL)
        return -1;
    s->whole = true;
    for (size_t i = 0; i < f->values; i++) {
        all[i].value = number_of(c, &f->value[i]);
        all[i].weight = f->value[i].count;
        s->whole &= floor(all[i].value) >= all[i].value;
    }
    status = sketch_end_exact(&s->sketch, all, f->values, e);
    free(all);
    return status;
}

void
summary_free(struct summary *s)
{
    sketch_free(&s->sketch);
    frequent_free(&s->frequent);
}

/* The end of bin I of H, which has one for each whole number or just divides
 * the range. */
static double
bin_end(const struct histogram *h, bool each, size_t i)
{
    if (each)
        return h->least + (double)(i + 1);
    return h->least + (h->most - h->least) * (double)(i + 1) / (double)h->bins;
}

struct histogram
summary_histogram(const struct summary *s)
{
    const struct sketch *k = &s->sketch;
    struct histogram h = { .bins = 0 };
    size_t first = 0, last = k->values;
    uint64_t below;
    bool each;

    while (first < last && !isfinite(k->value[first]))
        first++;
    while (last > first && !isfinite(k->value[last - 1]))
        last--;
    if (first == last)
        return h;
    /* The extremes themselves may not have been among those that went on. */
    h.least = isfinite(s->min) ? s->min : k->value[first];
    h.most = isfinite(s->max) ? s->max : k->value[last - 1];
    if (!isfinite(h.most - h.least) || !(h.most > h.least))
        return h;
    each = s->whole && h.most - h.least < SUMMARY_BINS &&
           h.least > -WHOLE_MAX && h.most < WHOLE_MAX;
    h.bins = each ? (size_t)(h.most - h.least) + 1 : ORDINARY_BINS;
    /* Doubles so near to each other that there is none between them. */
    if (!(bin_end(&h, each, 0) > h.least))
        h.bins = 0;
    below = k->before[first];
    for (size_t i = 0; i < h.bins; i++) {
        const uint64_t here = i + 1 < h.bins
                                  ? sketch_below(k, bin_end(&h, each, i))
                                  : k->before[last];

        h.count[i] = here > below ? here - below : 0;
        below = here > below ? here : below;
    }
    return h;
}

size_t
summary_frequent(const struct summary *s)
{
    const struct frequent *f = &s->frequent;
    size_t n = 0;

    while (n < f->values && n < SUMMARY_FREQUENT && f->value[n].count > 1 &&
           f->value[n].count > f->lost)
        n++;
    return n;
}

int
summary_number(const struct column *c, double v, int64_t i, uint64_t u,
               struct buffer *out, struct error *e)
{
    char text[NUMBER_TEXT_MAX];
    size_t len;

    switch (c->type) {
    case TYPE_I64: len = number_from_i64(text, i); break;
    case TYPE_U64: len = number_from_u64(text, u); break;
    case TYPE_F32: len = number_from_f32(text, (float)v); break;
    default: len = number_from_f64(text, v); break;
    }
    return buffer_append(out, text, len, e);
}

/* As much of V as is there and can be shown: whole characters, no controls. */
static int
show_string(const struct frequent_value *v, struct buffer *out, struct error *e)
{
    const bool cut = v->len > FREQUENT_BYTES;
    size_t len = cut ? FREQUENT_BYTES : v->len;
    bool valid;

    while (cut && len > FREQUENT_BYTES - 4 &&
           !utf8_valid((const char *)v->bytes, len))
        len--;
    valid = utf8_valid((const char *)v->bytes, len);
    for (size_t i = 0; i < len; i++) {
        const unsigned char b = v->bytes[i];
        const bool bad = b < ' ' || b == 127 || (b > 127 && !valid);

        if (buffer_append(out, bad ? "?" : (const char *)&b, 1, e) != 0)
            return -1;
    }
    return cut ? buffer_append(out, "...", 3, e) : 0;
}

int
summary_value(const struct column *c, const struct frequent_value *v,
              struct buffer *out, struct error *e)
{
    int64_t i;
    uint64_t u;

    if (c->type == TYPE_STR)
        return show_string(v, out, e);
    memcpy(&i, v->bytes, sizeof i);
    memcpy(&u, v->bytes, sizeof u);
    return summary_number(c, number_of(c, v), i, u, out, e);
}
