/*
 * predicate.h - which rows of a block meet conditions
 *
 * A condition is COLUMN OP VALUE, such as rating >= 4.
 *
 * Integers are compared exactly, whatever their type and also with a VALUE
 * that has a fraction or that the column could never hold.  Floating point
 * columns are compared with VALUE rounded to their type, so that the number
 * rec-to prints is found again by =; a NaN meets != and nothing else.  Strings
 * are compared byte by byte, and one that begins the other is the smaller.
 */
#ifndef ROWS_PREDICATE_H
#define ROWS_PREDICATE_H

#include "stream/block.h"

/* What a comparison can give; an operator is the set of those it accepts. */
enum { IS_BELOW = 1, IS_EQUAL = 2, IS_ABOVE = 4, IS_UNORDERED = 8 };

/* The set for "=", "==", "!=", "<", "<=", ">" or ">="; 0 for other text. */
unsigned predicate_operator(const char *text);

struct predicate; /* opaque */

/* A row meets it when all conditions hold, or with ANY at least one.  There is
 * room for MOST of them, for which no memory has to be found later. */
struct predicate *predicate_new(bool any, size_t most, struct error *e);
void predicate_free(struct predicate *p); /* NULL is fine */

/* Add the condition for column INDEX, described by C.  VALUE is borrowed.
 * Refused: columns that are no scalars, a VALUE that is no number for a column
 * of numbers. */
int predicate_add(struct predicate *p, size_t index, const struct column *c,
                  unsigned accepted, const char *value, struct error *e);

/* Put the numbers of B's rows that meet it into ROW, which has room for all;
 * returns how many they are. */
uint32_t predicate_rows(const struct predicate *p, const struct block *b,
                        uint32_t *row);

#endif
