/*
 * ease.h - an item-item model in closed form
 *
 * EASE^R (Steck, "Embarrassingly shallow autoencoders for sparse data", 2019):
 * with X the query x item matrix of ones, the B of zero diagonal that minimises
 *
 *     |X - X B|^2 + lambda |B|^2
 *
 * is B = I - P diag(P)^-1 for P = (X^T X + lambda I)^-1, that is
 *
 *     b_ij = -p_ij / p_jj,   b_jj = 0.
 *
 * The score of item j for who took the items S is the sum of b_ij over i in S.
 */
#ifndef MODEL_EASE_H
#define MODEL_EASE_H

#include "base/error.h"
#include "base/threads.h"
#include "model/pairs.h"

/* 6.4 GB while it is solved. */
#define EASE_ITEMS_MAX 20000

/* Can so many ids of items, 0 among them, be dealt with?  Refused: no item, or
 * more than EASE_ITEMS_MAX. */
int ease_check(size_t ids, struct error *e);

/*
 * B[ids of items, ids of items - 1]: what item i says for item j is in row i
 * and column j - 1, for id 0 is no item.  Rows and columns of items without a
 * pair are 0.  LAMBDA > 0.  Takes 8 bytes for each pair of items and n^3 + the
 * sum of the squares of all queries' lengths operations.  What ease_check()
 * refuses is refused.
 */
int ease_solve(const struct pairs *p, double lambda, float *b,
               struct threads *t, struct error *e);

/* X[ids, ids - 1]: item j has a 1 in column j - 1 and else 0. */
void ease_identity(size_t ids, float *x);

#endif
