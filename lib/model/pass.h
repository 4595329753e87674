/*
 * pass.h - a network at work on a batch, forward and backward
 *
 * A pass owns all scratch memory, which grows to the largest batch: later
 * batches allocate nothing.  Work is cut into PIECES of the batch whatever the
 * number of threads; each has its own sum of the gradients of kernels and
 * biases, and these are added in order.
 *
 * In training, elements that come out of a layer's ReLU can be dropped
 * (Srivastava et al., "Dropout", 2014): each becomes 0 with a probability, and
 * what stays is divided by the probability of staying.
 */
#ifndef MODEL_PASS_H
#define MODEL_PASS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/threads.h"
#include "model/distinct.h"
#include "model/input.h"
#include "model/network.h"
#include "model/tensor.h"
#include "model/values.h"

struct pass; /* opaque */

/* What a network looks at; all arrays stay until the batch is done. */
struct batch {
    const struct feature_values *column; /* [features of the network] */
    size_t n;                            /* rows, at most INT32_MAX */
    const uint32_t
        *row; /* [n]: where they are in the columns; NULL: 0, 1, .. */
    /* For a network of both parts, whose item features are read elsewhere: row
     * i has the item in place id[slot[i]].  What concerns items only is done
     * once for each.  Grouped when the pass is for training. */
    const struct distinct *items;
    const struct dropout *drop; /* NULL: nothing is dropped */
};

struct pass *pass_new(const struct network *n, struct error *e);
void pass_free(struct pass *p); /* NULL is fine */

/* The network's output [n, out], which the caller may change; NULL on failure.
 * Good until the next call.  In training a rank has its own rows of it
 * (team.h). */
float *pass_forward(struct pass *p, const struct batch *b, bool training,
                    struct threads *t, struct error *e);

/*
 * What the loss makes of N rows of the output, of which BEGIN is the first and
 * all are of piece PIECE < PIECES (pieces.h): Y [n, out] becomes its gradient.
 * Any thread calls it, for the rows of a piece in their order.
 */
struct pass_loss {
    void (*run)(void *ctx, size_t piece, size_t begin, size_t n, float *y);
    void *ctx;
};

/*
 * Forward and backward at once, for a loss that knows the gradient of a row
 * from that row alone.  NULL on failure; the rest is as for pass_backward().
 * The network has layers.
 */
const struct gradient *pass_both(struct pass *p, const struct batch *b,
                                 const struct pass_loss *loss,
                                 struct threads *t, struct error *e);

/* After a pass for training: given DY [n, out], the gradient of the loss by
 * each tensor of the network, in the order of its list; good until the next
 * pass.  Of DY only this rank's rows need be there. */
const struct gradient *pass_backward(struct pass *p, float *dy,
                                     struct threads *t);

#endif
