/*
 * ranker.h - the ranking model: will this query like this item?
 *
 * One network (network.h) over the features of both parts, with tables of its
 * own and a last layer of width 1, the logit: p = 1 / (1 + exp(-logit)).
 */
#ifndef MODEL_RANKER_H
#define MODEL_RANKER_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/threads.h"
#include "model/distinct.h"
#include "model/network.h"
#include "model/pass.h"
#include "model/scratch.h"
#include "model/values.h"

struct ranker {
    struct network *net;
    struct pass *pass;
    struct floats logit; /* when there are other outputs beside it */
};

/* FEATURE and SHAPE are copied; SHAPE has the widths of the layers before the
 * last one, which is added here, and how many outputs that has beside the
 * logit: to learn by (ranker_train.h), not to be asked.  Parameters are 0 until
 * ranker_init() or somebody fills net->tensor[]. */
struct ranker *ranker_new(const struct feature *feature, size_t features,
                          const struct network_shape *shape, struct error *e);
void ranker_free(struct ranker *m); /* NULL is fine */
void ranker_init(struct ranker *m, uint64_t seed);
/* The logit and what is beside it. */
size_t ranker_outputs(const struct ranker *m);
/* The parameters of FROM, a ranker of the same shape but for its outputs; of
 * these as many as both have. */
void ranker_copy(struct ranker *to, const struct ranker *from);
/* TO = keep TO + (1 - keep) FROM, for the same. */
void ranker_mix(struct ranker *to, float keep, const struct ranker *from,
                struct threads *t);

/*
 * The logits [n] of N pairs.  Pair i is of query row QUERY[i] (NULL: row i) and
 * of the item in row ITEMS->id[ITEMS->slot[i]], as distinct_find() made it of
 * item rows; each distinct one is looked at once.  COLUMN is indexed as the
 * model's features are, query features by query row and item features by item
 * row.  The values must have passed feature_check().  NULL on failure; good
 * until the next call.
 */
const float *ranker_score(struct ranker *m, const struct feature_values *column,
                          size_t n, const uint32_t *query,
                          const struct distinct *items, struct threads *t,
                          struct error *e);

#endif
