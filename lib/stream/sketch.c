#include "stream/sketch.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static int
by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

static int
put(struct sketch *s, size_t level, double v, struct error *e)
{
    if (s->level[level] == NULL) {
        s->level[level] = mem_new(SKETCH_SIZE, sizeof v, e);
        if (s->level[level] == NULL)
            return -1;
    }
    s->level[level][s->held[level]++] = v;
    return 0;
}

/* Level L is full: half of it goes on. */
static int
hand_on(struct sketch *s, size_t l, struct error *e)
{
    const size_t first = s->drops_first >> l & 1;

    if (l + 1 == SKETCH_LEVELS)
        return error_set(e, "more values than can be counted");
    qsort(s->level[l], SKETCH_SIZE, sizeof *s->level[l], by_value);
    for (size_t i = first; i < SKETCH_SIZE; i += 2)
        if (put(s, l + 1, s->level[l][i], e) != 0)
            return -1;
    s->drops_first ^= (size_t)1 << l;
    s->held[l] = 0;
    s->rank_error += (uint64_t)1 << l;
    return 0;
}

int
sketch_add(struct sketch *s, double v, struct error *e)
{
    for (size_t l = 0; s->held[l] == SKETCH_SIZE; l++)
        if (hand_on(s, l, e) != 0)
            return -1;
    s->count++;
    return put(s, 0, v, e);
}

/* ALL, which are N, in order. */
static int
arrange(struct sketch *s, struct weighed *all, size_t n, struct error *e)
{
    s->values = n;
    s->value = mem_new(n, sizeof *s->value, e);
    s->before = mem_new(n + 1, sizeof *s->before, e);
    if (s->value == NULL || s->before == NULL)
        return -1;
    if (n > 0)
        qsort(all, n, sizeof *all, by_value); /* the value stands first */
    for (size_t i = 0; i < n; i++) {
        s->value[i] = all[i].value;
        s->before[i + 1] = s->before[i] + all[i].weight;
    }
    return 0;
}

int
sketch_end(struct sketch *s, struct error *e)
{
    struct weighed *all;
    size_t n = 0, at = 0;
    int status;

    for (size_t l = 0; l < SKETCH_LEVELS; l++)
        n += s->held[l];
    all = mem_new(n, sizeof *all, e);
    if (all == NULL)
        return -1;
    for (size_t l = 0; l < SKETCH_LEVELS; l++)
        for (size_t i = 0; i < s->held[l]; i++)
            all[at++] = (struct weighed){ s->level[l][i], (uint64_t)1 << l };
    status = arrange(s, all, n, e);
    free(all);
    return status;
}

int
sketch_end_exact(struct sketch *s, struct weighed *all, size_t n,
                 struct error *e)
{
    s->rank_error = 0;
    return arrange(s, all, n, e);
}

double
sketch_quantile(const struct sketch *s, double q)
{
    const double want = q * (double)s->before[s->values];
    size_t i = 0;

    while (i + 1 < s->values && (double)s->before[i + 1] < want)
        i++;
    return s->value[i];
}

uint64_t
sketch_below(const struct sketch *s, double v)
{
    size_t low = 0, high = s->values;

    while (low < high) {
        const size_t mid = low + (high - low) / 2;

        if (s->value[mid] < v)
            low = mid + 1;
        else
            high = mid;
    }
    return s->before[low];
}

void
sketch_free(struct sketch *s)
{
    for (size_t l = 0; l < SKETCH_LEVELS; l++)
        free(s->level[l]);
    free(s->value);
    free(s->before);
    *s = (struct sketch){ 0 };
}
