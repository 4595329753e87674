/*
 * summary.h - what is in the columns of a stream, in one pass
 *
 * Memory is one record for each column.  A mean is the sum in double precision,
 * in the order of the rows, divided by the count.
 */
#ifndef STREAM_SUMMARY_H
#define STREAM_SUMMARY_H

#include "stream/block.h"

struct summary {
    uint64_t count; /* of values: for lists and vectors of all elements */
    uint64_t nan;   /* of these, not numbers; left out below */
    double sum;
    double min, max; /* for strings, of their lengths in bytes */
    /* The extremes as they are: a double does not hold every i64 and u64. */
    int64_t i64_min, i64_max;
    uint64_t u64_min, u64_max;
    uint64_t fewest, most; /* for lists: elements in a row */
    uint64_t rows;
};

/* Start from = { 0 }; A is column C of a block of ROWS rows. */
void summary_add(struct summary *s, const struct column *c,
                 const struct array *a, uint32_t rows);

/*
 * "count 10 nan 0 min 1 max 5 mean 3.5" for numbers, "count 10 shortest 1
 * longest 81" for strings, with "fewest 0 most 100" behind it for lists.  What
 * has no value, as the mean of nothing, is "-".
 */
int summary_format(const struct summary *s, const struct column *c,
                   struct buffer *out, struct error *e);

#endif
