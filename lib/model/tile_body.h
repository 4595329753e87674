/*
 * tile_body.h - the function NAME of a tile two registers of LANES wide
 *
 * Included by tile.c once for each width.  Vectors are the compilers' own (gcc
 * and clang), so that this is the same C for all; -ffp-contract=fast, which the
 * Makefile gives to tile.c alone, fuses "sum += x * row".
 */

#define PASTE(a, b) a##b
#define NAMED(a, b) PASTE(a, b)
#define register_of NAMED(register_of_, NAME)
#define memory_of NAMED(memory_of_, NAME)
#define rows_of NAMED(rows_of_, NAME)

typedef float register_of __attribute__((vector_size(4 * LANES)));
/* The same at any address, among floats. */
typedef float memory_of
    __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

/* One tile.  ROWS is a constant where this is called. */
__attribute__((always_inline, target(TARGET))) static inline void
rows_of(size_t rows, size_t k, const float *a, size_t a_row, size_t a_col,
        const float *b, size_t b_row, const float *start, size_t start_row,
        float *c, size_t c_row)
{
    register_of sum[TILE_ROWS][2];

    UNROLLED
    for (size_t i = 0; i < rows; i++) {
        const memory_of *from = (const memory_of *)(start + i * start_row);

        sum[i][0] = from[0];
        sum[i][1] = from[1];
    }
    for (size_t p = 0; p < k; p++, a += a_col, b += b_row) {
        const memory_of *row = (const memory_of *)b;
        const register_of row0 = row[0], row1 = row[1];

        UNROLLED
        for (size_t i = 0; i < rows; i++) {
            const float x = a[i * a_row];

            sum[i][0] += x * row0;
            sum[i][1] += x * row1;
        }
    }
    UNROLLED
    for (size_t i = 0; i < rows; i++) {
        memory_of *to = (memory_of *)(c + i * c_row);

        to[0] = sum[i][0];
        to[1] = sum[i][1];
    }
}

__attribute__((target(TARGET))) static void
NAME(size_t m, size_t panels, size_t k, struct tile_a a, struct tile_b b,
     const float *start, size_t start_row, float *c, size_t c_row)
{
    const size_t cols = (size_t)2 * LANES;

#define ROWS(n)                                                                \
    case n:                                                                    \
        for (size_t j = 0; j < panels; j++)                                    \
            rows_of(n, k, a.at, a.row, a.col, b.at + j * b.panel, b.row,       \
                    start + j * cols, start_row, c + j * cols, c_row);         \
        break
    while (m > 0) {
        /* The last two tiles are alike: 2 rows take as long as 4. */
        const size_t most = m < TILE_ROWS ? m : TILE_ROWS;
        const size_t rows =
            m > most && m < (size_t)2 * TILE_ROWS ? (m + 1) / 2 : most;

        switch (rows) {
            ROWS(1);
            ROWS(2);
            ROWS(3);
            ROWS(4);
            ROWS(5);
            ROWS(6);
        default: break;
        }
        m -= rows;
        a.at += rows * a.row;
        start += rows * start_row;
        c += rows * c_row;
    }
#undef ROWS
}

#undef PASTE
#undef NAMED
#undef register_of
#undef memory_of
#undef rows_of
