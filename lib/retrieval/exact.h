/*
 * exact.h - the items with the largest inner products, none missed
 *
 * A score is exact_score() of a query and an item; the answer to a query is the
 * k items with the highest scores, equal scores in the order of their ids.
 * That is exactly what scoring every item and sorting would give, whatever the
 * machine, the number of threads or the way queries are grouped.
 *
 * How: OpenBLAS multiplies tiles of queries with tiles of items, and the best
 * k + EXACT_SLACK by its sums, whose last bits mean nothing, are candidates.
 * These are scored again by exact_score().  Both kinds of score differ by less
 * than
 *
 *     (d + 2) 2^-23 |q| max |c| + d 2^-126
 *
 * (any order of summation errs by at most d u / (1 - d u) times the sum of the
 * terms' magnitudes, u = 2^-24; Higham, "Accuracy and Stability of Numerical
 * Algorithms", section 3.1), so when the k-th score is further than that above
 * the last candidate's sum, nothing that was left out can belong to the answer.
 * Otherwise, as when many items are equal, every item is scored by
 * exact_score() for this query.
 *
 * Memory: what the caller holds, 8 bytes an item, and for each thread 0.5 MiB
 * and the candidates of a tile of queries, 16 bytes * (k + EXACT_SLACK) each;
 * large k make tiles of fewer queries, so that this stays below 16 MiB or what
 * one query needs.
 */
#ifndef RETRIEVAL_EXACT_H
#define RETRIEVAL_EXACT_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/threads.h"

#define EXACT_NONE UINT32_MAX
#define EXACT_SLACK 16
#define EXACT_WIDTH_MAX ((size_t)1 << 20)

struct exact_items {
    const float *vector; /* [count, width] */
    const uint32_t *id;  /* [count], all different */
    size_t count, width;
};

/* Positions (rows of the items) not to be returned, ascending, each once. */
struct exact_exclude {
    const uint32_t *position;
    size_t count;
};

struct exact_result {
    uint32_t *id;  /* [n, k] */
    float *score;  /* [n, k] */
    size_t *count; /* [n]: fewer than k when fewer items remain */
};

struct exact; /* opaque */

/*
 * Search ITEMS, whose arrays are borrowed, for the K best, 1 <= K <= count, on
 * T's threads (NULL: the caller's).  Refused: an id that is there twice, a
 * number that is not finite.
 */
struct exact *exact_new(const struct exact_items *items, size_t k,
                        struct threads *t, struct error *e);
void exact_free(struct exact *x); /* NULL is fine */

/* The position of the item ID, or EXACT_NONE. */
uint32_t exact_position(const struct exact *x, uint32_t id);

/* Answer the queries [n, width] into OUT.  EXCLUDE is [n] or NULL.  Refused: a
 * query that is not finite. */
int exact_search(struct exact *x, const float *query, size_t n,
                 const struct exact_exclude *exclude,
                 const struct exact_result *out, struct error *e);

/* Queries so far for which every item had to be scored: about speed only, and
 * for the tests, which want to see both ways. */
uint64_t exact_full_scans(const struct exact *x);

/*
 * The inner product of Q and C: products and sums in double, where a product of
 * two floats is exact, so that fused operations change nothing; eight partial
 * sums, of the elements i with the same i mod 8; then [j] += [j + 4],
 * [j] += [j + 2], [0] += [1]; rounded to float once.
 */
float exact_score(const float *q, const float *c, size_t width);

/* The first row of V [n, width] that is not finite, N when all are. */
size_t exact_bad_row(const float *v, size_t n, size_t width);

#endif
