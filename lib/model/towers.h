/*
 * towers.h - the retrieval model: a tower for queries and one for items
 *
 * Each tower is a network over the features of its part (network.h) and gives
 * an embedding of the same width; an item's score for a query is their dot
 * product, or with COSINE its cosine.
 */
#ifndef MODEL_TOWERS_H
#define MODEL_TOWERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/threads.h"
#include "model/network.h"
#include "model/pass.h"
#include "model/values.h"

struct towers {
    bool cosine;
    size_t dim; /* of an embedding */
    struct network *net[MODEL_PARTS];
    struct pass *pass[MODEL_PARTS];
};

/* FEATURE is copied; LAYER [layers] are the widths of both towers' layers.
 * Without layers the features of both parts must be as wide as each other.
 * Parameters are 0 until towers_init() or somebody fills net[]->tensor[]. */
struct towers *towers_new(const struct feature *feature, size_t features,
                          const uint32_t *layer, size_t layers, bool cosine,
                          struct error *e);
void towers_free(struct towers *m); /* NULL is fine */
void towers_init(struct towers *m, uint64_t seed);

/*
 * The embeddings [n, dim] of N rows of one part's features; length 1 with
 * cosine.  COLUMN is indexed as the model's features are; those of the other
 * part are not looked at.  The values must have passed feature_check().  NULL
 * on failure; good until the next call.
 */
const float *towers_embed(struct towers *m, enum feature_part part,
                          const struct feature_values *column, size_t n,
                          struct threads *t, struct error *e);

#endif
