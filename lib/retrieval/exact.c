/*
 * Work is cut into tiles of queries, one piece each.  A piece streams all items
 * through the cache: a tile of items is multiplied with the tile of queries,
 * and while the product is still in the cache each query's row of it is scanned
 * for what beats the query's floor.  256 queries make one pass over the items
 * cost little beside the products, and 256 x 512 scores are 0.5 MiB.
 *
 * Tile shapes do not show in the answer: see the proof in exact.h.
 */
#include "retrieval/exact.h"

#include <cblas.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"
#include "retrieval/topk.h"

#define QUERY_TILE 256
#define ITEM_TILE 512

/* Tiles have fewer queries when their candidates would need more than this. */
#define CANDIDATE_BYTES ((size_t)16 << 20)

#define LANES 8

struct worker {
    float *product;    /* [queries_per_tile, ITEM_TILE] */
    uint64_t *memory;  /* [queries_per_tile, TOPK_ROOM(kept)] */
    struct topk *best; /* [queries_per_tile] */
    size_t *excluded;  /* [queries_per_tile]: exclusions passed so far */
    uint64_t full_scans;
};

struct exact {
    struct exact_items items;
    size_t k, kept; /* kept: candidates by BLAS score */
    size_t queries_per_tile;
    double longest;  /* norm of an item */
    uint64_t *order; /* [count] id << 32 | position, ascending */
    struct threads *threads;
    struct worker *worker; /* [threads] */
};

/* One call of exact_search(). */
struct search {
    struct exact *x;
    const float *query;
    size_t n;
    const struct exact_exclude *exclude;
    const struct exact_result *out;
};

float
exact_score(const float *q, const float *c, size_t width)
{
    double sum[LANES] = { 0 };
    size_t i = 0;

    for (; i + LANES <= width; i += LANES)
        for (size_t j = 0; j < LANES; j++)
            sum[j] += (double)q[i + j] * (double)c[i + j];
    for (; i < width; i++)
        sum[i % LANES] += (double)q[i] * (double)c[i];
    for (size_t half = LANES / 2; half > 0; half /= 2)
        for (size_t j = 0; j < half; j++)
            sum[j] += sum[j + half];
    return (float)sum[0];
}

size_t
exact_bad_row(const float *v, size_t n, size_t width)
{
    for (size_t i = 0; i < n * width; i++)
        if (!isfinite(v[i]))
            return i / width;
    return n;
}

static double
norm(const float *v, size_t width)
{
    double sum = 0;

    for (size_t i = 0; i < width; i++)
        sum += (double)v[i] * (double)v[i];
    return sqrt(sum);
}

/* How far a BLAS score and exact_score() can be apart; INFINITY when a sum of
 * floats may overflow.  Twice what the proof needs, which leaves room for the
 * rounding of the norms. */
static double
error_bound(const struct exact *x, const float *q)
{
    const double width = (double)x->items.width;
    const double size = norm(q, x->items.width) * x->longest;

    if (size > (double)FLT_MAX / 2)
        return (double)INFINITY;
    return (width + 2) * 0x1p-23 * size + width * (double)FLT_MIN;
}

