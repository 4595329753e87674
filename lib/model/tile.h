/*
 * tile.h - the innermost loops of a matrix product
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
 *
 * Tiles follow each other along the rows of c, so that a c that is in no cache
 * yet is written line after line; then come the next TILE_ROWS rows.
 */
#ifndef MODEL_TILE_H
#define MODEL_TILE_H

#include <stddef.h>

#define TILE_ROWS 6
#define TILE_COLS_MIN 16 /* a multiple of this: */
#define TILE_COLS_MAX 32
/* The largest K: of 32 KiB of first-level cache 4 are a panel of b, and 8 what
 * is touched of an a that lies on its side, as wide as 32. */
#define TILE_DEPTH 64

/* Where an operand is: its rows, columns or panels are so many floats apart. */
struct tile_a {
    const float *at;
    size_t row, col;
};

struct tile_b {
    const float *at;
    size_t row, panel; /* a panel is [K, cols] */
};

struct tile {
    size_t cols;
    /* M rows by PANELS times cols columns, K <= TILE_DEPTH.  Row i of start and
     * c, which may be the same, is at START + i START_ROW and C + i C_ROW. */
    void (*run)(size_t m, size_t panels, size_t k, struct tile_a a,
                struct tile_b b, const float *start, size_t start_row, float *c,
                size_t c_row);
};

/* The best that this processor can run, NULL when it has no fused products:
 * then nothing here is faster than a BLAS. */
const struct tile *tile_for_this_processor(void);

#endif
