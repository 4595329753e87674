/*
 * answers.h - lists of candidates behind the rows of queries, for main() only
 *
 * What goes out are the queries' columns, then candidates u32[] and scores
 * f32[], with the meta key naming what candidates are ids of.  Like everything
 * in this room, these functions do what they say or die.
 */
#ifndef FILTER_ANSWERS_H
#define FILTER_ANSWERS_H

#include "filter/input.h"
#include "filter/output.h"

struct answers; /* opaque */

/* To cli_output(): the columns of IN but column WITHOUT (-1: all), and lists of
 * at most COUNT candidates, ids of column ID. */
struct answers *answers_open(const struct input *in, long without,
                             const char *id, size_t count);
/* Complete the output. */
void answers_close(struct answers *a);
/* Rows that went out so far. */
uint64_t answers_rows(const struct answers *a);

/* So many queries of a block are to be answered at a time, for there is a limit
 * to the candidates that are held. */
uint32_t answers_at_once(const struct answers *a);

/* For these, N queries of block B of the input from FIRST on: begin, add the N
 * lists in order, each of as many ids and scores as were found, and put. */
void answers_begin(struct answers *a, const struct block *b, uint32_t first,
                   uint32_t n);
void answers_add(struct answers *a, const uint32_t *id, const float *score,
                 size_t found);
void answers_put(struct answers *a);

#endif
