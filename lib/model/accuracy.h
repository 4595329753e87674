/*
 * accuracy.h - top-k accuracy of the towers, while they learn
 *
 * The share of rows whose own item has fewer than k items above it (ranks.h),
 * over all items that stand in the training or in the validation rows.  Items
 * are told apart by their key; an unknown one (id 0) is never found.
 *
 * Memory: 4 d bytes for each item and each validation row, d being the width of
 * an embedding, twice for items; 256 bytes an item for each thread; and 4 for
 * each id that is left out.
 */
#ifndef MODEL_ACCURACY_H
#define MODEL_ACCURACY_H

#include "base/threads.h"
#include "model/examples.h"
#include "model/towers.h"

struct accuracy; /* opaque */

/* Both sets of examples are borrowed and have the model's features, one of them
 * a key; VALIDATION has a row. */
struct accuracy *accuracy_new(const struct towers *m,
                              const struct examples *training,
                              const struct examples *validation,
                              struct error *e);
void accuracy_free(struct accuracy *a); /* NULL is fine */

/*
 * From now on an item that is in one of a row's own lists does not count as
 * above the row's item: what a query took before is not what it is to be shown.
 * FEATURE [N] are the numbers of query features that are lists of ids of keys.
 * To be called once.
 */
int accuracy_leave_out(struct accuracy *a, const size_t *feature, size_t n,
                       struct error *e);

/* SHARE[i] of the validation rows that are a hit at K[i], as M is now. */
int accuracy_measure(struct accuracy *a, struct towers *m, struct threads *t,
                     const uint32_t *k, size_t n, double *share,
                     struct error *e);

/* The mean of the validation rows' nDCG at K when M was measured last: a row
 * has one item to find, so it is 1 / log2(2 + items above it), or 0 from K on
 * (metrics/ranking.h). */
double accuracy_ndcg(const struct accuracy *a, uint32_t k);

#endif
