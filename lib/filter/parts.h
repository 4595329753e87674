/*
 * parts.h - rows scattered over several outputs
 *
 * Each part collects its rows until they are worth a block.  As everything in
 * this room, these functions do what they say or die.
 */
#ifndef FILTER_PARTS_H
#define FILTER_PARTS_H

#include "filter/output.h"

struct parts; /* opaque */

/* COUNT streams, at most SPLIT_PARTS_MAX, of schema S, which is kept, to the
 * files NAME; one set at a time. */
struct parts *parts_open(char *const *name, size_t count,
                         const struct schema *s);
/* Row R of B goes to part PART[R] < COUNT. */
void parts_put(struct parts *p, const struct block *b, const uint8_t *part);
/* Write what is left; then the rows of part I are counted. */
void parts_flush(struct parts *p);
uint64_t parts_rows(const struct parts *p, size_t i);
/* The files appear together. */
void parts_close(struct parts *p);

#endif
