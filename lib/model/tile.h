/*
 * tile.h - the innermost loop of a matrix product
 *
 * A tile is TILE_ROWS x cols sums that stay in registers while K products are
 * added to each:
 *
 *     c[i, j] = start[i, j] + sum over p of a[i, p] b[p, j]
 *
 * Each p loads a row of b and broadcasts an element of each row of a.
 * With 6 rows of two registers, 12 sums are under way at once, which covers the
 * latency of a fused multiplication and addition (4 cycles, 2 a cycle) and
 * leaves 4 of AVX2's 16 registers for what is loaded; 8 loads for 12
 * multiplications keep neither port waiting.
 */
#ifndef MODEL_TILE_H
#define MODEL_TILE_H

#include <stddef.h>

#define TILE_ROWS 6
#define TILE_COLS 16 /* panels are a multiple of this wide */
#define TILE_COLS_MAX 32

struct tile {
    size_t cols;
    /*
     * M rows by all columns.  Element (i, p) of a is a[i * a_row + p * a_col];
     * row p of b begins at b + p * b_row, and row i of start and c, which may
     * be the same, at start + i * start_row and c + i * c_row.
     */
    void (*run)(size_t m, size_t k, const float *a, size_t a_row, size_t a_col,
                const float *b, size_t b_row, const float *start,
                size_t start_row, float *c, size_t c_row);
};

/* The best that this processor can run, NULL when it has no fused products:
 * then nothing here is faster than a BLAS. */
const struct tile *tile_for_this_processor(void);

#endif
