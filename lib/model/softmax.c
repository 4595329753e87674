#include "model/softmax.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/gemm.h"
#include "model/hardest.h"
#include "model/pieces.h"
#include "model/scratch.h"
#include "model/team.h"
#include "model/vector.h"

#define TILE_FLOATS ((size_t)64 * 1024)
#define TILE_ROWS_MIN 16
#define TILE_ROWS_MAX 128

/* Rows of a tile begin at whole cache lines. */
#define LINE_FLOATS 16

#define LOG2_E 1.44269504088896340736
#define LN_2 0.69314718055994530942

struct keyed {
    uint32_t key, candidate;
};

struct softmax {
    const struct softmax_batch *batch;
    size_t tile_rows;
    size_t stride; /* candidates and what fills the last cache line */
    struct floats candidate_t; /* [dim, stride] packed, times log2(e) / T */
    struct floats log_count;   /* [candidates] log2(n) */
    struct floats offset; /* [stride] log2(n) - log2(Q); behind the candidates
                             minus infinity */
    struct ids next;      /* [candidates]: another one of the same key, in a
                             ring */
    struct keyed *keyed;
    size_t keyed_cap;
    struct floats tile;    /* [workers, tile_rows, stride] */
    struct floats scratch; /* [workers, stride], for the hardest */
    struct floats scaled;  /* [workers, tile_rows, dim]: queries */
    struct floats partial; /* [PIECES, candidates, dim]: dcandidate */
    double loss[PIECES];
    float *dquery, *dcandidate;
};

struct softmax *
softmax_new(struct error *e)
{
    gemm_single();
    return mem_new(1, sizeof(struct softmax), e);
}

void
softmax_free(struct softmax *s)
{
    if (s == NULL)
        return;
    free(s->candidate_t.v);
    free(s->log_count.v);
    free(s->offset.v);
    free(s->next.v);
    free(s->keyed);
    free(s->tile.v);
    free(s->scratch.v);
    free(s->scaled.v);
    free(s->partial.v);
    free(s);
}

static int
by_key(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->candidate > y->candidate) - (x->candidate < y->candidate);
}

/* Join the candidates of each key into a ring. */
static int
join_keys(struct softmax *s, const struct softmax_batch *b, struct error *e)
{
    struct keyed *k =
        mem_grow(s->keyed, &s->keyed_cap, b->candidates, sizeof *k, e);
    size_t first = 0;

    if (k == NULL)
        return -1;
    s->keyed = k;
    if (ids_room(&s->next, b->candidates, e) != 0)
        return -1;
    for (size_t u = 0; u < b->candidates; u++)
        k[u] = (struct keyed){ b->key[u], (uint32_t)u };
    qsort(k, b->candidates, sizeof *k, by_key);
    for (size_t i = 0; i < b->candidates; i++) {
        const bool last = i + 1 == b->candidates || k[i + 1].key != k[i].key;

        s->next.v[k[i].candidate] = k[last ? first : i + 1].candidate;
        if (last)
            first = i + 1;
    }
    return 0;
}

/* The most that a tile may have, then as few as cut a piece as often. */
static size_t
rows_of_tile(const struct softmax *s)
{
    const size_t piece = (s->batch->rows + PIECES - 1) / PIECES;
    size_t most = TILE_FLOATS / s->stride, tiles;

    most = most < TILE_ROWS_MIN ? TILE_ROWS_MIN : most;
    most = most > TILE_ROWS_MAX ? TILE_ROWS_MAX : most;
    tiles = (piece + most - 1) / most;
    return tiles > 0 ? (piece + tiles - 1) / tiles : 1;
}

static int
make_room(struct softmax *s, size_t workers, struct error *e)
{
    const size_t n = s->batch->candidates, d = s->batch->dim;

    s->stride = (n + LINE_FLOATS) / LINE_FLOATS * LINE_FLOATS;
    s->tile_rows = rows_of_tile(s);
    if (floats_room(&s->candidate_t, s->stride * d, e) != 0 ||
        floats_room(&s->log_count, n, e) != 0 ||
        floats_room(&s->offset, s->stride, e) != 0 ||
        floats_room(&s->tile, workers * s->tile_rows * s->stride, e) != 0 ||
        floats_room(&s->scratch, workers * s->stride, e) != 0 ||
        floats_room(&s->scaled, workers * s->tile_rows * d, e) != 0 ||
        floats_room(&s->partial, PIECES * n * d, e) != 0)
        return -1;
    return 0;
}

static int
prepare(struct softmax *s, const struct softmax_batch *b, struct threads *t,
        struct error *e)
{
    const float log2_e = (float)LOG2_E;
    const size_t n = b->candidates, d = b->dim;

    s->batch = b;
    if (make_room(s, threads_count(t), e) != 0)
        return -1;
    gemm_pack(n, s->stride, d, log2_e / b->temperature, b->candidate, d,
              s->candidate_t.v);
    for (size_t u = 0; u < n; u++) {
        s->log_count.v[u] = log2f((float)b->count[u]);
        s->offset.v[u] =
            s->log_count.v[u] - (b->logq != NULL ? log2_e * b->logq[u] : 0);
    }
    for (size_t u = n; u < s->stride; u++)
        s->offset.v[u] = -INFINITY;
    return b->key != NULL ? join_keys(s, b, e) : 0;
}

