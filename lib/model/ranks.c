/*
 * n m d multiplications and additions, were all items scored for all rows; that
 * is nearly all of the time.  But only ranks below the limit are of interest,
 * and most rows have that many items above theirs soon.  So items are in two
 * blocks, of which a row first goes through the one that its own item is in: if
 * it reaches the limit there, it is done.  Where the first third of the items
 * are the popular ones, which most rows took and which most others are below,
 * 40 % of the products are never made.
 *
 * A tile of 64 rows by a block of 1,000 items are 256 KiB, half of a small
 * second-level cache.
 */
#include "model/ranks.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/gemm.h"
#include "model/vector.h"

/* Rows of a tile: the same for any number of threads. */
#define TILE ((size_t)64)
#define BLOCKS 2

struct block {
    size_t begin, items;
    const float *item_t; /* [d, items], packed */
    size_t rows;         /* whose own item is here */
    size_t tiles;
};

struct ranks {
    size_t d;
    uint32_t limit;
    const float *query;
    const uint32_t *own;
    const struct ranks_skip *skip;
    struct block block[BLOCKS];
    float *item_t;
    uint32_t *order; /* rows that have an own item, by its block */
    size_t widest;   /* items of a block */
    float *score;    /* [threads, TILE, widest] */
    float *gathered; /* [threads, TILE, d] queries of a tile */
    uint32_t *rank;
};

/* Rows of a tile that are still of interest. */
struct tile_rows {
    size_t n;
    uint32_t row[TILE];
    float own[TILE];
    float *query; /* [n, d] */
    float *score;
};

VECTORISED static uint32_t
count_above(size_t m, const float *score, float own)
{
    uint32_t above = 0;

    for (size_t i = 0; i < m; i++)
        above += score[i] > own;
    return above;
}

/* Items of B above row ROW's own one, without those that are not to count. */
static uint32_t
count_in(const struct ranks *r, const struct block *b, uint32_t row,
         const float *score, float own)
{
    const struct ranks_skip *skip = r->skip;
    uint32_t above = count_above(b->items, score, own);

    if (skip == NULL)
        return above;
    for (size_t i = skip->offset[row]; i < skip->offset[row + 1]; i++)
        if (skip->item[i] >= b->begin && skip->item[i] - b->begin < b->items &&
            score[skip->item[i] - b->begin] > own)
            above--;
    return above;
}

static void
score_block(const struct ranks *r, const struct block *b, struct tile_rows *t)
{
    gemm_packed(t->n, b->items, r->d, t->query, r->d, b->item_t, NULL, 0,
                t->score, b->items);
}

/* The block that has the own items.  Rows below the limit stay in T. */
static void
first_block(const struct ranks *r, const struct block *b, struct tile_rows *t)
{
    size_t kept = 0;

    score_block(r, b, t);
    for (size_t i = 0; i < t->n; i++) {
        const uint32_t row = t->row[i];
        const float *score = t->score + i * b->items;
        const float own = score[r->own[row] - b->begin];

        r->rank[row] =
            isfinite(own) ? count_in(r, b, row, score, own) : RANKS_NONE;
        if (r->rank[row] >= r->limit)
            continue;
        t->row[kept] = row;
        t->own[kept] = own;
        memmove(t->query + kept * r->d, t->query + i * r->d,
                r->d * sizeof *t->query);
        kept++;
    }
    t->n = kept;
}

static void
other_block(const struct ranks *r, const struct block *b, struct tile_rows *t)
{
    score_block(r, b, t);
    for (size_t i = 0; i < t->n; i++)
        r->rank[t->row[i]] +=
            count_in(r, b, t->row[i], t->score + i * b->items, t->own[i]);
}

static void
rank_tile(void *ctx, size_t tile, unsigned worker)
{
    const struct ranks *r = ctx;
    const size_t own = tile < r->block[0].tiles ? 0 : 1;
    const struct block *b = &r->block[own];
    const size_t at = (tile - own * r->block[0].tiles) * TILE;
    const uint32_t *order = r->order + own * r->block[0].rows + at;
    struct tile_rows t = {
        .n = b->rows - at < TILE ? b->rows - at : TILE,
        .query = r->gathered + worker * TILE * r->d,
        .score = r->score + worker * TILE * r->widest,
    };

    for (size_t i = 0; i < t.n; i++) {
        t.row[i] = order[i];
        memcpy(t.query + i * r->d, r->query + order[i] * r->d,
               r->d * sizeof *t.query);
    }
    first_block(r, b, &t);
    if (t.n > 0)
        other_block(r, &r->block[1 - own], &t);
}

/* The first third of M items, and the others. */
static void
cut_items(struct ranks *r, size_t m, const float *item)
{
    r->block[0] = (struct block){ .items = m / 3, .item_t = r->item_t };
    r->block[1] = (struct block){
        .begin = m / 3,
        .items = m - m / 3,
        .item_t = r->item_t + r->d * (m / 3),
    };
    gemm_pack(m / 3, m / 3, r->d, 1, item, r->d, r->item_t);
    gemm_pack(m - m / 3, m - m / 3, r->d, 1, item + m / 3 * r->d, r->d,
              r->item_t + r->d * (m / 3));
}

static void
order_rows(struct ranks *r, size_t n)
{
    size_t at = 0;

    for (size_t b = 0; b < BLOCKS; b++) {
        const struct block *block = &r->block[b];

        for (size_t i = 0; i < n; i++)
            if (r->own[i] != RANKS_NONE && r->own[i] >= block->begin &&
                r->own[i] - block->begin < block->items)
                r->order[at++] = (uint32_t)i;
        r->block[b].rows = at - (b > 0 ? r->block[0].rows : 0);
        r->block[b].tiles = (r->block[b].rows + TILE - 1) / TILE;
    }
    for (size_t i = 0; i < n; i++)
        r->rank[i] = RANKS_NONE;
}

int
ranks_find(size_t n, size_t m, size_t d, const float *query, const float *item,
           const uint32_t *own, const struct ranks_skip *skip, uint32_t limit,
           struct threads *t, uint32_t *rank, struct error *e)
{
    const size_t tiles = threads_count(t) * TILE;
    struct ranks r = {
        .d = d,
        .limit = limit,
        .query = query,
        .own = own,
        .skip = skip,
        .widest = m - m / 3,
        .rank = rank,
    };
    int status = -1;

    r.score = mem_new(tiles * r.widest, sizeof *r.score, e);
    r.gathered = mem_new(tiles * d, sizeof *r.gathered, e);
    r.item_t = mem_new(d * m, sizeof *r.item_t, e);
    r.order = mem_new(n, sizeof *r.order, e);
    if (r.score != NULL && r.gathered != NULL && r.item_t != NULL &&
        r.order != NULL) {
        gemm_single();
        cut_items(&r, m, item);
        order_rows(&r, n);
        threads_run(t, r.block[0].tiles + r.block[1].tiles, rank_tile, &r);
        status = 0;
    }
    free(r.score);
    free(r.gathered);
    free(r.item_t);
    free(r.order);
    return status;
}
