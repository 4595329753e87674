/*
 * softmax.h - the retrieval loss: which item of the batch was it?
 *
 * Row i of the batch has query q_i and took item pos_i.  Its candidates are the
 * items of all rows of the batch; an item that stands in several rows counts
 * that often, but is scored once.  With c_u the distinct items, n_u how often
 * each stands in the batch, T a temperature and Q_u the probability that an
 * item gets into a batch (Bengio and Senecal, 2008),
 *
 *     s_iu = q_i . c_u / T - ln Q_u
 *     loss = sum over i of  ln(sum over u of w_iu exp(s_iu)) - s_i,pos_i
 *
 * where w_iu = n_u.  When accidental hits are masked, the other rows that took
 * the same item as row i are no candidates of it: w_iu is 1 for u = pos_i and 0
 * for any other u of the same key.  With HARDEST N, w_iu is 0 but for pos_i and
 * for the N other candidates with the largest w_iu exp(s_iu), of equal ones the
 * first (hard negative mining, as num_hard_negatives of TensorFlow
 * Recommenders; there an item that stands in two rows is two candidates).
 *
 * With p_iu = w_iu exp(s_iu) / sum, the gradients are
 *
 *     dq_i = 1/T sum over u of (p_iu - [u = pos_i]) c_u
 *     dc_u = 1/T sum over i of (p_iu - [u = pos_i]) q_i
 *
 * which is 6 B U d operations and B U exponentials for B rows, U items, width
 * d.
 *
 * The matrix of scores is never whole in memory.  A tile of it is some rows by
 * all items, as a row's sum must be known before its gradients are; it is
 * scored, exponentiated and multiplied into both gradients while it is in the
 * second-level cache: 64 Ki floats, 256 KiB, are half of a small one.  A tile
 * has as many rows as that allows, but at least 16, for each reads all of the
 * items and adds to all of their gradients, and at most 128.
 *
 * All is done in base 2: a factor of 1 / (T ln 2) goes into the transposed
 * items once a batch, ln w_u - ln Q_u is what the products' sums start from,
 * and what is left to do for an element is to subtract the row's largest, take
 * the power of 2 and add it up.  The tile is not divided by its sums: the
 * queries that it is multiplied with are, and the rows that come out.
 */
#ifndef MODEL_SOFTMAX_H
#define MODEL_SOFTMAX_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/threads.h"

struct softmax; /* opaque: scratch memory */

struct softmax_batch {
    size_t rows, candidates, dim;
    const float *query;       /* [rows, dim] */
    const float *candidate;   /* [candidates, dim] */
    const uint32_t *positive; /* [rows]: the candidate of each row */
    const uint32_t *count;    /* [candidates], each at least 1 */
    const uint32_t *key;      /* [candidates], or NULL: nothing is masked */
    const float *logq;        /* [candidates] ln Q, or NULL for 0 */
    float temperature;        /* > 0 */
    size_t hardest;           /* candidates besides the own; 0: all */
};

struct softmax *softmax_new(struct error *e);
void softmax_free(struct softmax *s); /* NULL is fine */

/* The loss in *LOSS, and its gradients in DQUERY [rows, dim] and DCANDIDATE
 * [candidates, dim].  Of the queries a rank needs, and of both gradients it
 * gets, its rows (team.h).  It can only fail for want of memory. */
int softmax_loss(struct softmax *s, const struct softmax_batch *b,
                 struct threads *t, double *loss, float *dquery,
                 float *dcandidate, struct error *e);

#endif
