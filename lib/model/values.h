/*
 * values.h - the values of features, as a model reads them
 *
 * A feature is a column of numbers that an encoder made (features/feature.h):
 * ids of rows in an embedding table (lookup, bucketize), a list of such ids
 * whose rows are pooled (tokenize, lookup with pool=), or one number as it is
 * (normalize).
 */
#ifndef MODEL_VALUES_H
#define MODEL_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "features/feature.h"

/* Parts that models look at: PART_QUERY and PART_ITEM. */
#define MODEL_PARTS 2

/* The values of one feature in a run of rows, each at its row; somebody
 * else's memory. */
struct feature_values {
    const uint32_t *id;     /* one a row, or the lists' */
    const float *value;     /* normalize: one a row */
    const uint32_t *offset; /* lists: row r has ids offset[r] .. [r + 1] - 1 */
};

/* The values from row BEGIN on. */
static inline struct feature_values
feature_values_from(const struct feature_values *v, size_t begin)
{
    return (struct feature_values){
        .id = v->id != NULL && v->offset == NULL ? v->id + begin : v->id,
        .value = v->value != NULL ? v->value + begin : NULL,
        .offset = v->offset != NULL ? v->offset + begin : NULL,
    };
}

/* Has it a table of embeddings? */
static inline bool
feature_embedded(const struct feature *f)
{
    return f->encoder != ENCODER_NORMALIZE;
}

/* The numbers it gives to a model's first layer. */
static inline size_t
feature_width(const struct feature *f)
{
    return feature_embedded(f) ? f->dim : 1;
}

/* Are all values of the first ROWS rows fit for the model: ids below the rows
 * of the table, no padding among tokens, finite numbers? */
int feature_check(const struct feature *f, const struct feature_values *v,
                  size_t rows, struct error *e);

#endif
