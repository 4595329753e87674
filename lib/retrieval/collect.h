/*
 * collect.h - rows as lists: the inverse of rows/explode.h
 *
 * Consecutive rows with equal keys become one row with two lists, the items,
 * candidates u32[], and their scores, scores f32[], the highest first, and of
 * equal ones the lower id.  Its other columns are those of the first of the
 * rows.
 *
 * Memory: 8 bytes for each row of the longest list, and the lists that end in a
 * block.
 */
#ifndef RETRIEVAL_COLLECT_H
#define RETRIEVAL_COLLECT_H

#include "stream/table.h"

/* Columns. */
struct collect_rule {
    const size_t *by; /* [bys], whose values are keys */
    size_t bys;
    size_t item;  /* u32 */
    size_t score; /* numbers of any type, rounded to f32 */
};

struct collect; /* opaque */

/* Collect rows of schema S; S and the rule's array are borrowed.  Refused:
 * columns of other types. */
struct collect *collect_new(const struct schema *s,
                            const struct collect_rule *rule, struct error *e);
void collect_free(struct collect *x); /* NULL is fine */

/* Append the columns to OUT: all but the item and the score, then the lists.
 * Refused: a name that is there twice. */
int collect_columns(const struct collect *x, struct schema *out,
                    struct error *e);

/* Append the lists that are complete to OUT, whose columns these are, and count
 * them in OUT->rows.  On failure *BAD is the row of B whose score is NaN. */
int collect_rows(struct collect *x, const struct block *b, struct table *out,
                 uint32_t *bad, struct error *e);
/* There are no more rows: the last list is complete. */
int collect_finish(struct collect *x, struct table *out, struct error *e);

#endif
