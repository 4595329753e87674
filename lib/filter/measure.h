/*
 * measure.h - the two places where rec-ndcg finds what is relevant
 *
 * It is in the rows of the lists themselves, or in a stream of its own, where
 * each row is about one item of one query.  As everything in this room, these
 * functions do what they say or die.
 */
#ifndef FILTER_MEASURE_H
#define FILTER_MEASURE_H

#include "filter/input.h"
#include "filter/output.h"
#include "metrics/mean.h"
#include "metrics/quality.h"

/* Start from quality and in, all else 0. */
struct measured {
    struct quality quality;
    struct input *in;                               /* the lists */
    struct mean mean[METRICS * QUALITY_DEPTHS_MAX]; /* [quality_values()] */
    uint32_t longest;                               /* list */
};

/* The column that TRUTH names, or the meta key of the lists when it is NULL. */
const char *measure_truth(const struct measured *m, const char *truth);

/* Measure each row's list by the ids in column TRUTH, one or a list.  Rows
 * without any are left out, which is said. */
void measure_rows(struct measured *m, const char *truth);

/* The same, and write the rows with their values behind them; a row of several
 * cases has their means, a row that is left out has NaN.  The output is to be
 * closed. */
struct output *measure_rows_to(struct measured *m, const char *truth);

struct truth_file {
    const char *path;
    const char *by;   /* column of both streams that tells queries apart */
    const char *item; /* column of ids in this one */
    const char *gain; /* column of numbers; NULL: a gain of 1 in every row */
};

/*
 * Measure the lists by what T says of their queries.  Every query of T counts:
 * how many of them had no list is said, and how many lists had no query.  When
 * ROWS is not NULL, it gets a stream to be closed with a row for each case:
 * column t->by and the values.
 */
void measure_queries(struct measured *m, const struct truth_file *t,
                     struct output **rows);

/*
 * Sums of what was measured, as a stream to be closed: a row for each metric
 * and depth, with the exact sum, base/sum.h, of the values and of their
 * squares.
 */
struct output *measure_write_sums(const struct measured *m);
/* Add up such rows of m->in, of any number of streams in any order: what they
 * say of convention, depths and lists becomes M's. */
void measure_read_sums(struct measured *m);

#endif
