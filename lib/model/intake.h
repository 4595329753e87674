/*
 * intake.h - the columns of a stream that hold a model's features
 */
#ifndef MODEL_INTAKE_H
#define MODEL_INTAKE_H

#include "features/feature.h"
#include "model/values.h"
#include "stream/block.h"

struct intake {
    size_t features;
    const struct feature *feature; /* borrowed */
    long *column; /* [features]: -1 for those of a part that is not read */
};

/*
 * Find the columns of those FEATURES of F whose part is read in a stream of
 * schema S.  Refused: a column that is missing or of another type, and a
 * feature that S describes in another way than F does, for then it was made
 * with another vocabulary.  The width of its embedding and how a list's are
 * pooled are not compared: these are the model's.
 */
int intake_init(struct intake *in, const struct feature *f, size_t features,
                bool query, bool item, const struct schema *s, struct error *e);
void intake_free(struct intake *in);

/* Point VALUES [features] into B's columns.  What is not read is left empty. */
void intake_block(const struct intake *in, const struct block *b,
                  struct feature_values *values);

/* Are all of B's values fit for the model (feature_check())? */
int intake_check(const struct intake *in, const struct block *b,
                 const struct feature_values *values, struct error *e);

#endif
