/*
 * distinct.h - the distinct ids of a batch, in time proportional to the batch
 *
 * Each distinct id gets a slot, from 0 in order of first appearance.  The only
 * array as large as the table of ids is cleared id by id after use.
 */
#ifndef MODEL_DISTINCT_H
#define MODEL_DISTINCT_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/scratch.h"

struct distinct {
    size_t space;      /* ids are below this */
    uint32_t *slot_of; /* [space], the slot + 1; 0 between two calls, so that
                          pages no id falls on are never touched */
    size_t count;      /* how many elements were given */
    size_t n;          /* how many slots they have */
    struct ids id;     /* [n] */
    struct ids slot;   /* [count] of each element */
    struct ids start;  /* [n + 1] after distinct_group() */
    struct ids member; /* [count]: slot s has the elements
                          member[start[s]] .. [start[s + 1] - 1], ascending */
};

int distinct_init(struct distinct *d, size_t space, struct error *e);
void distinct_free(struct distinct *d); /* what = { 0 } made is fine */

/* The COUNT elements id[at[0]], id[at[1]], ...; AT may be NULL for 0, 1, ... */
int distinct_find(struct distinct *d, const uint32_t *id, const uint32_t *at,
                  size_t count, struct error *e);

/* After that: list the elements of each slot. */
int distinct_group(struct distinct *d, struct error *e);

/* sum[width] = the rows of x[count, width] that are slot S's, in their order.
 */
void distinct_sum(const struct distinct *d, size_t s, size_t width,
                  const float *x, float *sum);

#endif
