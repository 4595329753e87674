/*
 * quality.h - all metrics at all depths, of one list after another
 *
 * The relevant items of a query make a case, or under a convention that takes
 * each of them for itself as many cases as there are.  A case has
 * quality_values() numbers: of the first metric those of all depths, then of
 * the second, ...
 */
#ifndef METRICS_QUALITY_H
#define METRICS_QUALITY_H

#include "metrics/ranking.h"

#define QUALITY_DEPTHS_MAX 64

/* Start from depths and convention, all else 0. */
struct quality {
    uint32_t depth[QUALITY_DEPTHS_MAX]; /* [depths], ascending */
    unsigned depths;
    const struct convention *convention;
    struct hits hits, one; /* one: of a case that is a single item */
};

void quality_free(struct quality *q);

size_t quality_values(const struct quality *q);

/* Value V's metric and depth, and both as a name, "ndcg@10", in OUT. */
const char *quality_metric(const struct quality *q, size_t v);
uint32_t quality_depth(const struct quality *q, size_t v);
#define QUALITY_NAME_MAX 32
void quality_name(const struct quality *q, size_t v,
                  char out[QUALITY_NAME_MAX]);

/* The relevant items of the next query, as hits_relevant() has them; *CASES is
 * how many cases they make, 0 when there are none. */
int quality_relevant(struct quality *q, const uint32_t *id, const float *gain,
                     size_t n, size_t *cases, struct error *e);
/* The values of LIST in CASE, in VALUE. */
int quality_measure(struct quality *q, size_t case_, const uint32_t *list,
                    size_t length, double *value, struct error *e);

#endif
