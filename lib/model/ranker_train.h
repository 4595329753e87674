/*
 * ranker_train.h - the ranker learns labels
 *
 * A step takes some rows of the examples, which must have labels, and minimises
 * the mean of their cross-entropies (bce.h); or some lists of rows, and
 * minimises the mean of theirs (listwise.h).
 *
 * A model with further outputs learns the grades of the examples beside the
 * label, of rows and not of lists: output k whether a grade is at least the
 * k-th but the least of all different ones.  So the layers hear of how much
 * something was liked, and not only of whether (ordinal regression, as in Frank
 * and Hall, 2001).  The losses are added.
 */
#ifndef MODEL_RANKER_TRAIN_H
#define MODEL_RANKER_TRAIN_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/threads.h"
#include "model/examples.h"
#include "model/groups.h"
#include "model/optimizer.h"
#include "model/ranker.h"
#include "model/tensor.h"

struct ranker_train {
    uint64_t steps; /* done so far */
    size_t tensors;
    struct tensor *tensor; /* all that a step changes: the average's parameters
                              when there is one, then the model's, then what
                              the optimiser keeps of them */
    struct ranker_work *work;
};

struct ranker_options {
    struct optimizer_options optimizer;
    const float *drop; /* [features of the model]: how much of each is dropped
                          in training (input.h), or NULL; borrowed */
    float hidden;      /* the same of what comes out of layers; 0: nothing */
    uint64_t seed;     /* of what is dropped */
    const struct groups *lists; /* of the examples: then all numbers of rows
                                   below are numbers of lists, and a loss is a
                                   list's; NULL: learn row by row; borrowed */
    struct ranker
        *average; /* borrowed, or NULL: after step n it is d times what
                     it was and 1 - d times the model (ranker_copy()),
                     with d = min(KEEP, n / (n + 10)) */
    double keep;
};

/* MODEL and X, which has the model's features, are borrowed.  An item's ids are
 * dropped once a batch, for all its rows. */
struct ranker_train *ranker_train_new(struct ranker *model,
                                      const struct examples *x,
                                      const struct ranker_options *options,
                                      struct error *e);
void ranker_train_free(struct ranker_train *t); /* NULL is fine */

/*
 * Learn from the N examples numbered ROW; *LOSS is what it was before that,
 * summed, though what is minimised is the mean.  A loss that is no finite
 * number is an error, and leaves the model as it was.
 */
int ranker_step(struct ranker_train *t, const uint32_t *row, size_t n,
                struct threads *threads, double *loss, struct error *e);

/* The first half of that: the loss, and the gradient of its mean in the order
 * of the network's tensors, NULL on failure; good until the next call. */
const struct gradient *ranker_gradient(struct ranker_train *t,
                                       const uint32_t *row, size_t n,
                                       struct threads *threads, double *loss,
                                       struct error *e);

#endif
