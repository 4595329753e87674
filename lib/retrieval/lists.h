/*
 * lists.h - the scores of items that are in lists already
 *
 * Somebody else has found the candidates; these are the scores that another
 * search (exact.h) would have given them.  A candidate's score is
 * exact_score(), so whatever found it with the same items and query gave it the
 * same number.
 */
#ifndef RETRIEVAL_LISTS_H
#define RETRIEVAL_LISTS_H

#include <stdbool.h>

#include "base/threads.h"
#include "retrieval/exact.h"

/* Row r has the candidates id[list[r]] to id[list[r + 1] - 1]. */
struct lists {
    size_t rows;
    const uint32_t *list; /* [rows + 1] */
    const uint32_t *id;   /* [list[rows]], of items in any order */
};

/*
 * SCORE [list[rows]] of each candidate of L with its row of QUERY [rows,
 * width], which is finite.  ITEMS are what X was made of.  QUERY may be NULL:
 * then a candidate's score is the first number of its item.  Returns whether
 * all candidates are items; those that are not get NaN, which nothing else
 * gets.
 */
bool lists_score(const struct exact *x, const struct exact_items *items,
                 const float *query, const struct lists *l, struct threads *t,
                 float *score);

#endif
