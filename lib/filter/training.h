/*
 * training.h - the loop that both trainers run: epochs, log, checkpoint
 *
 * A trainer says how one batch is learned from, what its tensors are and how it
 * is judged; the rest is here: the order of rows, the progress line, the log,
 * validation every so often, and a checkpoint from which a run that was
 * interrupted, by a signal or a power cut, goes on and ends with the same
 * bytes.
 */
#ifndef FILTER_TRAINING_H
#define FILTER_TRAINING_H

#include "filter/training_options.h"
#include "model/examples.h"
#include "model/tensor.h"

/* What the loop has to know of a trainer. */
struct trainee {
    void *model; /* first argument of the functions below */

    /* Learn from N rows; their summed loss is added to *LOSS. */
    int (*step)(void *model, const uint32_t *rows, size_t n, double *loss,
                struct error *e);
    struct examples *examples; /* to train on, at least 1 row */
    size_t rows; /* what batches are made of: its rows, or lists of them */

    /* Judge the model: one value for each figure of the options.  NULL: there
     * is nothing to judge it by. */
    int (*validate)(void *model, double *figure, struct error *e);

    /* All that a step changes: parameters and the optimiser's state, and how
     * many steps there were. */
    const struct tensor *tensor;
    size_t tensors;
    size_t parameters; /* so many of them, from the first on, are the model */
    uint64_t *steps;

    /* A hash of the data: a checkpoint is only good for the same data, the same
     * values of all tensors before the first step and the same options; only
     * the number of epochs may be another while the rate does not depend on
     * it. */
    uint64_t data;
    uint64_t judged; /* the same of the rows it is judged on */
};

/* First thing in main(), before the options: join the world (base/world.h) of
 * the processes that train this model together.  Only its first rank writes
 * files, standard output and messages. */
void training_start(const char *program);
/* What a step costs the network, of STEPS of them. */
void training_say_sent(uint64_t steps);

/* The optimiser that the options describe, for ROWS rows to train on. */
struct optimizer_options training_optimizer(const struct training_options *o,
                                            size_t rows);

/*
 * Run all epochs, or what a checkpoint left of them.  Dies on failure; so no
 * tensor has a value that is not finite in the end.  The checkpoint is removed
 * by training_done(), once the model is written.
 */
void training_run(const struct training_options *o, const struct trainee *t);
void training_done(const struct training_options *o);

#endif
