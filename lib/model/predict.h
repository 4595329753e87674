/*
 * predict.h - what the ranker says of rows that have a query and an item each
 *
 * Memory: what 2,048 pairs take on their way through the network.
 */
#ifndef MODEL_PREDICT_H
#define MODEL_PREDICT_H

#include "base/threads.h"
#include "model/ranker.h"

struct predict; /* opaque */

struct predict *predict_new(struct ranker *m,
                            struct error *e); /* M is borrowed */
void predict_free(struct predict *p);         /* NULL is fine */

/* LOGIT [rows] of ROWS rows with features COLUMN, indexed as the model's are,
 * which have passed feature_check().  On failure *BAD is the row whose logit is
 * not a number. */
int predict_rows(struct predict *p, const struct feature_values *column,
                 size_t rows, struct threads *t, float *logit, size_t *bad,
                 struct error *e);

#endif
