/*
 * value.h - the values of a data column, as encoders take them
 *
 * lookup takes any column of one value a row, or of a list a row when it pools:
 * text as it is, whole numbers as their decimal digits, others as the shortest
 * text that reads back the same.
 * tokenize takes text, and bucketize, normalize and threshold take finite
 * numbers.  An empty text is a text like any other.
 */
#ifndef FEATURES_VALUE_H
#define FEATURES_VALUE_H

#include "base/number.h"
#include "features/feature.h"
#include "stream/block.h"

/* Does column C suit feature F? */
int value_check_column(const struct feature *f, const struct column *c,
                       struct error *e);

/* Value R of A, a column described by C, as a key; SCRATCH holds it where it is
 * not in the column itself.  NULL for a number that is not finite. */
const char *value_key(const struct column *c, const struct array *a, size_t r,
                      char scratch[NUMBER_TEXT_MAX], size_t *len,
                      struct error *e);

/* The same as a number. */
int value_number(const struct column *c, const struct array *a, size_t r,
                 double *out, struct error *e);

/* The row that has value V of A, a column of lists. */
uint32_t value_row(const struct array *a, size_t v);

#endif
