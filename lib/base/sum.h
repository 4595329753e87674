/*
 * sum.h - sums of doubles without an error, and so the same in any order
 *
 * A number of as many bits as all doubles together span takes each value as it
 * is, and only what is read off is rounded.  So the sum of some values and that
 * of the rest, merged, are the sum of all, whichever the some are: merging is
 * associative, and its order does not matter.  R. M. Neal, "Fast exact
 * summation using small and large superaccumulators", arXiv 1505.05571 (2015).
 */
#ifndef BASE_SUM_H
#define BASE_SUM_H

#include <stdbool.h>
#include <stdint.h>

/* Chunk i counts units of 2^(32 i - 1075); two are above the largest double. */
#define SUM_CHUNKS 67
/* No sum has more parts. */
#define SUM_PARTS 42

/* Start from = { 0 }. */
struct sum {
    int64_t chunk[SUM_CHUNKS];
    uint32_t added;  /* since carries were last handed on */
    bool not_finite; /* an infinity or a NaN was added */
};

void sum_add(struct sum *s, double v);
/* X * Y without its rounding error, as long as that is no denormal number. */
void sum_add_product(struct sum *s, double x, double y);
void sum_merge(struct sum *s, const struct sum *other);

/* The double nearest to the sum, of two as near the even one; beyond all
 * doubles an infinity, and NaN once anything was that is not finite. */
double sum_value(const struct sum *s);

/* The sum as doubles that add up to it, each the nearest to what those before
 * it leave, in PART; returns how many.  Equal sums have equal parts, and adding
 * them to another sum is merging.  The sum must be finite. */
unsigned sum_parts(const struct sum *s, double part[SUM_PARTS]);

/* Of N numbers, their SUM and that of their SQUARES: N times the sum of their
 * squared distances from the mean, rounded once. */
double sum_spread(uint64_t n, const struct sum *sum, const struct sum *squares);

#endif
