/*
 * sketch.h - quantiles of a stream of numbers in little memory
 *
 * Up to SKETCH_SIZE numbers all are kept, and quantiles are exact.  A buffer of
 * so many that is full is sorted, and every other number goes on to the next
 * level, where each stands for two (Munro and Paterson, "Selection and sorting
 * with limited storage", 1980, in the form of Manku, Rajagopalan and Lindsay,
 * 1998).  Doing so at a level where a number stands for w shifts the rank of
 * any number by at most w, and is done there once in SKETCH_SIZE w numbers: so
 * of n numbers ranks are off by at most n / SKETCH_SIZE for each level, of
 * which there are log2(n / SKETCH_SIZE).  That is 0.04 % of n for a million,
 * 0.1 % for a billion.  Which of two numbers goes on alternates: the same
 * stream gives the same answer.
 */
#ifndef STREAM_SKETCH_H
#define STREAM_SKETCH_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define SKETCH_SIZE 16384
#define SKETCH_LEVELS 48

/* Start from = { 0 }.  Memory is SKETCH_SIZE doubles a level. */
struct sketch {
    double *level[SKETCH_LEVELS]; /* [SKETCH_SIZE], NULL: none yet */
    size_t held[SKETCH_LEVELS];
    size_t
        drops_first; /* bit L: the next at level L goes on without its first */
    uint64_t count;
    uint64_t rank_error; /* what any rank is off by at most */
    /* After sketch_end(): all numbers in order, and how many stand before each.
     */
    double *value;
    uint64_t *before; /* [values + 1] */
    size_t values;
};

/* V is no NaN. */
int sketch_add(struct sketch *s, double v, struct error *e);
struct weighed {
    double value;
    uint64_t weight;
};

/* No more is added; one of these two is needed before what follows.  The second
 * is for who has counted all distinct numbers himself: ALL are these N, which
 * it sorts, and then nothing is off. */
int sketch_end(struct sketch *s, struct error *e);
int sketch_end_exact(struct sketch *s, struct weighed *all, size_t n,
                     struct error *e);
/* The least number that at least the share Q, 0 to 1, is not above.  There is
 * one number at least. */
double sketch_quantile(const struct sketch *s, double q);
/* How many are below V. */
uint64_t sketch_below(const struct sketch *s, double v);
void sketch_free(struct sketch *s);

#endif
