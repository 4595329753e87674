/*
 * exclude.h - which items are not to be returned for which query
 *
 * Pairs of a query's key and an item's position, added in any order and any
 * number of times.  Memory: 8 bytes a pair while they are added, then 4, and 12
 * for each key.
 */
#ifndef RETRIEVAL_EXCLUDE_H
#define RETRIEVAL_EXCLUDE_H

#include "retrieval/exact.h"

struct exclude; /* opaque */

struct exclude *exclude_new(struct error *e);
void exclude_free(struct exclude *x); /* NULL is fine */

int exclude_add(struct exclude *x, uint32_t key, uint32_t position,
                struct error *e);
/* All pairs are there. */
int exclude_finish(struct exclude *x, struct error *e);

/* What is not to be returned for KEY: good until X is freed. */
struct exact_exclude exclude_find(const struct exclude *x, uint32_t key);

#endif
