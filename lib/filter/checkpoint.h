/*
 * checkpoint.h - where a training run stood
 *
 * A record stream of all tensors (model/store.h) whose metas say how far the
 * run had come.  It is written beside its place and renamed, so that a power
 * cut leaves the old one or the new one.
 */
#ifndef FILTER_CHECKPOINT_H
#define FILTER_CHECKPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "filter/best.h"
#include "model/tensor.h"

struct checkpoint {
    uint64_t fingerprint;    /* of data and options */
    uint64_t epoch;          /* epochs that are finished */
    uint64_t batch;          /* batches of the next one that are finished */
    uint64_t steps;          /* of the optimiser */
    double loss;             /* summed over these batches */
    struct best_so_far best; /* zeroed without early stopping */
};

/* Both die on failure.  Load is false when PATH does not exist; it dies when
 * the file's fingerprint is not *C's. */
void checkpoint_save(const char *path, const struct checkpoint *c,
                     const struct tensor *t, size_t n);
bool checkpoint_load(const char *path, struct checkpoint *c,
                     const struct tensor *t, size_t n);

#endif
