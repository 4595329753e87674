#include "model/batches.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"

#define PURPOSE_ORDER 1

int
batches_init(struct batches *b, size_t rows, size_t size, uint64_t seed,
             bool shuffle, struct error *e)
{
    *b = (struct batches){ rows, size, seed, shuffle, NULL };
    if (rows == 0)
        return error_set(e, "no rows to train on");
    if (rows > UINT32_MAX)
        return error_set(e, "%zu rows are more than %" PRIu32, rows,
                         UINT32_MAX);
    b->order = mem_new(rows, sizeof *b->order, e);
    return b->order != NULL ? 0 : -1;
}

void
batches_free(struct batches *b)
{
    free(b->order);
    b->order = NULL;
}

size_t
batches_count(const struct batches *b)
{
    return (b->rows + b->size - 1) / b->size;
}

void
batches_start(struct batches *b, uint64_t epoch)
{
    struct rng r = rng_for(b->seed, PURPOSE_ORDER, epoch);

    for (size_t i = 0; i < b->rows; i++)
        b->order[i] = (uint32_t)i;
    if (b->shuffle)
        rng_shuffle_u32(&r, b->order, b->rows);
}

const uint32_t *
batches_rows(const struct batches *b, size_t i, size_t *n)
{
    const size_t begin = i * b->size;

    *n = b->rows - begin < b->size ? b->rows - begin : b->size;
    return b->order + begin;
}
