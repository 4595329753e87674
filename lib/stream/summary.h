/*
 * summary.h - what is in the columns of a stream, in one pass
 *
 * A mean is the sum in double precision, in the order of the rows, divided by
 * the count.  Frequent values are those of frequent.h; quartiles and histograms
 * are exact where these have counted every value, else those of sketch.h.  Of
 * strings it is the lengths that are summed up and the values that are counted.
 */
#ifndef STREAM_SUMMARY_H
#define STREAM_SUMMARY_H

#include "stream/block.h"
#include "stream/frequent.h"
#include "stream/sketch.h"

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
    bool whole; /* after summary_end(): nothing but whole numbers, surely */
    struct sketch sketch;
    struct frequent frequent;
};

#define SUMMARY_BINS 16
#define SUMMARY_FREQUENT 5

/* How many numbers are in each of COUNTS bins of one width from LEAST to MOST.
 */
struct histogram {
    double least, most;
    size_t bins; /* 0: there is nothing to count */
    uint64_t count[SUMMARY_BINS];
};

/* Start from = { 0 }; A is column C of a block of ROWS rows. */
int summary_add(struct summary *s, const struct column *c,
                const struct array *a, uint32_t rows, struct error *e);
/* No more is added; needed before what follows. */
int summary_end(struct summary *s, const struct column *c, struct error *e);
void summary_free(struct summary *s);

/* A bin for each whole number when these are few, else ten; numbers that are
 * not finite are in none. */
struct histogram summary_histogram(const struct summary *s);
/* How many of the frequent values, from the first, are worth telling: not once,
 * and not by chance of which kept their counters. */
size_t summary_frequent(const struct summary *s);

/*
 * Lines for people and awk, each with what it is and the column's name before
 * it:
 *
 *     summary rating count 100000 nan 0 min 1 max 5 mean 3.52986
 *     quartiles rating q1 3 median 4 q3 4 off 0
 *     histogram rating from 1 to 5 ▂▃▇█▆ 6110 11370 27145 34174 21201
 *     distinct rating 5
 *     frequent rating 34174 4
 *
 * See rec-info(1).  What has no value, as the mean of nothing, is "-".
 */
int summary_format(const struct summary *s, const struct column *c,
                   struct buffer *out, struct error *e);
/* The same as a JSON object. */
int summary_json(const struct summary *s, const struct column *c,
                 struct buffer *out, struct error *e);

/* For these two: a number of column C as text, and a frequent value, a string
 * as it can be shown. */
int summary_number(const struct column *c, double v, int64_t i, uint64_t u,
                   struct buffer *out, struct error *e);
int summary_value(const struct column *c, const struct frequent_value *v,
                  struct buffer *out, struct error *e);

#endif
