/*
 * stats.h - what the other rows of the same user, or item, say
 *
 * The rows of one stream are held in groups of equal BY, each in the order of
 * time; then for a row of the same or of another stream numbers are made of its
 * group.  The row's own place in there are the rows with the same EXCEPT (and
 * the same time, if there are times): these are the row itself, and are left
 * out of everything.  A row that is not in there has a place too, before the
 * first that is not before it.  Rows of one moment are in an order that only
 * their EXCEPT decides, so that no side of it is a row's because the row is
 * held or is not.
 *
 *     mean   (sum + P m) / (n + P)   of the N others' values, with m the mean
 * of all rows, P the prior's weight in rows; m itself when n + P is 0 around
 * the same of up to K rows before and up to K rows after the place
 *
 * A value is OF, or with AT_LEAST whether OF is that much, 1 or 0; less LESS if
 * there is such a column.  Memory: 48 bytes a row
 * and base/intern.h's for the distinct values of BY and EXCEPT.
 */
#ifndef ROWS_STATS_H
#define ROWS_STATS_H

#include "stream/block.h"

/* Where the columns are in a stream, -1 for one that it has not. */
struct stats_columns {
    const struct schema *schema;
    long by, of, less, except, time;
    const double *at_least; /* or NULL */
};

struct stats; /* opaque */

/* BY and EXCEPT must be keys and the others numbers; all but BY may be missing.
 * C's schema is borrowed. */
struct stats *stats_new(const struct stats_columns *c, struct error *e);
void stats_free(struct stats *s); /* NULL is fine */

/* Hold B's rows; on failure *BAD is the one at fault. */
int stats_add(struct stats *s, const struct block *b, uint32_t *bad,
              struct error *e);
void stats_finish(struct stats *s);

/* Could rows of a stream with columns C be looked up? */
int stats_suits(const struct stats *s, const struct stats_columns *c,
                struct error *e);

/* A row's place: rows [begin, end) of its group are the row itself. */
struct stats_place {
    const struct stats_row *row; /* [n], the group */
    size_t n, begin, end;
    double time;
};

int stats_find(const struct stats *s, const struct stats_columns *c,
               const struct block *b, uint32_t row, struct stats_place *p,
               struct error *e);

size_t stats_count(const struct stats_place *p);
double stats_mean(const struct stats *s, const struct stats_place *p,
                  double prior);
double stats_around(const struct stats *s, const struct stats_place *p,
                    size_t before, size_t after, double prior);
/* From the row before, and to the one after; without such the time from the
 * first of all rows to the last. */
double stats_since(const struct stats *s, const struct stats_place *p);
double stats_until(const struct stats *s, const struct stats_place *p);
/* The share of the others that is before; without others 0. */
double stats_position(const struct stats_place *p);

#endif
