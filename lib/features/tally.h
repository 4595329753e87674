/*
 * tally.h - count what one feature has to know of the data
 *
 *     lookup     how often each key occurs, in lists too
 *     tokenize   how often each token occurs
 *     bucketize  the least and the largest value
 *     normalize  the number of values, their sum and that of their squares
 *     threshold  how many labels are 0 and 1
 *
 * and turn it into rows of a vocabulary.  Ids are given
 *
 *     order=bytes  to the keys in the order of their bytes
 *     order=count  to the most frequent first, and among equals to the one with
 *                  the larger bytes first, which is what Keras does; tokens
 *                  always so
 *
 * Means and variances come from exact sums, moments.h; so the order of the rows
 * does not matter, and tallies of parts make that of the whole: adding the rows
 * of their vocabularies is the same as adding all the data.  The parts come in
 * any order, the rows of each together.
 *
 * Edges are what numpy.linspace(minimum, maximum, bins) gives.
 *
 * Memory is base/intern.h's for the distinct keys + 8 bytes a key, and 24 more
 * once finished; for tokenize the same again for the texts of features/texts.h;
 * the other encoders need none.
 */
#ifndef FEATURES_TALLY_H
#define FEATURES_TALLY_H

#include "features/vocabulary.h"

struct tally; /* opaque */

/* F is copied. */
struct tally *tally_new(const struct feature *f, struct error *e);
void tally_free(struct tally *t); /* NULL is fine */

/* ROWS rows of A, described by C, which value_check_column() has approved.  On
 * failure *BAD is the row at fault. */
int tally_add(struct tally *t, const struct column *c, const struct array *a,
              uint32_t rows, uint32_t *bad, struct error *e);

/* A row of the vocabulary of another part of the data.  Refused: moments
 * without the sums that merging needs, here or when finished. */
int tally_add_row(struct tally *t, const struct vocabulary_row *row,
                  struct error *e);

/* Put what was counted in order; nothing is added any more.  Refused: numbers
 * of which there are none. */
int tally_finish(struct tally *t, struct error *e);
/* The vocabulary's rows of this feature, in order; keys are good as long as
 * the tally. */
size_t tally_rows(const struct tally *t);
struct vocabulary_row tally_row(const struct tally *t, size_t i);

#endif
