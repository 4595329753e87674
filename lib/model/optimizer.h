/*
 * optimizer.h - one step down the gradient g, element by element
 *
 *     sgd       w -= r g
 *     adagrad   a += g^2                       a starts at 0.1
 *               w -= r g / (sqrt(a) + 1e-7)    (Duchi, Hazan and Singer, 2011)
 *     adam      m = 0.9 m + 0.1 g              m and v start at 0
 *               v = 0.999 v + 0.001 g^2
 *               w -= r sqrt(1 - 0.999^t) / (1 - 0.9^t) m / (sqrt(v) + 1e-7)
 *                                              (Kingma and Ba, 2015)
 *
 *     lazy adam the same for rows that have a gradient; those that have none
 *               keep their m, v and w, and t still counts all steps
 *
 * as Keras has them; the last one is TensorFlow Addons' LazyAdam.  Adam's means
 * decay everywhere: each step goes through whole tables.  The others leave rows
 * without a gradient alone, and so cost as much as the batch has distinct rows.
 *
 * r is the rate times the factor of the step (schedule.h).  With weight decay L
 * a step first takes
 *
 *     w -= r L w                             (Loshchilov and Hutter, 2019)
 *
 * for kernels, and for the rows of tables that have a gradient (all with a
 * penalty), with all kinds:
 * decoupled from the gradient's own scale.  Biases, which are the tensors whose
 * name ends in ".bias", do not decay.
 *
 * With an L2 penalty P the loss has P/2 w^2 more for every w of the tables that
 * are looked up, so that g has P w more for all of their rows, whether a batch
 * looks them up or not: what is rare shrinks.  A step then goes through whole
 * tables.
 */
#ifndef MODEL_OPTIMIZER_H
#define MODEL_OPTIMIZER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/threads.h"
#include "model/schedule.h"
#include "model/tensor.h"

enum optimizer_kind {
    OPTIMIZER_SGD,
    OPTIMIZER_ADAGRAD,
    OPTIMIZER_ADAM,
    OPTIMIZER_LAZY_ADAM,
};

struct optimizer_options {
    enum optimizer_kind kind;
    double rate;
    double decay;   /* L; 0: none */
    double penalty; /* P; 0: none */
    struct schedule schedule;
};

struct optimizer {
    struct optimizer_options options;
    size_t n; /* tensors that it changes */
    const struct tensor *parameter;
    bool *decays;         /* [n]: no bias */
    size_t states;        /* tensors of state: n for each kind of state */
    struct tensor *state; /* [states]: "query.0.kernel.accumulator", ... */
    float *value;         /* what these point into */
    float *dense;         /* with a penalty: gradients by whole tables */
    struct gradient *penalised; /* [n]: the same, and the others */
    char *names;
};

/* PARAMETER is borrowed, OPTIONS are copied. */
struct optimizer *optimizer_new(const struct optimizer_options *options,
                                const struct tensor *parameter, size_t n,
                                struct error *e);
void optimizer_free(struct optimizer *o); /* NULL is fine */

/* Change all tensors by their gradients; STEP counts from 1. */
void optimizer_step(struct optimizer *o, const struct gradient *gradient,
                    uint64_t step, struct threads *t);

#endif
