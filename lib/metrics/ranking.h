/*
 * ranking.h - how good a ranked list is, one formula per function
 *
 * Relevance is binary.  The list has ranks from 1; R is the number of relevant
 * items, whether they are in the list or not; rel(i) is 1 when the item at rank
 * i is relevant, else 0.  Every metric is taken at a depth k: what is below
 * rank k counts as not there, and a list shorter than k as if items that are
 * not relevant followed.
 *
 * All formulas need only the ranks of the relevant items, so a list is looked
 * through once for any number of metrics and depths.  All have the conventions
 * of trec_eval (ndcg_cut, recall, P, map_cut, recip_rank, success).
 */
#ifndef METRICS_RANKING_H
#define METRICS_RANKING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* What one list has of one set of relevant items.  Start from = { 0 }. */
struct hits {
    uint32_t *rank; /* [count], ascending */
    size_t count;
    size_t relevant; /* R */
    uint32_t *truth; /* [relevant], ascending */
    bool *found;     /* [relevant] */
    size_t cap;      /* of all three */
};

/* This id is no item: an unknown one counts as relevant and is never found. */
#define RANKING_UNKNOWN 0

/*
 * Look for the TRUTHS relevant items in LIST.  An item is relevant once,
 * however often it is in TRUTH, and found once, where it is first.  Memory of H
 * is used again.
 */
int hits_find(struct hits *h, const uint32_t *list, size_t length,
              const uint32_t *truth, size_t truths, struct error *e);
void hits_free(struct hits *h);

/*
 * Normalised discounted cumulative gain:
 *
 *     sum over i = 1 .. k of rel(i) / log2(i + 1)
 *     -------------------------------------------
 *     sum over i = 1 .. min(k, R) of 1 / log2(i + 1)
 *
 * K. Jarvelin and J. Kekalainen, "Cumulated gain-based evaluation of IR
 * techniques", ACM TOIS 20 (2002), with the discount of C. Burges et al.,
 * "Learning to rank using gradient descent", ICML 2005.
 */
double metric_ndcg(const struct hits *h, uint32_t k);

/* Relevant items in the first k / R.  C. Manning, P. Raghavan and H. Schutze,
 * "Introduction to Information Retrieval" (2008), section 8.3. */
double metric_recall(const struct hits *h, uint32_t k);

/* Relevant items in the first k / k.  The same, section 8.4. */
double metric_precision(const struct hits *h, uint32_t k);

/*
 * Average precision: the sum over i = 1 .. k of rel(i) precision(i), / R; its
 * mean over lists is MAP.  The same, section 8.4.  The divisor is R at every
 * depth; others divide by min(k, R).
 */
double metric_average_precision(const struct hits *h, uint32_t k);

/* 1 / rank of the first relevant item, 0 when it is below k; the mean is MRR.
 * E. Voorhees, "The TREC-8 question answering track report" (1999). */
double metric_reciprocal_rank(const struct hits *h, uint32_t k);

/* 1 when a relevant item is in the first k, else 0; the mean is the hit rate.
 * M. Deshpande and G. Karypis, "Item-based top-N recommendation algorithms",
 * ACM TOIS 22 (2004). */
double metric_hit(const struct hits *h, uint32_t k);

/* All of them, for loops. */
struct metric {
    const char *name;
    double (*value)(const struct hits *h, uint32_t k);
};

#define METRICS 6
extern const struct metric metrics[METRICS];

#endif
