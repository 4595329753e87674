/*
 * history.h - what somebody took before
 *
 * Rows say who took what, and when.  For a row of the same or of another stream
 * the history is the list of what its WHO took before, the latest first:
 *
 *     timed       of rows with a smaller time than the row's own; so neither
 *                 the row itself is in it nor what happened at the same moment
 *     with ties   of rows of another stream with a time that is not greater,
 *                 but those that took the row's own item
 *     not timed   of the rows that came before it, in the same stream; in
 *                 another one, of all rows but those that took the row's own
 *                 item
 *
 * Memory: base/intern.h's for the distinct people and items, 290 bytes a person
 * and, beyond a person's first 16, at most 32 bytes a row that is kept.  Of
 * rows that are followed these are, for each person, at most 2 MOST + 8 and
 * those of one moment.
 */
#ifndef ROWS_HISTORY_H
#define ROWS_HISTORY_H

#include <stdbool.h>

#include "stream/table.h"

/* Where the columns are in a stream, -1 for one that it has not. */
struct history_columns {
    const struct schema *schema;
    long who, item, time;
};

struct history; /* opaque */

/* A history of what is in a stream with columns C; all but the time must be
 * there, and MOST > 0 in a list.  TIES is for what history_remember() holds.
 * Refused: columns that are no keys, items that are no scalars, times that are
 * no numbers.  C's schema is borrowed. */
struct history *history_new(const struct history_columns *c, size_t most,
                            bool ties, struct error *e);
void history_free(struct history *h); /* NULL is fine */

/* What the lists are made of. */
enum type history_type(const struct history *h);

/* On failure of the functions below *BAD is the row of B at fault. */

/*
 * Append the lists of B's rows to OUT, a builder of history_type() lists, each
 * row being remembered for those behind it.  Times must not fall.
 */
int history_follow(struct history *h, const struct block *b,
                   struct builder *out, uint32_t *bad, struct error *e);

/* Or: remember all rows of one stream, in any order, and then look up those of
 * another, whose columns C must suit. */
int history_remember(struct history *h, const struct block *b, uint32_t *bad,
                     struct error *e);
void history_finish(struct history *h);
int history_suits(const struct history *h, const struct history_columns *c,
                  struct error *e);
int history_lists(const struct history *h, const struct history_columns *c,
                  const struct block *b, struct builder *out, uint32_t *bad,
                  struct error *e);

#endif
