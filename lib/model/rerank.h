/*
 * rerank.h - lists of candidates in the order of the ranking model
 *
 * Candidates are sorted by their logit, equal ones by their id; what is handed
 * back is the probability.
 */
#ifndef MODEL_RERANK_H
#define MODEL_RERANK_H

#include "base/threads.h"
#include "model/ranker.h"

struct rerank; /* opaque */

/*
 * COLUMN holds the item features of N items, indexed as the model's features
 * are; ID [n] are their ids, all different.  Arrays and model are borrowed.
 * Memory: some 32 bytes an item, 20 bytes a candidate of the largest block, and
 * scratch for 4,096 pairs.
 */
struct rerank *rerank_new(struct ranker *m, const struct feature_values *column,
                          const uint32_t *id, size_t n, struct error *e);
void rerank_free(struct rerank *r); /* NULL is fine */

/* The lists of some rows: row i has values [list[i]] to [list[i + 1] - 1]. */
struct candidates {
    size_t rows;
    const uint32_t *list;
    const uint32_t *id;
};

/*
 * Order the first DEPTH candidates of each list and drop the rest.  COLUMN
 * holds the rows' query features.  ID and PROBABILITY take the result, list
 * after list, with LIST [rows + 1] for where they begin; they have room for as
 * many as go in.  -1 when a candidate is none of the items.
 */
int rerank_lists(struct rerank *r, const struct feature_values *column,
                 const struct candidates *in, uint32_t depth, struct threads *t,
                 uint32_t *list, uint32_t *id, float *probability,
                 struct error *e);

#endif
