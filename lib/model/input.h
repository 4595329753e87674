/*
 * input.h - the features of one part, multiplied into a model's first layer
 *
 * The first layer sees the features side by side as x = [x_1 | x_2 | ...] and
 * computes x W.  Rows are never put together so: with W_f the rows of W that
 * belong to feature f,
 *
 *     x W = sum over f of x_f W_f,
 *
 * and for a feature whose x_f is row id of a table E, x_f W_f is needed once
 * for each distinct id of the batch:
 *
 *     forward    P = E[ids] W_f              y[i] += P[slot of i]
 *     backward   dP[s] = sum of dy[i] over the rows i of slot s
 *                dW_f = E[ids]^T dP          dE[ids] = dP W_f^T
 *
 * So the work is d x dim x width operations for d distinct ids plus one
 * addition a row and column, and dE comes out summed by id.  P and the sums are
 * 4 width bytes a slot and a row to write and to read, so this is only done
 * when at least one row in four has an id that another one has too.  Else x_f
 * is made row by row, and its product is added to y where it is.  So it is for
 * lists, which are pooled row by row into X,
 *
 *     mean   x_f = 1/n        sum of E[id] over the row's n ids
 *     sum    x_f =            sum of E[id]
 *     sqrtn  x_f = 1/sqrt(n)  sum of E[id]
 *     weighted  x_f =         sum of w[place in the list] * E[id]
 *
 * with a learned w for each of the first places, the last of which is also that
 * of all behind it (* is element by element),
 *
 * and normalize adds value x row of W.
 *
 * In training, ids can be dropped (Srivastava et al., "Dropout", 2014; as a
 * whole, so that a model learns to do without): each with the probability
 * that its feature has, a lookup's by making it 0, the unknown id, which so
 * learns what is true of anybody, and a list's by leaving it out.  What is left
 * of a sum is divided by the probability of staying.
 *
 * Without a layer there is no W: a row is x itself, and input_row() and
 * input_row_backward() take the place of what multiplies.
 *
 * A batch goes through the functions in their order here.  Those that take a
 * piece are called once for each of PIECES by any thread, and do the share of
 * piece_of(); all pieces of one are done before the next begins.
 */
#ifndef MODEL_INPUT_H
#define MODEL_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/distinct.h"
#include "model/dropout.h"
#include "model/tensor.h"
#include "model/values.h"

/* Slots whose sums are made and used up at a time: 64 x 256 floats are 64 KiB,
 * which are still in the second-level cache when they are multiplied. */
#define INPUT_SLOTS ((size_t)64)

struct input_feature {
    const struct feature *feature;
    size_t column;                /* its number among the model's features */
    size_t at;                    /* where x_f begins in x */
    const float *table;           /* [rows, dim]; NULL for normalize */
    const float *kernel;          /* W_f [dim or 1, width]; NULL: no layer */
    size_t kernel_at;             /* where W_f is among the dense layers */
    const float *weight;          /* w [positions, dim]; NULL: not weighted */
    size_t weight_at;             /* where it is among the dense layers */
    struct feature_values values; /* of this batch */
    struct distinct distinct;     /* ids, or those of all lists in a row */
    bool by_row;                  /* is there an x_f for each row, not for each
                                     distinct id? */
    struct floats x, p;
    struct ids id; /* training: those of lists, or of what was dropped from */
    struct ids start; /* training: list i has id[start[i]] .. [start[i+1]-1] */
    struct floats list_gradient; /* by rows of the table, if x is by_row */
};

struct input {
    size_t features, width; /* of the first layer, without such of x */
    struct input_feature *feature;
    size_t n; /* rows of this batch */
    const uint32_t
        *row; /* [n]: where they are in the columns; NULL: 0, 1, .. */
    bool training;
    const struct dropout *drop; /* NULL: nothing */
};

int input_init(struct input *in, size_t features, size_t width,
               struct error *e);
/* F is set up to kernel_at; at most FEATURES of input_init() are added. */
int input_add_feature(struct input *in, const struct input_feature *f,
                      struct error *e);
void input_free(struct input *in); /* what = { 0 } made is fine */

/* Take a batch of N rows of COLUMN, which is indexed as the model's features
 * are.  The arrays must stay until the batch is done.  DROP may be NULL, and
 * has to be when this is no training. */
int input_prepare(struct input *in, const struct feature_values *column,
                  size_t n, const uint32_t *row, bool training,
                  const struct dropout *drop, struct error *e);
/* Numbers, and P of the features that have one. */
void input_project(struct input *in, size_t piece);
/* y[width] = max(least, start + x_i W) for rows BEGIN to END - 1, by any
 * thread; Y is where they go.  Row i starts from row place[i] of START [..,
 * width]; PLACE may be NULL for the first. */
void input_multiply(struct input *in, size_t begin, size_t end,
                    const float *start, const uint32_t *place, float least,
                    float *y);
/* x[width] = x_i, when there is no layer; for all rows, by any thread. */
void input_row(const struct input *in, size_t i, float *x);

/* KERNEL_T at kernel_at = W_f^T, packed, of each feature.  All at once. */
void input_transpose(const struct input *in, float *kernel_t);
/* Given dy[n, width] and the transposes: add the gradients by the W_f of what
 * is made row by row, as far as rows BEGIN to END - 1 give them, into GRADIENT
 * at kernel_at.  By any thread. */
void input_backward_rows(struct input *in, size_t begin, size_t end,
                         const float *dy, const float *kernel_t,
                         float *gradient);
/* Those by the W_f of all others.  DP [INPUT_SLOTS, width] is the thread's. */
void input_backward(struct input *in, size_t piece, const float *dy,
                    const float *kernel_t, float *dp, float *gradient);
/* The same without a layer, given dx[n, width]. */
void input_row_backward(struct input *in, size_t piece, const float *dx,
                        float *gradient);
/* Sum the gradients by x that were made row by row. */
void input_backward_lists(struct input *in, size_t piece);
/* Between the ranks of a world (team.h), each of which did its pieces: ALL x,
 * or those that input_backward() and its kin made gradients of; what
 * input_backward_lists() summed. */
void input_gather(struct input *in, bool all);
void input_gather_lists(struct input *in);
/* By the table of feature number F of this input. */
struct gradient input_gradient(const struct input *in, size_t f);

#endif
