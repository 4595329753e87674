/*
 * Ranks are what counting gives.  The numbers are small and whole, so that no
 * product is rounded and many scores are equal.
 */
#include "model/ranks.h"

#include <string.h>

#include "base/rng.h"
#include "check.h"

enum { QUERIES = 200, ITEMS = 133, DIM = 5 };

static float query[QUERIES * DIM], item[ITEMS * DIM];
static uint32_t own[QUERIES];
static uint32_t skip_offset[QUERIES + 1], skip_item[QUERIES * ITEMS];
static const struct ranks_skip skip = { skip_offset, skip_item };

static void
draw(void)
{
    struct rng r = rng_for(3, 0, 0);

    for (size_t i = 0; i < QUERIES * DIM; i++)
        query[i] = (float)rng_below(&r, 5) - 2;
    for (size_t i = 0; i < ITEMS * DIM; i++)
        item[i] = (float)rng_below(&r, 5) - 2;
    for (size_t i = 0; i < QUERIES; i++)
        own[i] = (uint32_t)rng_below(&r, ITEMS);
    /* Each item with a chance of 0, 1/5, ... 4/5; the own one, too. */
    for (size_t q = 0; q < QUERIES; q++) {
        skip_offset[q + 1] = skip_offset[q];
        for (uint32_t i = 0; i < ITEMS; i++)
            if (rng_below(&r, 5) < q % 5)
                skip_item[skip_offset[q + 1]++] = i;
    }
    own[7] = own[QUERIES - 1] = RANKS_NONE;
    query[9 * DIM] = NAN;
    query[150 * DIM] = INFINITY;
}

static double
score(size_t q, size_t i)
{
    double sum = 0;

    for (size_t k = 0; k < DIM; k++)
        sum += (double)query[q * DIM + k] * (double)item[i * DIM + k];
    return sum;
}

static bool
is_skipped(size_t q, size_t which)
{
    for (size_t i = skip_offset[q]; i < skip_offset[q + 1]; i++)
        if (skip_item[i] == which)
            return true;
    return false;
}

static uint32_t
reference(size_t q, bool skipping)
{
    uint32_t above = 0;

    if (own[q] == RANKS_NONE || !isfinite(score(q, own[q])))
        return RANKS_NONE;
    for (size_t i = 0; i < ITEMS; i++)
        if (!skipping || !is_skipped(q, i))
            above += score(q, i) > score(q, own[q]);
    return above;
}

/* Below LIMIT the rank is exact. */
static void
test_limit(uint32_t limit, const struct ranks_skip *without, struct threads *t,
           uint32_t *rank)
{
    struct error e;

    memset(rank, 0, QUERIES * sizeof *rank);
    CHECK(ranks_find(QUERIES, ITEMS, DIM, query, item, own, without, limit, t,
                     rank, &e) == 0,
          "%s", e.text);
    for (size_t q = 0; q < QUERIES; q++) {
        const uint32_t want = reference(q, without != NULL);

        if (want == RANKS_NONE || want < limit)
            CHECK(rank[q] == want, "query %zu has rank %u, not %u", q,
                  (unsigned)rank[q], (unsigned)want);
        else
            CHECK(rank[q] >= limit && rank[q] <= want,
                  "query %zu has rank %u, not %u to %u", q, (unsigned)rank[q],
                  (unsigned)limit, (unsigned)want);
    }
}

int
main(void)
{
    static const uint32_t limit[] = { 0, 1, 10, 40, ITEMS, RANKS_NONE };
    uint32_t rank[QUERIES];
    size_t ties = 0;

    draw();
    for (unsigned n = 0; n <= 3; n++) {
        struct error e;
        struct threads *t = n > 0 ? threads_new(n, &e) : NULL;
        for (size_t i = 0; i < sizeof limit / sizeof *limit; i++) {
            test_limit(limit[i], NULL, t, rank);
            test_limit(limit[i], &skip, t, rank);
        }
        threads_free(t);
    }
    for (size_t q = 0; q < QUERIES; q++)
        for (size_t i = 0; i < ITEMS && own[q] != RANKS_NONE; i++)
            ties += i != own[q] && score(q, i) == score(q, own[q]);
    CHECK(ties > QUERIES, "only %zu ties: they are the point", ties);
    CHECK(rank[9] == RANKS_NONE && rank[150] == RANKS_NONE,
          "a score that is not finite has a rank");
    return check_status();
}
