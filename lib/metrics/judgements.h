/*
 * judgements.h - what is relevant to which query, and how good the lists are
 *
 * Judgements are added in any order; then the lists, one for a query at most.
 * A query without a list counts as one with an empty list: its values are 0.
 *
 * Memory: 8 bytes a judgement, 20 while they are put in order; for each query
 * its key with 41 bytes; for each case 4 bytes and its values, 8 bytes each.
 */
#ifndef METRICS_JUDGEMENTS_H
#define METRICS_JUDGEMENTS_H

#include "metrics/quality.h"

struct judgements; /* opaque */

struct judgements *judgements_new(struct error *e);
void judgements_free(struct judgements *j); /* NULL is fine */

/* ITEM has GAIN for the query of this key.  *NEW says whether the query is new:
 * then its number is judgements_queries() - 1.  Refused: a gain that is below 0
 * or not finite. */
int judgements_add(struct judgements *j, const void *key, size_t len,
                   uint32_t item, float gain, bool *new, struct error *e);
uint32_t judgements_queries(const struct judgements *j);

/* All judgements are there, and lists are to be measured by Q, which is kept.
 */
int judgements_finish(struct judgements *j, struct quality *q, struct error *e);

/* Measure the LIST of the query with this key.  *JUDGED says whether there is
 * any judgement of it; if not, nothing has happened.  Refused: a second list of
 * a query. */
int judgements_measure(struct judgements *j, const void *key, size_t len,
                       const uint32_t *list, size_t length, bool *judged,
                       struct error *e);

/*
 * The cases, in the order in which the queries came.  A query whose items all
 * have a gain of 0 is a case with values of 0, where each relevant item is one
 * (struct convention) it is none.
 */
size_t judgements_cases(const struct judgements *j);
uint32_t judgements_query(const struct judgements *j, size_t case_);
const double *judgements_values(const struct judgements *j, size_t case_);

/* Queries that have had no list so far. */
uint32_t judgements_unlisted(const struct judgements *j);

#endif
