#include "model/batches.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"

/* For rng_for(); network.h has the numbers between. */
#define PURPOSE_ORDER 1
#define PURPOSE_RUN 15

/* Rows of a block: 32 KiB of each column of ids, so that reading blocks is fast
 * on any disk.  But a run has at least so many blocks that rows that came one
 * behind the other are few among those that they are mixed with. */
#define BLOCK_MOST ((size_t)8192)
#define BLOCKS_LEAST 64

#define NO_RUN SIZE_MAX

static int
set_up(struct batches *b, size_t rows, size_t size, uint64_t seed, bool shuffle,
       struct error *e)
{
    *b = (struct batches){ .rows = rows,
                           .size = size,
                           .seed = seed,
                           .shuffle = shuffle,
                           .run = rows };
    if (rows == 0)
        return error_set(e, "no rows to train on");
    if (rows > UINT32_MAX)
        return error_set(e, "%zu rows are more than %" PRIu32, rows,
                         UINT32_MAX);
    return 0;
}

int
batches_init(struct batches *b, size_t rows, size_t size, uint64_t seed,
             bool shuffle, struct error *e)
{
    if (set_up(b, rows, size, seed, shuffle, e) != 0)
        return -1;
    b->order = mem_new(rows, sizeof *b->order, e);
    return b->order != NULL ? 0 : -1;
}

/* How long runs and blocks are where ROOM rows fit into memory. */
static int
cut_runs(struct batches *b, size_t room, struct error *e)
{
    const size_t batches = batches_count(b), most = room / b->size;
    size_t runs;

    if (most == 0)
        return error_set(e,
                         "a batch of %zu rows, and memory for %zu: give "
                         "more, or a smaller --batch-size",
                         b->size, room);
    /* Runs of about the same length: a short one would mix few rows. */
    runs = (batches + most - 1) / most;
    b->run = (batches + runs - 1) / runs * b->size;
    b->block = BLOCK_MOST;
    while (b->block > 1 && b->block * BLOCKS_LEAST > b->run)
        b->block /= 2;
    b->blocks = (b->rows + b->block - 1) / b->block;
    return 0;
}

int
batches_init_runs(struct batches *b, size_t rows, size_t size, uint64_t seed,
                  bool shuffle, size_t room,
                  const struct batches_source *source, struct error *e)
{
    if (set_up(b, rows, size, seed, shuffle, e) != 0 ||
        cut_runs(b, room, e) != 0)
        return -1;
    b->source = *source;
    b->current = NO_RUN;
    b->order = mem_new(b->run, sizeof *b->order, e);
    b->block_order = mem_new(b->blocks, sizeof *b->block_order, e);
    /* Of a run's blocks two may be cut, and one is shorter than the others. */
    b->range = mem_new(b->run / b->block + 3, sizeof *b->range, e);
    return b->order != NULL && b->block_order != NULL && b->range != NULL ? 0
                                                                          : -1;
}

void
batches_free(struct batches *b)
{
    free(b->order);
    free(b->block_order);
    free(b->range);
    b->order = b->block_order = NULL;
    b->range = NULL;
}

size_t
batches_count(const struct batches *b)
{
    return (b->rows + b->size - 1) / b->size;
}

/* 0, 1, .. in the order that R gives. */
static void
set_order(const struct batches *b, struct rng r, uint32_t *order, size_t n)
{
    for (size_t i = 0; i < n; i++)
        order[i] = (uint32_t)i;
    if (b->shuffle)
        rng_shuffle_u32(&r, order, n);
}

void
batches_start(struct batches *b, uint64_t epoch)
{
    const struct rng r = rng_for(b->seed, PURPOSE_ORDER, epoch);

    b->epoch = epoch;
    b->current = NO_RUN;
    if (b->block_order != NULL)
        set_order(b, r, b->block_order, b->blocks);
    else
        set_order(b, r, b->order, b->rows);
}

static int
by_begin(const void *a, const void *b)
{
    const struct range *x = a, *y = b;

    return (x->begin > y->begin) - (x->begin < y->begin);
}

/* The rows at the places BEGIN .. END - 1 of the blocks in their order, into
 * b->range.  Sorted, for a disk reads forward faster than to and fro. */
static size_t
find_ranges(struct batches *b, size_t begin, size_t end)
{
    size_t at = 0, n = 0;

    for (size_t i = 0; i < b->blocks; i++) {
        const size_t first = b->block_order[i] * b->block;
        const size_t left = b->rows - first;
        const size_t next = at + (left < b->block ? left : b->block);

        if (next > begin && at < end) {
            const size_t from = at > begin ? at : begin;
            const size_t to = next < end ? next : end;

            b->range[n++] =
                (struct range){ first + (from - at), first + (to - at) };
        }
        at = next;
    }
    qsort(b->range, n, sizeof *b->range, by_begin);
    return n;
}

int
batches_enter(struct batches *b, size_t i, struct error *e)
{
    const size_t run = i * b->size / b->run, begin = run * b->run;
    const size_t left = b->rows - begin, rows = left < b->run ? left : b->run;
    size_t n;

    if (b->block_order == NULL || run == b->current)
        return 0;
    n = find_ranges(b, begin, begin + rows);
    if (b->source.load(b->source.ctx, b->range, n, e) != 0)
        return -1;
    set_order(b, rng_for(b->seed, PURPOSE_RUN, b->epoch << 32 | run), b->order,
              rows);
    b->current = run;
    return 0;
}

const uint32_t *
batches_rows(const struct batches *b, size_t i, size_t *n)
{
    const size_t begin = i * b->size;

    *n = b->rows - begin < b->size ? b->rows - begin : b->size;
    if (b->block_order == NULL)
        return b->order + begin;
    assert(begin / b->run == b->current);
    return b->order + begin % b->run;
}
