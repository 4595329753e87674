/*
 * frequent.h - the values that occur most often, in little memory
 *
 * FREQUENT_SIZE counters.  A value that has none takes a free one; where none
 * is free, all counters go down by one instead (Misra and Gries, "Finding
 * repeated elements", 1982).  So as long as there are no more distinct values,
 * all counts are exact; after that a count is too low by at most how often all
 * went down, which is at most n / (FREQUENT_SIZE + 1) of n values, and every
 * value that is more frequent than that has a counter.
 */
#ifndef STREAM_FREQUENT_H
#define STREAM_FREQUENT_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define FREQUENT_SIZE 1024
/* Of longer values only the beginning is kept; they are told apart by a hash of
 * 64 bits, as all are. */
#define FREQUENT_BYTES 64

struct frequent_value {
    uint64_t hash, count;
    size_t len; /* of the value; BYTES has no more than FREQUENT_BYTES of it */
    unsigned char bytes[FREQUENT_BYTES];
};

/* Start from = { 0 }. */
struct frequent {
    struct frequent_value *value; /* [FREQUENT_SIZE], NULL: none yet */
    size_t values;
    uint16_t *slot; /* of the hash table: 1 + a value's place, or 0 */
    uint64_t lost;  /* what a count is too low by at most */
};

int frequent_add(struct frequent *f, const void *bytes, size_t len,
                 struct error *e);
/* The most frequent first, of equal ones the lesser bytes.  No more is added.
 */
void frequent_sort(struct frequent *f);
void frequent_free(struct frequent *f);

#endif
