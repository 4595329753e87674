/*
 * negatives.h - what the items of a step's rows are compared with
 *
 * An item is here a tuple, a distinct combination of item features.
 *
 *     batch    the items of all rows of the batch, and UNIFORM more that are
 *              drawn evenly from all items of the examples (mixed negative
 *              sampling; Yang et al., 2020)
 *     all      every item of the examples, once: the full softmax, for
 *              catalogues of up to some ten thousand items
 *
 * An item that is there several times is listed once, with its count.  With
 * LOGQ each has ln Q, Q being the probability that a candidate of a batch of B
 * rows with N drawn ones is that item (Bengio and Senecal, 2008):
 *
 *     Q_u = (B f_u + N t_u / M) / (B + N)
 *
 * f_u is the share of examples with the item's key, t_u how many of the M items
 * have that key.  For
 * "all" Q is the same for each, and left out.
 */
#ifndef MODEL_NEGATIVES_H
#define MODEL_NEGATIVES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/distinct.h"
#include "model/examples.h"
#include "model/scratch.h"

enum negatives_from { NEGATIVES_BATCH, NEGATIVES_ALL };

struct negatives_options {
    enum negatives_from from;
    size_t uniform; /* drawn for each batch, not of "all" */
    bool logq;
    uint64_t seed; /* of what is drawn */
};

struct negatives {
    struct negatives_options options;
    const struct examples *x;
    struct distinct distinct;
    struct ids drawn;         /* the rows' items, then what is drawn */
    struct ids all, own;      /* for "all" */
    struct ids key_items;     /* [keys]: t, when items are drawn */
    struct ids count, key;    /* [n] */
    struct floats logq;       /* [n], when asked for */
    size_t n;                 /* candidates of this step */
    const uint32_t *id;       /* [n]: tuples of X */
    const uint32_t *positive; /* [rows]: the candidate of each row */
};

/* X is borrowed. */
int negatives_init(struct negatives *v, const struct examples *x,
                   const struct negatives_options *options, struct error *e);
void negatives_free(struct negatives *v); /* what = { 0 } made is fine */

/* The candidates of the N examples numbered ROW in step number STEP, good until
 * the next call.  What is drawn depends on the seed and STEP alone. */
int negatives_find(struct negatives *v, const uint32_t *row, size_t n,
                   uint64_t step, struct error *e);

#endif
