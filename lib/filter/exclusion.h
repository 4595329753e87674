/*
 * exclusion.h - what --exclude and its like say, for main() only
 *
 * Like everything in this room, these functions do what they say or die.
 */
#ifndef FILTER_EXCLUSION_H
#define FILTER_EXCLUSION_H

#include "filter/input.h"
#include "retrieval/exclude.h"

/* What tells the queries IN apart: the column that --by named in *BY, or
 * input_query_key(), which *BY is then; a u32 a row. */
size_t exclusion_by(const struct input *in, const char **by);

/* The pairs of query key (column BY) and item (column ID) in PATH.  POSITION
 * tells where an item is among those OF which there are lists; items that it
 * answers EXACT_NONE for, and unknown queries, which have the key 0, are passed
 * over.  Both kinds of ids must be of the same vocabulary as those of QUERIES.
 */
struct exclude *exclusion_read(const struct input *queries, const char *path,
                               const char *by, const char *id,
                               uint32_t (*position)(const void *of,
                                                    uint32_t id),
                               const void *of);

#endif
