/*
 * als.h - implicit alternating least squares
 *
 * A matrix factorisation (Hu, Koren and Volinsky, "Collaborative filtering for
 * implicit feedback datasets", 2008) with the loss and the regularisation of
 * Rendle, Krichene, Zhang and Koren, "Revisiting the performance of iALS on
 * item recommendation benchmarks" (2021).  With S the pairs that are there, w_u
 * the vector of query u, h_i that of item i and s_ui = w_u . h_i:
 *
 *     loss = sum over (u, i) in S of (1 - s_ui)^2
 *          + alpha sum over all u, i of s_ui^2
 *          + lambda sum over u of (n_u + alpha items)^nu |w_u|^2
 *          + lambda sum over i of (n_i + alpha queries)^nu |h_i|^2
 *
 * where n_u and n_i count pairs, and only queries and items with a pair count.
 * Given one side the other is a least-squares problem for each of its ids,
 *
 *     (sum over i in S_u of h_i h_i^T + alpha H^T H + lambda_u I) w_u
 *         = sum over i in S_u of h_i,
 *
 * d x d and solved by Cholesky.  So no step of this makes the loss larger.
 */
#ifndef MODEL_ALS_H
#define MODEL_ALS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/threads.h"
#include "model/pairs.h"

#define ALS_DIM_MAX 2048

struct als_options {
    size_t dim; /* of a vector, at most ALS_DIM_MAX */
    double alpha, lambda, nu;
    uint64_t seed;
};

struct als {
    const struct pairs *pairs;
    struct als_options options;
    float *vector[MODEL_PARTS]; /* [ids of the side, dim] */
    float *gram[MODEL_PARTS];   /* [dim, dim], the lower triangle */
    float *partial;             /* [PIECES, dim, dim] */
};

/*
 * P and the vectors are borrowed.  Items with a pair start normal with a
 * standard deviation of 0.1 / sqrt(dim), all else at 0: so als_step() is for
 * the queries first.
 */
int als_init(struct als *a, const struct pairs *p, const struct als_options *o,
             float *query, float *item, struct error *e);
void als_free(struct als *a); /* what = { 0 } made is fine */

/* Solve for the vectors of PART.  Without regularisation a system may be
 * singular, which is an error.  D^2 + 256 d floats a thread. */
int als_step(struct als *a, enum feature_part part, struct threads *t,
             struct error *e);
double als_loss(struct als *a, struct threads *t);

/* Queries without a pair, id 0 among them, get the mean of those with one: they
 * are offered what goes down well with everybody. */
void als_fill_unknown(struct als *a);

#endif
