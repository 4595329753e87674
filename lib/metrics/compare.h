/*
 * compare.h - is B better than A for the same queries, and how sure is that?
 *
 * Each query has values of A and of B, such as nDCG@10 and recall@10, and what
 * counts is their difference d = b - a.  Queries that may depend on one
 * another, such as several of one user, are of one group: groups are what is
 * drawn, and where every query is independent each is a group of its own.
 *
 *     interval  SAMPLES times as many groups as there are are drawn with
 *               replacement, and the mean of d over their queries is taken; the
 *               interval is from the 2.5th to the 97.5th percentile of these
 *               (linear between two).  B. Efron and R. Tibshirani, "An
 *               introduction to the bootstrap" (1993), chapter 13
 *     p         SAMPLES times the names A and B are exchanged in each group
 *               with chance 1/2; p is the share of mean differences at least as
 *               far from 0 as the one that was seen, which itself counts as
 *               one: (1 + n) / (1 + SAMPLES), two-sided.  M. Smucker, J. Allan
 *               and B. Carterette, "A comparison of statistical significance
 *               tests for information retrieval evaluation", CIKM 2007
 *
 * Memory: for each group 4 bytes and 8 for each value, and 8 bytes for each
 * sample of each value.
 */
#ifndef METRICS_COMPARE_H
#define METRICS_COMPARE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/threads.h"

struct comparison {
    double a, b;       /* means over queries */
    double difference; /* b - a */
    double low, high;  /* 95 % interval of the difference */
    double p;
};

struct compare; /* opaque */

/* Queries have VALUES numbers each. */
struct compare *compare_new(size_t values, struct error *e);
void compare_free(struct compare *c); /* NULL is fine */

/* A query of GROUP, counted from 0: its VALUES by A and by B.  Refused: a value
 * that is not finite. */
int compare_add(struct compare *c, uint32_t group, const double *a,
                const double *b, struct error *e);
uint64_t compare_queries(const struct compare *c);
size_t compare_groups(const struct compare *c);

/* What has been added, in OUT [VALUES], on T's threads (NULL: the caller's);
 * the same for any number of them.  There must be a query, and a sample. */
int compare_run(const struct compare *c, size_t samples, uint64_t seed,
                struct threads *t, struct comparison *out, struct error *e);

#endif
