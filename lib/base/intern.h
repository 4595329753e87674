/*
 * intern.h - distinct byte strings, numbered from 0 in the order they came
 *
 * A hash table whose keys live in one arena: no allocation per key, and the
 * number of a key is an index for the caller's own arrays.  Memory is the sum
 * of the keys' lengths + 8 bytes a key + at most 16 bytes a key of table.
 */
#ifndef BASE_INTERN_H
#define BASE_INTERN_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define INTERN_NONE UINT32_MAX

struct intern; /* opaque */

struct intern *intern_new(struct error *e);
void intern_free(struct intern *t); /* NULL is fine */
/* Forget all keys; memory is kept for others. */
void intern_clear(struct intern *t);

/* The key's number, new or old; INTERN_NONE when memory or numbers run out. */
uint32_t intern_add(struct intern *t, const void *key, size_t len,
                    struct error *e);
/* The key's number, INTERN_NONE when it is not there. */
uint32_t intern_find(const struct intern *t, const void *key, size_t len);
/*
 * The same for N keys that stand one behind the other, key I from BYTES[AT[I]]
 * to BYTES[AT[I + 1] - 1], into NUMBER.  A table beyond the cache answers one
 * by one as slowly as memory does; here many keys wait for it together.
 */
void intern_find_all(const struct intern *t, const char *bytes,
                     const uint32_t *at, size_t n, uint32_t *number);

uint32_t intern_count(const struct intern *t);
/* The sum of the keys' lengths. */
size_t intern_bytes(const struct intern *t);
/* Key number I < count, good until the next intern_add(). */
const char *intern_key(const struct intern *t, uint32_t i, size_t *len);

#endif
