/*
 * towers_train.h - the two towers learn which item goes with which query
 *
 * A step takes some rows of the examples and minimises the loss of softmax.h,
 * summed over the rows: each row's item against what negatives.h finds.
 */
#ifndef MODEL_TOWERS_TRAIN_H
#define MODEL_TOWERS_TRAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/threads.h"
#include "model/examples.h"
#include "model/negatives.h"
#include "model/optimizer.h"
#include "model/tensor.h"
#include "model/towers.h"

struct towers_options {
    float temperature; /* scores are divided by it; > 0 */
    struct negatives_options negatives;
    bool accidental;   /* mask the other rows of a row's own item */
    size_t hardest;    /* only so many candidates besides the own; 0: all */
    const float *drop; /* [features of the model]: how much of each is dropped
                          in training (input.h), or NULL; borrowed */
    uint64_t seed;     /* of what is dropped */
    struct optimizer_options optimizer;
};

struct towers_train {
    uint64_t steps; /* done so far */
    size_t tensors;
    struct tensor *tensor; /* all that a step changes: the parameters of both
                              towers, then what the optimiser keeps of them */
    struct towers_work *work;
};

/* MODEL and X, which has the model's features, are borrowed. */
struct towers_train *towers_train_new(struct towers *model,
                                      const struct examples *x,
                                      const struct towers_options *options,
                                      struct error *e);
void towers_train_free(struct towers_train *t); /* NULL is fine */

/*
 * Learn from the N examples numbered ROW; *LOSS is what it was before that,
 * summed.  A loss that is no finite number is an error, and leaves the model as
 * it was.
 */
int towers_step(struct towers_train *t, const uint32_t *row, size_t n,
                struct threads *threads, double *loss, struct error *e);

/* The first half of that: the loss, and GRADIENT[part] in the order of the
 * part's tensors; good until the next call. */
int towers_gradient(struct towers_train *t, const uint32_t *row, size_t n,
                    struct threads *threads, double *loss,
                    const struct gradient *gradient[MODEL_PARTS],
                    struct error *e);

#endif
