/*
 * moments.h - the mean and the population variance of numbers
 *
 * They come from the exact sums of the numbers and of their squares, as in
 * base/sum.h; so their order does not matter, and the moments of parts make
 * those of the whole.  As rows of a vocabulary, vocabulary.h, they are the two,
 * and behind them what adds up to either sum: one row of each at least, for
 * without them moments cannot be merged.
 */
#ifndef FEATURES_MOMENTS_H
#define FEATURES_MOMENTS_H

#include <stdbool.h>

#include "base/sum.h"
#include "features/vocabulary.h"

/* Start from = { 0 }. */
struct moments {
    uint64_t n; /* numbers seen */
    struct sum sum, squares;
    bool sum_due, squares_due; /* behind the mean that was added last */
    double sum_part[SUM_PARTS], squares_part[SUM_PARTS]; /* once finished */
    unsigned sum_parts, squares_parts;
};

void moments_add(struct moments *m, double v);
/* A row of the moments of another part, whose rows come together.  Refused: a
 * mean that has no sums behind it, here or when finished. */
int moments_add_row(struct moments *m, const struct vocabulary_row *row,
                    struct error *e);

/* After at least one number; none is added any more.  Refused: a variance that
 * is no double. */
int moments_finish(struct moments *m, struct error *e);
size_t moments_rows(const struct moments *m);
struct vocabulary_row moments_row(const struct moments *m, size_t i);

#endif
