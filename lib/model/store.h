/*
 * store.h - tensors as a record stream: model files and checkpoints
 *
 * A row holds some whole rows of one tensor:
 *
 *     tensor str     its name
 *     rows   u64     its shape
 *     cols   u64
 *     first  u64     the first of the tensor's rows in this one
 *     values f32[]   a whole number of its rows, row-major
 *
 * Floats are stored as they are, so what is read back has the same bytes.
 */
#ifndef MODEL_STORE_H
#define MODEL_STORE_H

#include "model/tensor.h"
#include "stream/reader.h"
#include "stream/writer.h"

/* Add the columns above to S. */
int store_columns(struct schema *s, struct error *e);

/* Write all of T[0 .. n-1] to a stream whose columns are those above, through
 * PUT, which is given block after block and returns 0 or -1. */
int store_write(const struct tensor *t, size_t n,
                int (*put)(void *ctx, const struct block *b, struct error *e),
                void *ctx, struct error *e);

/*
 * Fill T[0 .. n-1] from R, to its end.  Each must be there, whole and once, in
 * the shape it has in T, and nothing else may be there.
 */
int store_read(struct reader *r, const struct tensor *t, size_t n,
               struct error *e);

#endif
