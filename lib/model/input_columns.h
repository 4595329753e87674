/*
 * input_columns.h - an input's share in some columns of the first layer
 *
 * What input.h does row by row and slot by slot for a whole first layer, done
 * for all rows and slots but few of its columns, in training: with J of them,
 *
 *     forward    P_J = E[ids] W_f,J               y_J[i] += P_J[slot of i]
 *     backward   dP_J[slot of i] += dy_J[i]
 *                dW_f,J = E[ids]^T dP_J           dE_J[ids] = dP_J W_f,J^T
 *
 * where dE is the sum of dE_J over the blocks J of columns.  The operations are
 * those of input.h; the memory is not: P and dP are 4 |J| bytes a slot, and
 * with 32 columns those of 2,000 slots are 256 KiB.  They stay in a
 * second-level cache, into which rows are then gathered from and added to at
 * random, where whole rows of some MiB do not fit.  No less than 32, for a
 * panel of tile.h is as wide; no more, for the cache is as large.  No two
 * blocks write the same place: dW needs no partial sums, and blocks are pieces
 * of work.
 */
#ifndef MODEL_INPUT_COLUMNS_H
#define MODEL_INPUT_COLUMNS_H

#include "model/input.h"
#include "model/vector.h"

#define INPUT_COLUMNS ((size_t)VECTOR_GATHER_WIDTH)

/* Columns AT to AT + WIDTH - 1, at most INPUT_COLUMNS. */
struct columns {
    size_t at, width;
};

/* After input_prepare() for training; PIECE as there: all x_f. */
void input_columns_rows(struct input *in, size_t piece);
/* How many numbers those of embedded features have, and how many slots there
 * are of all that have a P. */
size_t input_columns_size(const struct input *in);
size_t input_columns_slots(const struct input *in);

/* y[n, c.width] = max(least, start + x W) in columns C; row i starts from row
 * place[i] of START [.., c.width], PLACE may be NULL for the first.  P has room
 * for c.width times the slots of all features. */
void input_columns(const struct input *in, struct columns c, const float *start,
                   const uint32_t *place, float least, float *p, float *y);

/* Given dy[n, c.width]: the gradients by columns C of all W_f go into GRADIENT
 * at kernel_at, and those by all x_f, as far as these columns give them, into
 * DX [input_columns_size()], or if they are not the FIRST are added to it.  P
 * has room for c.width times input_columns_slots(), KERNEL_T is as large as the
 * first kernel. */
void input_columns_backward(const struct input *in, struct columns c,
                            const float *dy, float *kernel_t, float *p,
                            float *gradient, bool first, float *dx);
/* Between the ranks of a world (team.h): what rank FROM has at DX, to those
 * that sum it. */
void input_columns_spread(const struct input *in, unsigned from, float *dx);
/* X becomes the gradient by x, and GRADIENT gets those by weights of positions:
 * the sum of BLOCKS of them, which lie behind each other in DX.
 * input_backward_lists() comes after it. */
void input_columns_sum(struct input *in, size_t piece, size_t blocks,
                       const float *dx, float *gradient);

#endif
