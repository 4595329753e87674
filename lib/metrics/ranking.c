#include "metrics/ranking.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

const struct metric metrics[METRICS] = {
    { "ndcg", metric_ndcg },           { "recall", metric_recall },
    { "precision", metric_precision }, { "map", metric_average_precision },
    { "mrr", metric_reciprocal_rank }, { "hit", metric_hit },
};

static int
compare_u32(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

/* Sort ID[N] and drop what is there twice, unknown items excepted.  Returns how
 * many are left. */
static size_t
distinct(uint32_t *id, size_t n)
{
    size_t kept = 0;

    if (n > 1)
        qsort(id, n, sizeof *id, compare_u32);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || id[i] != id[i - 1] || id[i] == RANKING_UNKNOWN)
            id[kept++] = id[i];
    return kept;
}

/* The place of ID in h->truth, h->relevant when it is not there. */
static size_t
place(const struct hits *h, uint32_t id)
{
    size_t low = 0, high = h->relevant;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (h->truth[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < h->relevant && h->truth[low] == id ? low : h->relevant;
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
    if ((p = mem_grow(h->rank, &cap, n, sizeof *h->rank, e)) == NULL)
        return -1;
    h->rank = p;
    cap = h->cap;
    if ((p = mem_grow(h->found, &cap, n, sizeof *h->found, e)) == NULL)
        return -1;
    h->found = p;
    h->cap = cap;
    return 0;
}

int
hits_find(struct hits *h, const uint32_t *list, size_t length,
          const uint32_t *truth, size_t truths, struct error *e)
{
    if (reserve(h, truths, e) != 0)
        return -1;
    if (truths > 0)
        memcpy(h->truth, truth, truths * sizeof *truth);
    h->relevant = distinct(h->truth, truths);
    memset(h->found, 0, h->relevant * sizeof *h->found);
    h->count = 0;
    for (size_t i = 0; i < length && h->count < h->relevant; i++) {
        const size_t t = place(h, list[i]);

        if (list[i] == RANKING_UNKNOWN || t == h->relevant || h->found[t])
            continue;
        h->found[t] = true;
        h->rank[h->count++] = (uint32_t)i + 1;
    }
    return 0;
}

void
hits_free(struct hits *h)
{
    free(h->rank);
    free(h->truth);
    free(h->found);
    *h = (struct hits){ 0 };
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

double
metric_ndcg(const struct hits *h, uint32_t k)
{
    const size_t best = h->relevant < k ? h->relevant : k;
    double gain = 0, ideal = 0;

    for (size_t i = 0; i < hits_at(h, k); i++)
        gain += 1 / log2((double)h->rank[i] + 1);
    for (size_t i = 1; i <= best; i++)
        ideal += 1 / log2((double)i + 1);
    return gain / ideal;
}

double
metric_recall(const struct hits *h, uint32_t k)
{
    return (double)hits_at(h, k) / (double)h->relevant;
}

double
metric_precision(const struct hits *h, uint32_t k)
{
    return (double)hits_at(h, k) / k;
}

double
metric_average_precision(const struct hits *h, uint32_t k)
{
    double sum = 0;

    for (size_t i = 0; i < hits_at(h, k); i++)
        sum += (double)(i + 1) / h->rank[i];
    return sum / (double)h->relevant;
}

double
metric_reciprocal_rank(const struct hits *h, uint32_t k)
{
    return hits_at(h, k) > 0 ? 1.0 / h->rank[0] : 0;
}

double
metric_hit(const struct hits *h, uint32_t k)
{
    return hits_at(h, k) > 0 ? 1 : 0;
}