/*
 * Turn row I's SCORE [stride], of which the candidates' counts are a part, into
 * Z (p - [u = pos]), where Z is the sum of exponentials, returned in *SUM;
 * returns the row's loss.  SCRATCH is [stride] when there are hardest to find.
 */
static double
row_loss(const struct softmax *s, size_t i, float *score, float *scratch,
         float *sum)
{
    const struct softmax_batch *b = s->batch;
    const size_t pos = b->positive[i];
    const float own = score[pos] - s->log_count.v[pos];
    float max;

    if (b->key != NULL) {
        for (size_t u = s->next.v[pos]; u != pos; u = s->next.v[u])
            score[u] = -INFINITY;
        score[pos] = own;
    }
    if (b->hardest > 0)
        hardest_keep(score, s->stride, pos, b->hardest, scratch);
    max = vector_max(s->stride, score);
    *sum = vector_exp2_sum(s->stride, max, score);
    score[pos] -= *sum;
    return ((double)max + log2((double)*sum) - (double)own) * LN_2;
}

/* Rows R, at most tile_rows; DCANDIDATE is the piece's own, and so far it is
 * STARTED or NULL for 0. */
static double
tile_loss(const struct softmax *s, struct range r, unsigned worker,
          const float *started, float *dcandidate)
{
    const struct softmax_batch *b = s->batch;
    const size_t rows = r.end - r.begin, n = b->candidates, d = b->dim;
    const float *query = b->query + r.begin * d;
    float *dquery = s->dquery + r.begin * d;
    float *tile = s->tile.v + worker * s->tile_rows * s->stride;
    float *scaled = s->scaled.v + worker * s->tile_rows * d;
    float factor[TILE_ROWS_MAX];
    double loss = 0;

    gemm_packed(rows, s->stride, d, query, d, s->candidate_t.v, s->offset.v, 0,
                tile, s->stride);
    for (size_t i = 0; i < rows; i++) {
        float sum;

        loss += row_loss(s, r.begin + i, tile + i * s->stride,
                         s->scratch.v + worker * s->stride, &sum);
        factor[i] = 1 / (b->temperature * sum);
        vector_scale(d, factor[i], query + i * d, scaled + i * d);
    }
    gemm_tn(n, d, rows, tile, s->stride, scaled, d, started, d, dcandidate, d);
    gemm(rows, d, n, tile, s->stride, b->candidate, d, NULL, 0, dquery, d);
    for (size_t i = 0; i < rows; i++)
        vector_scale(d, factor[i], dquery + i * d, dquery + i * d);
    return loss;
}

static void
rows_piece(void *ctx, size_t piece, unsigned worker)
{
    struct softmax *s = ctx;
    const size_t size = s->batch->candidates * s->batch->dim;
    const struct range all = piece_of(s->batch->rows, piece);
    float *partial = s->partial.v + piece * size;

    s->loss[piece] = 0;
    if (all.begin == all.end)
        memset(partial, 0, size * sizeof *partial);
    for (size_t at = all.begin; at < all.end; at += s->tile_rows) {
        const size_t left = all.end - at;
        const struct range r = {
            at, at + (left < s->tile_rows ? left : s->tile_rows)
        };

        s->loss[piece] +=
            tile_loss(s, r, worker, at > all.begin ? partial : NULL, partial);
    }
}

static void
sum_piece(void *ctx, size_t piece, unsigned worker)
{
    struct softmax *s = ctx;
    const size_t d = s->batch->dim, size = s->batch->candidates * d;
    const struct range r = piece_of(s->batch->candidates, piece);
    const size_t at = r.begin * d, n = (r.end - r.begin) * d;

    (void)worker;
    memcpy(s->dcandidate + at, s->partial.v + at, n * sizeof *s->dcandidate);
    for (size_t i = 1; i < PIECES; i++)
        vector_add(n, s->partial.v + i * size + at, s->dcandidate + at);
}

/* What each piece gives, to whoever sums it. */
static void
spread(struct softmax *s)
{
    const size_t n = s->batch->candidates, d = s->batch->dim;

    team_gather(s->loss, PIECES, sizeof *s->loss);
    for (size_t i = 0; i < PIECES; i++)
        team_spread(team_owner(PIECES, i), s->partial.v + i * n * d, n,
                    d * sizeof *s->partial.v);
    team_wait();
}

int
softmax_loss(struct softmax *s, const struct softmax_batch *b,
             struct threads *t, double *loss, float *dquery, float *dcandidate,
             struct error *e)
{
    if (prepare(s, b, t, e) != 0)
        return -1;
    s->dquery = dquery;
    s->dcandidate = dcandidate;
    team_run(t, PIECES, rows_piece, s);
    spread(s);
    team_run(t, PIECES, sum_piece, s);
    *loss = 0;
    for (size_t i = 0; i < PIECES; i++)
        *loss += s->loss[i];
    return 0;
}
