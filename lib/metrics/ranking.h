/*
 * ranking.h - how good a ranked list is, one formula per function
 *
 * The list has ranks from 1; an item is relevant when its gain is above 0, and
 * R is the number of relevant items, whether they are in the list or not;
 * rel(i) is 1 when the item at rank i is relevant, else 0.  Every metric is
 * taken at a depth k: what is below rank k counts as not there, and a list
 * shorter than k as if items that are not relevant followed.
 *
 * All formulas need only the ranks and gains of the relevant items, so a list
 * is looked through once for any number of metrics and depths.  Where people
 * mean different things by a name, a convention says which: see convention.h.
 * With R = 0 every metric is 0.
 */
#ifndef METRICS_RANKING_H
#define METRICS_RANKING_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "metrics/convention.h"

struct relevant {
    uint32_t id;
    float gain; /* above 0 */
    bool found;
};

/* What one list has of one set of relevant items.  Start from = { 0 }. */
struct hits {
    struct relevant *truth; /* [relevant], ids ascending */
    size_t relevant;        /* R */
    float *ideal;           /* [relevant]: their gains, the largest first */
    uint32_t *rank;         /* [count], ascending */
    float *gain;            /* [count] */
    size_t count;
    size_t length; /* of the list */
    size_t cap;    /* of all four */
};

/* This id is no item: an unknown one counts as relevant and is never found. */
#define RANKING_UNKNOWN 0

/*
 * From now on look for those of the N items of ID that have a GAIN above 0
 * (NULL: a gain of 1).  An item is relevant once, with its largest gain,
 * however often it is there.  Memory of H is used again.
 */
int hits_relevant(struct hits *h, const uint32_t *id, const float *gain,
                  size_t n, struct error *e);
/* Look for them in LIST.  An item is found once, where it is first. */
void hits_find(struct hits *h, const uint32_t *list, size_t length);
void hits_free(struct hits *h);

/* Normalised discounted cumulative gain: DCG of the list's first k over the
 * ideal one. */
double metric_ndcg(const struct hits *h, uint32_t k,
                   const struct convention *c);

/* Relevant items in the first k, over R.  C. Manning, P. Raghavan and H.
 * Schutze, "Introduction to Information Retrieval" (2008), section 8.3. */
double metric_recall(const struct hits *h, uint32_t k,
                     const struct convention *c);

/* Relevant items in the first k, over k.  The same, section 8.4. */
double metric_precision(const struct hits *h, uint32_t k,
                        const struct convention *c);

/* Average precision: the sum over i = 1 .. k of rel(i) precision(i), over R;
 * its mean over lists is MAP.  The same, section 8.4. */
double metric_average_precision(const struct hits *h, uint32_t k,
                                const struct convention *c);

/* 1 / rank of the first relevant item, 0 when it is below k; the mean is MRR.
 * E. Voorhees, "The TREC-8 question answering track report" (1999). */
double metric_reciprocal_rank(const struct hits *h, uint32_t k,
                              const struct convention *c);

/* 1 when a relevant item is in the first k, else 0; the mean is the hit rate.
 * M. Deshpande and G. Karypis, "Item-based top-N recommendation algorithms",
 * ACM TOIS 22 (2004). */
double metric_hit(const struct hits *h, uint32_t k, const struct convention *c);

/* All of them, for loops. */
struct metric {
    const char *name;
    double (*value)(const struct hits *h, uint32_t k,
                    const struct convention *c);
};

#define METRICS 6
extern const struct metric metrics[METRICS];

#endif
