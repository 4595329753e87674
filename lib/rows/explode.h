/*
 * explode.h - lists as rows: a row for each element
 *
 * Some lists of a row, all of the same length, are gone through together.  The
 * rows that come of it have
 *
 *     the row's other columns, repeated
 *     an element of each list, as a scalar
 *     list u64   the number of the row that it was in, from 1
 *     rank u32   its place there, from 1
 *
 * and those of one list follow each other.  Nothing comes of an empty list.
 *
 * A list of numbers may be standardized: x becomes (x - m) / s, m being the
 * mean of the row's list and s its standard deviation, the square root of the
 * mean of (x - m)^2; where all are equal it becomes 0.
 *
 * Memory: 8 bytes for each element of the largest block, 4 more for each list
 * that is standardized, and BLOCK_ROWS rows.
 */
#ifndef ROWS_EXPLODE_H
#define ROWS_EXPLODE_H

#include <stdbool.h>

#include "stream/table.h"

struct explode_list {
    const char *name; /* of the column that is made */
    size_t from;      /* a column of lists */
    bool standardize; /* then it is f32 */
};

struct explode; /* opaque */

/* Go through the N lists LIST of rows of schema S.  S, LIST and its names are
 * borrowed.  Refused: what is no list, or not of numbers and to be
 * standardized. */
struct explode *explode_new(const struct schema *s,
                            const struct explode_list *list, size_t n,
                            struct error *e);
void explode_free(struct explode *x); /* NULL is fine */

/* Append the columns to OUT.  Refused: a name that is there twice. */
int explode_columns(const struct explode *x, struct schema *out,
                    struct error *e);

/* Begin with B, which is borrowed until explode_next() has come to its end.  On
 * failure *BAD is the row whose lists have different lengths, or a number that
 * is to be standardized and not finite. */
int explode_start(struct explode *x, const struct block *b, uint32_t *bad,
                  struct error *e);
/* Append the next rows, BLOCK_ROWS at most, to OUT, whose columns are those of
 * explode_columns(), and maybe others behind them: 1, at the end 0, or -1.  The
 * rows are about *N elements of B's lists from number *FIRST on. */
int explode_next(struct explode *x, struct builder *out, size_t *first,
                 size_t *n, struct error *e);

#endif
