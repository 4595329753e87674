#include "metrics/ranking.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

const struct metric metrics[METRICS] = {
    { "ndcg", metric_ndcg },           { "recall", metric_recall },
    { "precision", metric_precision }, { "map", metric_average_precision },
    { "mrr", metric_reciprocal_rank }, { "hit", metric_hit },
};

/* By id, the largest gain of an id first. */
static int
compare_relevant(const void *a, const void *b)
{
    const struct relevant *x = a, *y = b;

    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    return (x->gain < y->gain) - (x->gain > y->gain);
}

static int
larger_first(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;

    return (x < y) - (x > y);
}

/* Sort h->truth and drop what is there twice, unknown items excepted. */
static void
keep_distinct(struct hits *h)
{
    struct relevant *t = h->truth;
    size_t kept = 0;

    if (h->relevant > 1)
        qsort(t, h->relevant, sizeof *t, compare_relevant);
    for (size_t i = 0; i < h->relevant; i++)
        if (i == 0 || t[i].id != t[i - 1].id || t[i].id == RANKING_UNKNOWN)
            t[kept++] = t[i];
    h->relevant = kept;
}

/* Room for N relevant items. */
static int
reserve(struct hits *h, size_t n, struct error *e)
{
    size_t cap;
    void *p;

    cap = h->cap;
    if ((p = mem_grow(h->truth, &cap, n, sizeof *h->truth, e)) == NULL)
        return -1;
    h->truth = p;
    cap = h->cap;
    if ((p = mem_grow(h->ideal, &cap, n, sizeof *h->ideal, e)) == NULL)
        return -1;
    h->ideal = p;
    cap = h->cap;
    if ((p = mem_grow(h->rank, &cap, n, sizeof *h->rank, e)) == NULL)
        return -1;
    h->rank = p;
    cap = h->cap;
    if ((p = mem_grow(h->gain, &cap, n, sizeof *h->gain, e)) == NULL)
        return -1;
    h->gain = p;
    h->cap = cap;
    return 0;
}

int
hits_relevant(struct hits *h, const uint32_t *id, const float *gain, size_t n,
              struct error *e)
{
    if (reserve(h, n, e) != 0)
        return -1;
    h->relevant = 0;
    for (size_t i = 0; i < n; i++)
        if (gain == NULL || gain[i] > 0)
            h->truth[h->relevant++] = (struct relevant){
                .id = id[i],
                .gain = gain != NULL ? gain[i] : 1,
            };
    keep_distinct(h);
    for (size_t i = 0; i < h->relevant; i++)
        h->ideal[i] = h->truth[i].gain;
    if (gain != NULL && h->relevant > 1)
        qsort(h->ideal, h->relevant, sizeof *h->ideal, larger_first);
    h->count = h->length = 0;
    return 0;
}

/* The place of ID in h->truth, h->relevant when it is not there. */
static size_t
place(const struct hits *h, uint32_t id)
{
    size_t low = 0, high = h->relevant;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (h->truth[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < h->relevant && h->truth[low].id == id ? low : h->relevant;
}

void
hits_find(struct hits *h, const uint32_t *list, size_t length)
{
    for (size_t i = 0; i < h->relevant; i++)
        h->truth[i].found = false;
    h->count = 0;
    h->length = length;
    for (size_t i = 0; i < length && h->count < h->relevant; i++) {
        const size_t t = place(h, list[i]);

        if (list[i] == RANKING_UNKNOWN || t == h->relevant || h->truth[t].found)
            continue;
        h->truth[t].found = true;
        h->rank[h->count] = (uint32_t)i + 1;
        h->gain[h->count++] = h->truth[t].gain;
    }
}

void
hits_free(struct hits *h)
{
    free(h->truth);
    free(h->ideal);
    free(h->rank);
    free(h->gain);
    *h = (struct hits){ 0 };
}

static size_t
smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Hits at rank K or above. */
static size_t
hits_at(const struct hits *h, uint32_t k)
{
    size_t n = 0;

    while (n < h->count && h->rank[n] <= k)
        n++;
    return n;
}

#define LN_2 0.69314718055994530942

/* A / B, where nothing of nothing is nothing. */
static double
ratio(double a, size_t b)
{
    return b > 0 ? a / (double)b : 0;
}

static double
discounted(float gain, size_t rank, const struct convention *c)
{
    double g = 1;

    if (c->gain == GAIN_LINEAR)
        g = (double)gain;
    if (c->gain == GAIN_EXPONENTIAL)
        g = expm1((double)gain * LN_2);
    return g / log2((double)rank + 1);
}

double
metric_ndcg(const struct hits *h, uint32_t k, const struct convention *c)
{
    const size_t n = hits_at(h, k);
    const size_t best = c->ideal_of_all ? h->relevant : smaller(h->relevant, k);
    double dcg = 0, ideal = 0;

    for (size_t i = 0; i < n; i++)
        dcg += discounted(h->gain[i], h->rank[i], c);
    for (size_t i = 0; i < best; i++)
        ideal += discounted(h->ideal[i], i + 1, c);
    return n > 0 ? dcg / ideal : 0;
}

double
metric_recall(const struct hits *h, uint32_t k, const struct convention *c)
{
    const size_t of =
        c->recall_by_depth ? smaller(h->relevant, k) : h->relevant;

    return ratio((double)hits_at(h, k), of);
}

double
metric_precision(const struct hits *h, uint32_t k, const struct convention *c)
{
    const size_t of = c->precision_by_length ? smaller(h->length, k) : k;

    return ratio((double)hits_at(h, k), of);
}

double
metric_average_precision(const struct hits *h, uint32_t k,
                         const struct convention *c)
{
    const size_t n = hits_at(h, k);
    size_t of = h->relevant;
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += (double)(i + 1) / h->rank[i];
    if (c->map_by_depth)
        of = smaller(of, k);
    if (c->map_by_depth && c->precision_by_length)
        of = smaller(of, h->length);
    return ratio(sum, of);
}

double
metric_reciprocal_rank(const struct hits *h, uint32_t k,
                       const struct convention *c)
{
    (void)c;
    return hits_at(h, k) > 0 ? 1.0 / h->rank[0] : 0;
}

double
metric_hit(const struct hits *h, uint32_t k, const struct convention *c)
{
    (void)c;
    return hits_at(h, k) > 0 ? 1 : 0;
}
