#include "model/negatives.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "model/network.h"

/* Every item once, with what does not change from step to step. */
static int
list_all(struct negatives *v, struct error *e)
{
    const size_t n = v->x->tuples;

    if (ids_room(&v->all, n, e) != 0 || ids_room(&v->count, n, e) != 0 ||
        ids_room(&v->key, n, e) != 0)
        return -1;
    for (size_t u = 0; u < n; u++) {
        v->all.v[u] = (uint32_t)u;
        v->count.v[u] = 1;
        v->key.v[u] = v->x->key[u];
    }
    v->n = n;
    v->id = v->all.v;
    return 0;
}

/* How many items each key has. */
static int
count_items(struct negatives *v, struct error *e)
{
    if (ids_room(&v->key_items, v->x->keys, e) != 0)
        return -1;
    memset(v->key_items.v, 0, v->x->keys * sizeof *v->key_items.v);
    for (size_t u = 0; u < v->x->tuples; u++)
        v->key_items.v[v->x->key[u]]++;
    return 0;
}

int
negatives_init(struct negatives *v, const struct examples *x,
               const struct negatives_options *options, struct error *e)
{
    *v = (struct negatives){ .options = *options, .x = x };
    if (options->from == NEGATIVES_ALL)
        return list_all(v, e);
    if (options->uniform > 0 && count_items(v, e) != 0)
        return -1;
    return distinct_init(&v->distinct, x->tuples, e);
}

void
negatives_free(struct negatives *v)
{
    distinct_free(&v->distinct);
    free(v->drawn.v);
    free(v->all.v);
    free(v->own.v);
    free(v->key_items.v);
    free(v->count.v);
    free(v->key.v);
    free(v->logq.v);
}

static int
find_own(struct negatives *v, const uint32_t *row, size_t n, struct error *e)
{
    if (ids_room(&v->own, n, e) != 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        v->own.v[i] = v->x->item[row[i]];
    v->positive = v->own.v;
    return 0;
}

/* The rows' own items in front, so that their slots are the positives. */
static int
draw(struct negatives *v, const uint32_t *row, size_t n, uint64_t step,
     struct error *e)
{
    struct rng rng = rng_for(v->options.seed, SEED_NEGATIVES, step);
    const size_t all = n + v->options.uniform;

    if (ids_room(&v->drawn, all, e) != 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        v->drawn.v[i] = v->x->item[row[i]];
    for (size_t i = n; i < all; i++)
        v->drawn.v[i] = (uint32_t)rng_below(&rng, v->x->tuples);
    return distinct_find(&v->distinct, v->drawn.v, NULL, all, e);
}

static float
log_q(const struct negatives *v, uint32_t key, size_t n)
{
    const struct examples *x = v->x;
    const double uniform = (double)v->options.uniform, rows = (double)n;
    const double share = (double)x->key_rows[key] / (double)x->rows;
    const double items = uniform > 0 ? (double)v->key_items.v[key] : 0;

    return (float)log((rows * share + uniform * items / (double)x->tuples) /
                      (rows + uniform));
}

int
negatives_find(struct negatives *v, const uint32_t *row, size_t n,
               uint64_t step, struct error *e)
{
    const struct distinct *d = &v->distinct;

    if (v->options.from == NEGATIVES_ALL)
        return find_own(v, row, n, e);
    if (draw(v, row, n, step, e) != 0 || ids_room(&v->count, d->n, e) != 0 ||
        ids_room(&v->key, d->n, e) != 0 || floats_room(&v->logq, d->n, e) != 0)
        return -1;
    memset(v->count.v, 0, d->n * sizeof *v->count.v);
    for (size_t i = 0; i < d->count; i++)
        v->count.v[d->slot.v[i]]++;
    for (size_t u = 0; u < d->n; u++) {
        v->key.v[u] = v->x->key[d->id.v[u]];
        if (v->options.logq)
            v->logq.v[u] = log_q(v, v->key.v[u], n);
    }
    v->n = d->n;
    v->id = d->id.v;
    v->positive = d->slot.v;
    return 0;
}
