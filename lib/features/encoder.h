/*
 * encoder.h - columns of data into columns of numbers
 *
 *     lookup     u32    the key's id, 0 when it has none
 *       pool=     u32[]  the same for each value of a list
 *     bucketize  u32    the number of edges below the value (side=left) or not
 *                       above it (side=right), all rounded to float first
 *     normalize  f32    (value - mean) / max(sqrt(variance), 1e-7), in double
 *                       and rounded once at the end
 *     tokenize   u32[]  the tokens' ids, 1 for those that have none
 *     threshold  u8     1 when the value is at least AT, else 0
 *
 * tokenize remembers the ids of the texts of features/texts.h.
 */
#ifndef FEATURES_ENCODER_H
#define FEATURES_ENCODER_H

#include "features/vocabulary.h"

struct encoder; /* opaque */

/* For feature number F of V, a finished vocabulary that stays the caller's and
 * must live as long. */
struct encoder *encoder_new(const struct vocabulary *v, size_t f,
                            struct error *e);
void encoder_free(struct encoder *x); /* NULL is fine */

/* Append ROWS encoded rows to OUT, which was made for feature_add_column()'s
 * column.  A is described by C, which value_check_column() has approved.  On
 * failure *BAD is the row at fault. */
int encoder_run(struct encoder *x, const struct column *c,
                const struct array *a, uint32_t rows, struct builder *out,
                uint32_t *bad, struct error *e);

#endif
