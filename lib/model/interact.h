/*
 * interact.h - products of features, between the input and the dense layers
 *
 * Where features interact they lie side by side, a row r of them each.
 *
 * Products come first: x_0 = r, but for each product (A, B) of two features of
 * the same width with r_A * r_B, element by element, in the place of A, and 0
 * in that of B.  Neither is seen by itself any more; where one was, models
 * overfitted.  With A a pooled history and B the item this is what a matrix
 * factorisation adds up, left to the layers behind to weigh (He et al., "Neural
 * collaborative filtering", 2017, whose GMF it is).
 *
 * Cross layers (cross.h) make x_1, x_2, ... of x_0.
 *
 * What comes out is as wide as what went in.
 */
#ifndef MODEL_INTERACT_H
#define MODEL_INTERACT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "model/network.h"
#include "model/scratch.h"

/* At work on a batch; all arrays are [rows, width of the input]. */
struct interact {
    const struct network *net;
    bool training;
    size_t tile, rows; /* rows kept of each: all, or a tile a thread */
    struct floats x;   /* r, then x_0 if there are products, x_1, ... */
    struct floats u;   /* of each cross layer; one will do without training */
    struct floats dx;  /* training: by what comes out, later by r */
    struct floats direct; /* training: what cross layers give to x_0 */
};

/* Does a network have either? */
static inline bool
network_interacts(const struct network *n)
{
    return n->cross > 0 || n->products > 0;
}

/* Room for a batch of N rows, or when it is not for training for a TILE of
 * rows of each of WORKERS threads. */
int interact_prepare(struct interact *c, const struct network *net, size_t n,
                     bool training, size_t tile, size_t workers,
                     struct error *e);
void interact_free(struct interact *c); /* what = { 0 } made is fine */

/* Rows r from ROW on, for the caller to fill. */
float *interact_rows(const struct interact *c, size_t row, unsigned worker);
/* N of them, at most a tile, forward; returns what comes out. */
const float *interact_forward(const struct interact *c, size_t row, size_t n,
                              unsigned worker);
/* What came out in training. */
const float *interact_output(const struct interact *c, size_t row);

/* The gradient from row ROW on: by what comes out, for the caller to fill, and
 * after interact_backward() by r. */
float *interact_gradient(const struct interact *c, size_t row);
/* KERNEL_T and GRADIENT have kernels and biases where the network has. */
void interact_backward(const struct interact *c, size_t row, size_t n,
                       const float *kernel_t, float *gradient);

#endif
