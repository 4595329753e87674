#include "model/ranks.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"
#include "model/gemm.h"
#include "model/vector.h"

/* Rows of a tile: the same for any number of threads. */
#define TILE ((size_t)64)

struct ranks {
    size_t n, m, d;
    const float *query;
    float *item_t; /* [d, m], packed */
    const uint32_t *own;
    const struct ranks_skip *skip;
    float *score; /* [threads, TILE, m] */
    uint32_t *rank;
};

VECTORISED static uint32_t
count_above(size_t m, const float *score, float own)
{
    uint32_t above = 0;

    for (size_t i = 0; i < m; i++)
        above += score[i] > own;
    return above;
}

/* How many of the items above query Q's own one are not to be counted. */
static uint32_t
count_skipped(const struct ranks_skip *skip, size_t q, const float *score,
              float own)
{
    uint32_t above = 0;

    if (skip == NULL)
        return 0;
    for (size_t i = skip->offset[q]; i < skip->offset[q + 1]; i++)
        above += score[skip->item[i]] > own;
    return above;
}

static void
rank_tile(void *ctx, size_t tile, unsigned worker)
{
    const struct ranks *r = ctx;
    const size_t begin = tile * TILE;
    const size_t rows = r->n - begin < TILE ? r->n - begin : TILE;
    float *score = r->score + worker * TILE * r->m;

    gemm_packed(rows, r->m, r->d, r->query + begin * r->d, r->d, r->item_t,
                NULL, 0, score, r->m);
    for (size_t i = 0; i < rows; i++) {
        const uint32_t own = r->own[begin + i];
        const float *s = score + i * r->m;
        const bool ranked = own != RANKS_NONE && isfinite(s[own]);

        r->rank[begin + i] =
            ranked ? count_above(r->m, s, s[own]) -
                         count_skipped(r->skip, begin + i, s, s[own])
                   : RANKS_NONE;
    }
}

int
ranks_find(size_t n, size_t m, size_t d, const float *query, const float *item,
           const uint32_t *own, const struct ranks_skip *skip,
           struct threads *t, uint32_t *rank, struct error *e)
{
    struct ranks r = {
        .n = n,
        .m = m,
        .d = d,
        .query = query,
        .own = own,
        .skip = skip,
        .rank = rank,
    };
    int status = -1;

    r.score = mem_new(threads_count(t) * TILE * m, sizeof *r.score, e);
    r.item_t = mem_new(d * m, sizeof *r.item_t, e);
    if (r.score != NULL && r.item_t != NULL) {
        gemm_single();
        gemm_pack(m, m, d, 1, item, r.item_t);
        threads_run(t, (n + TILE - 1) / TILE, rank_tile, &r);
        status = 0;
    }
    free(r.score);
    free(r.item_t);
    return status;
}
