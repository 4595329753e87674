/*
 * stats.h - what the other rows of the same user, or item, say
 *
 * The rows of one stream are held in groups of equal BY, each in the order of
 * time; then for a row of the same or of another stream numbers are made of its
 * group.  The row's own place in there are the rows with the same EXCEPT (and
 * the same time, if there are times): these are the row itself, and are left
 * out of everything.  Without EXCEPT it is the row with the same number, when a
 * stream is compared with itself, and else none.  A row that is not in there
 * has a place too, before the first that is not before it.  Rows of one moment
 * are in an order that only their EXCEPT decides, so that no side of it is a
 * row's because the row is held or is not.
 *
 * A value is OF, or with AT_LEAST whether OF is that much, 1 or 0; less LESS if
 * there is such a column.  A mean of n rows is shrunk,
 *
 *     (sum + P m) / (n + P)
 *
 * with m the mean of all rows and P the prior's weight in rows; where n + P is
 * 0 it is m.
 *
 * The sums behind means are of whole groups, so a mean is good to some 1e-16
 * times what a group adds up to.
 *
 * Memory: 40 bytes a row, up to 2.5 times that while rows are added, 8 a group,
 * and base/intern.h's for the distinct values of BY and EXCEPT.
 */
#ifndef ROWS_STATS_H
#define ROWS_STATS_H

#include <stdbool.h>
#include <stdint.h>

#include "stream/block.h"

/* Where the columns are in a stream, -1 for one that it has not. */
struct stats_columns {
    const struct schema *schema;
    long by, of, less, except, time;
    const double *at_least; /* or NULL */
    bool numbered; /* it is the stream itself that is looked up in: without
                      EXCEPT the row itself is known by its number */
};

struct stats; /* opaque */

/* BY and EXCEPT must be keys and the others numbers; all but BY may be missing.
 * C's schema must live until stats_finish(). */
struct stats *stats_new(const struct stats_columns *c, struct error *e);
void stats_free(struct stats *s); /* NULL is fine */

/* Hold B's rows; on failure *BAD is the one at fault.  Refused: a time that is
 * not finite, a value that is not or whose sum with those before is not. */
int stats_add(struct stats *s, const struct block *b, uint32_t *bad,
              struct error *e);
int stats_finish(struct stats *s, struct error *e);

/* Could rows of a stream with columns C be looked up? */
int stats_suits(const struct stats *s, const struct stats_columns *c,
                struct error *e);

/* A row that is held. */
struct stats_row {
    uint64_t order; /* of the time; 0 without times */
    uint64_t tie;   /* a hash of EXCEPT, or the number of the row, or 0 */
    uint32_t own;   /* number of EXCEPT; INTERN_NONE without such */
    uint32_t group;
    double time;
    double value; /* the row's; when all are there, of it and those before */
};

/* A row's place: rows [begin, end) of its group are the row itself. */
struct stats_place {
    const struct stats_row *row; /* [n], the group */
    size_t n, begin, end;
    double time;
    double mean, span; /* of the values and the times of all rows */
};

/* The place of row ROW of B, number NUMBER of its stream from 0; good as long
 * as S.  An error is a time that is not finite. */
int stats_find(const struct stats *s, const struct stats_columns *c,
               const struct block *b, uint32_t row, uint64_t number,
               struct stats_place *p, struct error *e);

enum stats_kind {
    STATS_COUNT,    /* of the others */
    STATS_MEAN,     /* of their values */
    STATS_BEFORE,   /* the same of the K rows before the place */
    STATS_AROUND,   /* and of the K behind it */
    STATS_SINCE,    /* time since the row before; without such the time from the
                       first of all rows to the last */
    STATS_UNTIL,    /* time until the row behind; likewise */
    STATS_POSITION, /* the share of the others that is before; of none 0 */
};

struct stats_number {
    enum stats_kind kind;
    uint32_t k;
};

/* A name for it, such as "before_5"; it takes less than STATS_NAME_MAX. */
#define STATS_NAME_MAX 32
void stats_name(const struct stats_number *n, char out[STATS_NAME_MAX]);

/* The number of place P.  With LOG counts and times x are ln(1 + x). */
double stats_value(const struct stats_place *p, const struct stats_number *n,
                   double prior, bool log);

#endif
