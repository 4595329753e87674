/*
 * split_order.h - the laws of split.h that put all rows in an order
 *
 * Rows are sorted by group (a user, an item; one for all rows by SPLIT_TIME),
 * in a group by time or by a random number, and of a group's rows the first go
 * to the first part, those that follow to the second, and so on.  Memory: at
 * most 25 bytes a row, 41 while they are sorted, and the groups' keys.
 */
#ifndef ROWS_SPLIT_ORDER_H
#define ROWS_SPLIT_ORDER_H

#include "rows/split.h"

struct split_order; /* opaque */

/* As split_new(), split_look() and split_plan(). */
struct split_order *split_order_new(const struct split_rule *rule,
                                    const struct schema *s, struct error *e);
void split_order_free(struct split_order *o); /* NULL is fine */
int split_order_look(struct split_order *o, const struct block *b,
                     struct error *e);
int split_order_plan(struct split_order *o, struct error *e);

/* The part of row ROW, once planned. */
uint8_t split_order_part(const struct split_order *o, uint64_t row);

#endif