static int
compare_u64(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* Sort the ids; each may be there once. */
static int
order_ids(struct exact *x, struct error *e)
{
    const size_t count = x->items.count;

    x->order = mem_new(count, sizeof *x->order, e);
    if (x->order == NULL)
        return -1;
    for (size_t i = 0; i < count; i++)
        x->order[i] = (uint64_t)x->items.id[i] << 32 | i;
    qsort(x->order, count, sizeof *x->order, compare_u64);
    for (size_t i = 1; i < count; i++)
        if (x->order[i - 1] >> 32 == x->order[i] >> 32)
            return error_set(e, "item id %u is there twice",
                             (unsigned)(x->order[i] >> 32));
    return 0;
}

static int
check_items(const struct exact_items *items, size_t k, struct error *e)
{
    size_t bad;

    if (items->count >= EXACT_NONE)
        return error_set(e, "%zu items are more than can be searched",
                         items->count);
    if (items->width == 0 || items->width > EXACT_WIDTH_MAX)
        return error_set(e, "embeddings of %zu numbers cannot be searched",
                         items->width);
    if (k == 0 || k > items->count)
        return error_set(e, "cannot find %zu of %zu items", k, items->count);
    bad = exact_bad_row(items->vector, items->count, items->width);
    if (bad < items->count)
        return error_set(e, "item id %u: embedding is not finite",
                         (unsigned)items->id[bad]);
    return 0;
}

static int
worker_init(const struct exact *x, struct worker *w, struct error *e)
{
    const size_t rows = x->queries_per_tile;

    w->product = mem_new(rows, ITEM_TILE * sizeof *w->product, e);
    w->memory = mem_new(rows, TOPK_ROOM(x->kept) * sizeof *w->memory, e);
    w->best = mem_new(rows, sizeof *w->best, e);
    w->excluded = mem_new(rows, sizeof *w->excluded, e);
    return w->product != NULL && w->memory != NULL && w->best != NULL &&
                   w->excluded != NULL
               ? 0
               : -1;
}

struct exact *
exact_new(const struct exact_items *items, size_t k, struct threads *t,
          struct error *e)
{
    struct exact *x;
    size_t rows;

    if (check_items(items, k, e) != 0)
        return NULL;
    x = mem_new(1, sizeof *x, e);
    if (x == NULL)
        return NULL;
    x->items = *items;
    x->threads = t;
    x->k = k;
    x->kept = items->count - k < EXACT_SLACK ? items->count : k + EXACT_SLACK;
    rows = CANDIDATE_BYTES / (TOPK_ROOM(x->kept) * sizeof(uint64_t));
    x->queries_per_tile = rows > QUERY_TILE ? QUERY_TILE : rows > 0 ? rows : 1;
    for (size_t i = 0; i < items->count; i++)
        x->longest = fmax(x->longest,
                          norm(items->vector + i * items->width, items->width));
    x->worker = mem_new(threads_count(t), sizeof *x->worker, e);
    if (x->worker == NULL || order_ids(x, e) != 0)
        goto fail;
    for (unsigned i = 0; i < threads_count(t); i++)
        if (worker_init(x, &x->worker[i], e) != 0)
            goto fail;
    openblas_set_num_threads(1); /* the threads here are ours */
    return x;
fail:
    exact_free(x);
    return NULL;
}

void
exact_free(struct exact *x)
{
    if (x == NULL)
        return;
    for (unsigned i = 0; x->worker != NULL && i < threads_count(x->threads);
         i++) {
        struct worker *w = &x->worker[i];

        free(w->product);
        free(w->memory);
        free(w->best);
        free(w->excluded);
    }
    free(x->worker);
    free(x->order);
    free(x);
}

uint32_t
exact_position(const struct exact *x, uint32_t id)
{
    const uint64_t want = (uint64_t)id << 32;
    size_t low = 0, high = x->items.count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (x->order[middle] < want)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == x->items.count || x->order[low] >> 32 != id)
        return EXACT_NONE;
    return (uint32_t)x->order[low];
}

/* Make NaN of the scores of the items FIRST to FIRST + N - 1 that are not to be
 * returned; *PASSED exclusions are before FIRST. */
static void
mask(const struct exact_exclude *ex, size_t *passed, float *score, size_t n,
     size_t first)
{
    for (; *passed < ex->count && ex->position[*passed] < first + n; ++*passed)
        score[ex->position[*passed] - first] = NAN;
}

/* The candidates of queries FIRST to FIRST + ROWS - 1, in w->best. */
static void
find_candidates(const struct search *s, struct worker *w, size_t first,
                size_t rows)
{
    const struct exact_items *items = &s->x->items;
    const int width = (int)items->width; /* at most EXACT_WIDTH_MAX */
    const size_t room = TOPK_ROOM(s->x->kept);

    for (size_t r = 0; r < rows; r++) {
        topk_start(&w->best[r], w->memory + r * room, s->x->kept);
        w->excluded[r] = 0;
    }
    for (size_t i = 0; i < items->count; i += ITEM_TILE) {
        const size_t left = items->count - i;
        const size_t n = left < ITEM_TILE ? left : ITEM_TILE;

        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)rows, (int)n,
                    width, 1.0f, s->query + first * items->width, width,
                    items->vector + i * items->width, width, 0.0f, w->product,
                    ITEM_TILE);
        for (size_t r = 0; r < rows; r++) {
            float *score = w->product + r * ITEM_TILE;

            if (s->exclude != NULL)
                mask(&s->exclude[first + r], &w->excluded[r], score, n, i);
            topk_scan(&w->best[r], score, n, (uint32_t)i);
        }
    }
}

