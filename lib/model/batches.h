/*
 * batches.h - which rows are trained on when
 *
 * An epoch visits every row once, in batches of a fixed size of which the last
 * may be smaller.  Its order depends on the seed and the epoch's number alone,
 * so training can be taken up again at any batch.  Memory: 4 bytes a row.
 */
#ifndef MODEL_BATCHES_H
#define MODEL_BATCHES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct batches {
    size_t rows, size; /* size: of a batch */
    uint64_t seed;
    bool shuffle;    /* else each epoch takes the rows as they come */
    uint32_t *order; /* [rows] */
};

/* SIZE > 0; ROWS from 1 to UINT32_MAX. */
int batches_init(struct batches *b, size_t rows, size_t size, uint64_t seed,
                 bool shuffle, struct error *e);
void batches_free(struct batches *b);

/* How many batches an epoch has. */
size_t batches_count(const struct batches *b);

/* Set the order of epoch number EPOCH, from 0. */
void batches_start(struct batches *b, uint64_t epoch);

/* The rows of batch I < batches_count(), *N of them. */
const uint32_t *batches_rows(const struct batches *b, size_t i, size_t *n);

#endif
