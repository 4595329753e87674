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
 * for any other u of the same key.
 *
 * With p_iu = w_iu exp(s_iu) / sum, the gradients are
 *
 *     dq_i = 1/T sum over u of (p_iu - [u = pos_i]) c_u
 *     dc_u = 1/T sum over i of (p_iu - [u = pos_i]) q_i
 *
 * which is 6 B U d operations and B U exponentials for B rows, U items, width
 * d.  The matrix of scores is never whole in memory: tiles of rows by all
 * items, small enough to stay in a second-level cache, are scored,
 * exponentiated and multiplied into both gradients at once.
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
};

struct softmax *softmax_new(struct error *e);
void softmax_free(struct softmax *s); /* NULL is fine */

/* The loss in *LOSS, and its gradients in DQUERY [rows, dim] and DCANDIDATE
 * [candidates, dim].  It can only fail for want of memory. */
int softmax_loss(struct softmax *s, const struct softmax_batch *b,
                 struct threads *t, double *loss, float *dquery,
                 float *dcandidate, struct error *e);

#endif
