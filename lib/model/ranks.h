/*
 * ranks.h - where each row's own item stands among all items
 *
 * The rank of a row is the number of items that score strictly higher for its
 * query than its own item does, so it is a hit at k when its rank is below k,
 * as TensorFlow Recommenders' FactorizedTopK counts.
 */
#ifndef MODEL_RANKS_H
#define MODEL_RANKS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/threads.h"

#define RANKS_NONE UINT32_MAX

/* Items that are not counted for query q, though they may score higher:
 * item[offset[q] .. offset[q + 1]), each once.  The own one may be among them.
 */
struct ranks_skip {
    const uint32_t *offset; /* [n + 1] */
    const uint32_t *item;
};

/*
 * RANK [n] of the queries [n, d] whose own items are OWN [n], rows of the items
 * [m, d].  Ranks below LIMIT are exact; where the rank is LIMIT or more, what
 * is returned is something between LIMIT and it, and takes less time when items
 * that are above many others come first.  The rank is RANKS_NONE when the own
 * item is, and when its score is not finite.  SKIP may be NULL.  Memory:
 * another copy of the items, 4 n bytes, and for each thread 171 m and 256 d
 * bytes.
 */
int ranks_find(size_t n, size_t m, size_t d, const float *query,
               const float *item, const uint32_t *own,
               const struct ranks_skip *skip, uint32_t limit, struct threads *t,
               uint32_t *rank, struct error *e);

#endif
