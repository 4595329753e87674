/*
 * popular.h - the items that are there most often
 *
 * Every query gets the same list, but for the items that are not to be returned
 * to it.  Memory: at most 48 bytes an item.
 */
#ifndef RETRIEVAL_POPULAR_H
#define RETRIEVAL_POPULAR_H

#include "retrieval/exact.h"

struct popular; /* opaque */

struct popular *popular_new(struct error *e);
void popular_free(struct popular *p); /* NULL is fine */

/* The item ID is there once more. */
int popular_add(struct popular *p, uint32_t id, struct error *e);
/* All are there: put them in order, the most frequent first and of equally
 * frequent ones the lower id. */
int popular_finish(struct popular *p, struct error *e);

/* Items, and the place in the order of the item ID: EXACT_NONE when it never
 * was there. */
size_t popular_items(const struct popular *p);
uint32_t popular_position(const struct popular *p, uint32_t id);

/* The first K items whose positions are not in SKIP, and how often they are
 * there, rounded to float, in ID and SCORE.  Returns how many there are. */
size_t popular_list(const struct popular *p, struct exact_exclude skip,
                    size_t k, uint32_t *id, float *score);

#endif