/* Replace BLAS scores by ours and positions by ids, and put the best first.
 * Returns whether nothing that is not there can belong to the first k. */
static bool
score_candidates(const struct search *s, struct topk *best, const float *q)
{
    const struct exact_items *items = &s->x->items;
    const double bound = error_bound(s->x, q);
    double outside, kth;

    if (!isfinite(bound))
        return false;
    topk_finish(best);
    outside = best->len > 0 ? (double)topk_key_score(best->key[0]) : 0;
    for (size_t i = 0; i < best->len; i++) {
        const uint32_t p = topk_key_id(best->key[i]);
        const float found = topk_key_score(best->key[i]);
        const float score =
            exact_score(q, items->vector + p * items->width, items->width);

        outside = fmin(outside, (double)found);
        best->key[i] = topk_key(score, items->id[p]);
    }
    topk_sort(best->key, best->len);
    if (best->len < s->x->kept || s->x->kept == items->count)
        return true; /* all there are */
    kth = (double)topk_key_score(best->key[s->x->k - 1]);
    return kth > outside + bound;
}

/* Brute force. */
static void
score_all(const struct search *s, struct topk *best, const float *q,
          const struct exact_exclude *ex)
{
    const struct exact_items *items = &s->x->items;
    size_t passed = 0;

    topk_start(best, best->key, s->x->k);
    for (size_t p = 0; p < items->count; p++) {
        if (ex != NULL && passed < ex->count && ex->position[passed] == p) {
            passed++;
            continue;
        }
        topk_push(best,
                  topk_key(exact_score(q, items->vector + p * items->width,
                                       items->width),
                           items->id[p]));
    }
    topk_finish(best);
    topk_sort(best->key, best->len);
}

static void
answer_tile(void *ctx, size_t piece, unsigned worker)
{
    const struct search *s = ctx;
    const struct exact *x = s->x;
    struct worker *w = &x->worker[worker];
    const size_t first = piece * x->queries_per_tile;
    const size_t left = s->n - first;
    const size_t rows = left < x->queries_per_tile ? left : x->queries_per_tile;

    find_candidates(s, w, first, rows);
    for (size_t r = 0; r < rows; r++) {
        const size_t row = first + r;
        const float *q = s->query + row * x->items.width;
        struct topk *best = &w->best[r];
        size_t count;

        if (!score_candidates(s, best, q)) {
            score_all(s, best, q, s->exclude ? &s->exclude[row] : NULL);
            w->full_scans++;
        }
        count = best->len < x->k ? best->len : x->k;
        s->out->count[row] = count;
        for (size_t i = 0; i < count; i++) {
            s->out->id[row * x->k + i] = topk_key_id(best->key[i]);
            s->out->score[row * x->k + i] = topk_key_score(best->key[i]);
        }
    }
}

int
exact_search(struct exact *x, const float *query, size_t n,
             const struct exact_exclude *exclude,
             const struct exact_result *out, struct error *e)
{
    struct search s = { x, query, n, exclude, out };
    const size_t bad = exact_bad_row(query, n, x->items.width);

    if (bad < n)
        return error_set(e, "query %zu: embedding is not finite", bad);
    threads_run(x->threads, (n + x->queries_per_tile - 1) / x->queries_per_tile,
                answer_tile, &s);
    return 0;
}

uint64_t
exact_full_scans(const struct exact *x)
{
    uint64_t sum = 0;

    for (unsigned i = 0; i < threads_count(x->threads); i++)
        sum += x->worker[i].full_scans;
    return sum;
}
