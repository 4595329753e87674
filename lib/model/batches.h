/*
 * batches.h - which rows are trained on when
 *
 * An epoch visits every row once, in batches of a fixed size of which the last
 * may be smaller.  Its order depends on the seed and the epoch's number alone,
 * so training can be taken up again at any batch.  Memory: 4 bytes a row.
 *
 * Where not all rows fit into memory, an epoch goes in runs.  The rows are cut
 * into blocks of consecutive rows, the blocks are put in a random order, so
 * many as fit are a run, and the rows of a run are put in a random order.  A
 * run is a whole number of batches, so a block may be cut at its ends.  Then
 * the order also depends on how many rows a run may have, and the memory is 4
 * bytes a row of a run.
 */
#ifndef MODEL_BATCHES_H
#define MODEL_BATCHES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/pieces.h"

/* Where the rows of a run come from. */
struct batches_source {
    /* Make the rows of RANGE[0 .. n - 1], which ascend and do not overlap,
     * rows 0, 1, ... of what is trained on. */
    int (*load)(void *ctx, const struct range *range, size_t n,
                struct error *e);
    void *ctx;
};

struct batches {
    size_t rows, size; /* size: of a batch */
    uint64_t seed;
    bool shuffle;    /* else each epoch takes the rows as they come */
    uint32_t *order; /* [run] */
    size_t run;      /* rows of a run but the last: all of them if they fit */
    /* Of more than one run: */
    struct batches_source source;
    uint64_t epoch;
    size_t block, blocks; /* rows of a block, and how many there are */
    uint32_t *block_order;
    struct range *range; /* the rows of a run */
    size_t current;      /* the run that was loaded */
};

/* SIZE > 0; ROWS from 1 to UINT32_MAX. */
int batches_init(struct batches *b, size_t rows, size_t size, uint64_t seed,
                 bool shuffle, struct error *e);
/* The same where ROOM rows are in memory at a time and come from SOURCE.  An
 * error when they are less than a batch. */
int batches_init_runs(struct batches *b, size_t rows, size_t size,
                      uint64_t seed, bool shuffle, size_t room,
                      const struct batches_source *source, struct error *e);
void batches_free(struct batches *b); /* good for what failed */

/* How many batches an epoch has. */
size_t batches_count(const struct batches *b);

/* Set the order of epoch number EPOCH, from 0. */
void batches_start(struct batches *b, uint64_t epoch);

/* Have the rows of batch I in memory: call it before batches_rows(), with
 * ascending I lest runs are loaded again.  Without runs it does nothing. */
int batches_enter(struct batches *b, size_t i, struct error *e);

/* The rows of batch I < batches_count(), *N of them; in runs, as they were
 * loaded. */
const uint32_t *batches_rows(const struct batches *b, size_t i, size_t *n);

#endif
