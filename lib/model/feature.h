/*
 * feature.h - what a model knows of a feature, and the values of one
 *
 * A feature is a column of numbers that an encoder made: ids of rows in an
 * embedding table (lookup, bucketize), a list of such ids whose rows are
 * averaged (tokenize), or one number as it is (normalize).  It belongs to the
 * query part of a row or to the item part.
 */
#ifndef MODEL_FEATURE_H
#define MODEL_FEATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define FEATURE_NAME_MAX 255

enum feature_part { PART_QUERY, PART_ITEM, PARTS };

enum feature_encoder {
    ENCODER_LOOKUP,
    ENCODER_BUCKETIZE,
    ENCODER_NORMALIZE,
    ENCODER_TOKENIZE,
};

struct model_feature {
    char name[FEATURE_NAME_MAX + 1]; /* "query.user_id.lookup" */
    enum feature_part part;
    enum feature_encoder encoder;
    uint32_t rows; /* of its embedding table, and so of its ids */
    uint32_t dim;  /* of a row of the table */
    bool key;      /* a lookup of the item part that names the item */
};

/* The values of one feature in a run of rows, each at its row; somebody
 * else's memory. */
struct feature_values {
    const uint32_t *id;     /* lookup and bucketize: one a row */
    const float *value;     /* normalize: one a row */
    const uint32_t *offset; /* tokenize: row r has ids offset[r] .. [r + 1] */
};

/* Has it a table of embeddings? */
static inline bool
feature_embedded(const struct model_feature *f)
{
    return f->encoder != ENCODER_NORMALIZE;
}

/* The numbers it gives to a model's first layer. */
static inline size_t
feature_width(const struct model_feature *f)
{
    return feature_embedded(f) ? f->dim : 1;
}

/* Are all values of the first ROWS rows fit for the model: ids below the rows
 * of the table, no padding among tokens, finite numbers? */
int feature_check(const struct model_feature *f, const struct feature_values *v,
                  size_t rows, struct error *e);

#endif
