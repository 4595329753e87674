/*
 * relevant.h - is a candidate one of those that were meant?
 *
 * An id of 0 is no item and never relevant.
 *
 * Memory of a truth of pairs: base/intern.h's for each distinct one, some 40
 * bytes and the length of a string by which queries are told apart.
 */
#ifndef ROWS_RELEVANT_H
#define ROWS_RELEVANT_H

#include "rows/value.h"

/* LABEL of each element of CANDIDATES, lists of ids in ROWS rows: 1 when it is
 * among the ids that the row has in TRUTH, a scalar or a list, else 0. */
void relevant_in_row(const struct array *truth, const struct array *candidates,
                     uint32_t rows, uint8_t *label);

/* Or, when the truth is a stream of its own: pairs of a query and an item. */
struct relevant_pairs; /* opaque */

struct relevant_pairs *relevant_pairs_new(struct error *e);
void relevant_pairs_free(struct relevant_pairs *p); /* NULL is fine */

/* A row of BY, of type T, which can be a key, and an item. */
int relevant_pairs_add(struct relevant_pairs *p, const struct array *by,
                       enum type t, size_t row, uint32_t item, struct error *e);

/* As relevant_in_row(), the row's query being in BY. */
int relevant_pairs_label(struct relevant_pairs *p, const struct array *by,
                         enum type t, const struct array *candidates,
                         uint32_t rows, uint8_t *label, struct error *e);

#endif
