/*
 * must.h - calls of the library that end the program when they fail
 */
#ifndef FILTER_MUST_H
#define FILTER_MUST_H

#include <stddef.h>

#include "base/error.h"

/* After a function that may have failed: dies with E's text when STATUS is not
 * 0. */
void must(int status, const struct error *e);
/* The same for one that gives an object: P, or death when it is NULL. */
void *must_have(void *p, const struct error *e);
/* Zeroed memory, as mem_new() gives it, or die. */
void *must_new(size_t n, size_t size);
/* P with room for NEED elements, as mem_grow() gives it, or die. */
void *must_grow(void *p, size_t *cap, size_t need, size_t size);

#endif
