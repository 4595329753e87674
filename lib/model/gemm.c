#include "model/gemm.h"

#include <assert.h>
#include <cblas.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "model/tile.h"

/* Of b at a time: half of a first-level cache. */
#define CHUNK_FLOATS ((size_t)4096)
/* Rows this near each other are in few enough cache lines as they are. */
#define SPREAD 4096
/* And for so few rows of a, six tiles, a copy takes longer than it saves. */
#define FEW_ROWS ((size_t)6 * TILE_ROWS)

/* BLAS counts in int.  Shapes are bounded where models and batches are made,
 * so a larger one here is a bug of ours and not bad input. */
static int
dim(size_t n)
{
    assert(n <= INT_MAX);
    return (int)n;
}

void
gemm_single(void)
{
    openblas_set_num_threads(1);
}

static void
by_blas(size_t m, size_t n, size_t k, bool transposed, const float *a,
        size_t lda, const float *b, size_t ldb, const float *start,
        size_t ldstart, float *c, size_t ldc)
{
    /* With no rows or columns its checks of leading dimensions complain. */
    if (m == 0 || n == 0)
        return;
    if (start != NULL && start != c)
        for (size_t i = 0; i < m; i++)
            memcpy(c + i * ldc, start + i * ldstart, n * sizeof *c);
    cblas_sgemm(CblasRowMajor, transposed ? CblasTrans : CblasNoTrans,
                CblasNoTrans, dim(m), dim(n), dim(k), 1, a, dim(lda), b,
                dim(ldb), start != NULL ? 1.0f : 0.0f, c, dim(ldc));
}

/* Where the sums of a product begin and end; start may be the same as c. */
struct sums {
    const float *start;
    size_t ldstart;
    float *c;
    size_t ldc;
};

static const float zero[CHUNK_FLOATS];

static struct sums
sums_at(struct sums s, size_t column)
{
    return (struct sums){
        s.start == zero ? zero : s.start + column,
        s.ldstart,
        s.c + column,
        s.ldc,
    };
}

/* The right edge of c, N < t->cols wide, is made in memory of its own.  B is
 * as wide: it is copied. */
static void
edge(const struct tile *t, size_t m, size_t n, size_t k, struct tile_a a,
     struct tile_b b, struct sums s)
{
    float panel[TILE_DEPTH * TILE_COLS_MAX] = { 0 };
    float whole[TILE_ROWS * TILE_COLS_MAX] = { 0 };
    const struct tile_b copy = { panel, t->cols, 0 };

    for (size_t p = 0; p < k; p++)
        memcpy(panel + p * t->cols, b.at + p * b.row, n * sizeof *panel);
    for (size_t i = 0; i < m; i += TILE_ROWS, a.at += TILE_ROWS * a.row) {
        const size_t rows = m - i < TILE_ROWS ? m - i : TILE_ROWS;

        for (size_t r = 0; r < rows; r++)
            memcpy(whole + r * t->cols, s.start + (i + r) * s.ldstart,
                   n * sizeof *whole);
        t->run(rows, 1, k, a, copy, whole, t->cols, whole, t->cols);
        for (size_t r = 0; r < rows; r++)
            memcpy(s.c + (i + r) * s.ldc, whole + r * t->cols,
                   n * sizeof *whole);
    }
}

/*
 * Panels of a b with K rows that are used at a time.  When the rows of a are
 * columns in memory, and wide apart, each of their elements is in a cache line
 * of its own, of which few fit the first level: one panel goes by all of them.
 */
static size_t
panels_of_chunk(const struct tile *t, size_t k, struct tile_a a)
{
    if (a.col * k > SPREAD)
        return 1;
    return CHUNK_FLOATS / ((k > 0 ? k : 1) * t->cols);
}

/* N columns of the panels B; if the last is narrower, its rows have a distance
 * of their own. */
static void
by_panels(const struct tile *t, size_t m, size_t n, size_t k, struct tile_a a,
          struct tile_b b, size_t last_row, struct sums s)
{
    const size_t most = panels_of_chunk(t, k, a);
    size_t left = n / t->cols;

    while (left > 0) {
        const size_t panels = left < most ? left : most;

        t->run(m, panels, k, a, b, s.start, s.ldstart, s.c, s.ldc);
        b.at += panels * b.panel;
        s = sums_at(s, panels * t->cols);
        left -= panels;
    }
    b.row = last_row;
    if (n % t->cols > 0)
        edge(t, m, n % t->cols, k, a, b, s);
}

/* The same of any b[K, N], whose panels are copied, chunk by chunk. */
static void
by_copies(const struct tile *t, size_t m, size_t n, size_t k, struct tile_a a,
          const float *b, size_t ldb, struct sums s)
{
    _Alignas(64) float copy[CHUNK_FLOATS];
    const struct tile_b panels = { copy, t->cols, k * t->cols };
    const size_t most = panels_of_chunk(t, k, a) * t->cols;

    for (size_t j = 0; j < n; j += most) {
        const size_t left = n - j < most ? n - j : most;
        const size_t whole = left / t->cols * t->cols;

        for (size_t p = 0; p < k; p++)
            for (size_t i = 0; i < whole; i += TILE_COLS_MIN)
                memcpy(copy + i / t->cols * panels.panel + p * t->cols +
                           i % t->cols,
                       b + p * ldb + j + i, TILE_COLS_MIN * sizeof *copy);
        by_panels(t, m, whole, k, a, panels, 0, sums_at(s, j));
        if (whole < left)
            edge(t, m, left - whole, k, a,
                 (struct tile_b){ b + j + whole, ldb, 0 },
                 sums_at(s, j + whole));
    }
}

static void
in_place_or_copied(const struct tile *t, size_t m, size_t n, size_t k,
                   struct tile_a a, const float *b, size_t ldb, struct sums s)
{
    if (k * ldb <= SPREAD || m <= FEW_ROWS)
        by_panels(t, m, n, k, a, (struct tile_b){ b, ldb, t->cols }, ldb, s);
    else
        by_copies(t, m, n, k, a, b, ldb, s);
}

/* K in parts of TILE_DEPTH: each adds to what the one before it left in c. */
static void
by_tiles(const struct tile *t, size_t m, size_t n, size_t k, struct tile_a a,
         const float *b, size_t ldb, const float *start, size_t ldstart,
         float *c, size_t ldc)
{
    struct sums s = { start != NULL ? start : zero, start != NULL ? ldstart : 0,
                      c, ldc };
    size_t done = 0;

    do { /* once for k = 0 too */
        const size_t part = k - done < TILE_DEPTH ? k - done : TILE_DEPTH;

        in_place_or_copied(t, m, n, part, a, b + done * ldb, ldb, s);
        done += part;
        a.at += part * a.col;
        s = (struct sums){ c, ldc, c, ldc };
    } while (done < k);
}

void
gemm(size_t m, size_t n, size_t k, const float *a, size_t lda, const float *b,
     size_t ldb, const float *start, size_t ldstart, float *c, size_t ldc)
{
    const struct tile *t = tile_for_this_processor();

    if (t == NULL)
        by_blas(m, n, k, false, a, lda, b, ldb, start, ldstart, c, ldc);
    else
        by_tiles(t, m, n, k, (struct tile_a){ a, lda, 1 }, b, ldb, start,
                 ldstart, c, ldc);
}

void
gemm_tn(size_t m, size_t n, size_t k, const float *a, size_t lda,
        const float *b, size_t ldb, const float *start, size_t ldstart,
        float *c, size_t ldc)
{
    const struct tile *t = tile_for_this_processor();

    if (t == NULL)
        by_blas(m, n, k, true, a, lda, b, ldb, start, ldstart, c, ldc);
    else
        by_tiles(t, m, n, k, (struct tile_a){ a, 1, lda }, b, ldb, start,
                 ldstart, c, ldc);
}

/* The columns of a panel of a packed b. */
static size_t
packed_columns(const struct tile *t)
{
    return t != NULL ? t->cols : TILE_COLS_MAX;
}

void
gemm_pack(size_t n, size_t columns, size_t k, float factor, const float *x,
          size_t ldx, float *b)
{
    const size_t cols = packed_columns(tile_for_this_processor());

    for (size_t j = 0; j < columns; j += cols) {
        const size_t width = columns - j < cols ? columns - j : cols;

        for (size_t p = 0; p < k; p++, b += width)
            for (size_t i = 0; i < width; i++)
                b[i] = j + i < n ? factor * x[(j + i) * ldx + p] : 0;
    }
}

/* By_tiles() with such a b. */
static void
packed_by_tiles(const struct tile *t, size_t m, size_t n, size_t k,
                struct tile_a a, const float *b, const float *start,
                size_t ldstart, float *c, size_t ldc)
{
    const size_t last = n % t->cols;
    struct sums s = { start != NULL ? start : zero, start != NULL ? ldstart : 0,
                      c, ldc };
    size_t done = 0;

    do {
        const size_t part = k - done < TILE_DEPTH ? k - done : TILE_DEPTH;

        by_panels(t, m, n - last, part, a,
                  (struct tile_b){ b + done * t->cols, t->cols, k * t->cols },
                  0, s);
        if (last > 0)
            edge(t, m, last, part, a,
                 (struct tile_b){ b + (n - last) * k + done * last, last, 0 },
                 sums_at(s, n - last));
        done += part;
        a.at += part * a.col;
        s = (struct sums){ c, ldc, c, ldc };
    } while (done < k);
}

void
gemm_packed(size_t m, size_t n, size_t k, const float *a, size_t lda,
            const float *b, const float *start, size_t ldstart, float *c,
            size_t ldc)
{
    const struct tile *t = tile_for_this_processor();

    if (t != NULL) {
        packed_by_tiles(t, m, n, k, (struct tile_a){ a, lda, 1 }, b, start,
                        ldstart, c, ldc);
        return;
    }
    for (size_t j = 0; j < n; j += TILE_COLS_MAX) {
        const size_t width = n - j < TILE_COLS_MAX ? n - j : TILE_COLS_MAX;

        by_blas(m, width, k, false, a, lda, b + j * k, width,
                start != NULL ? start + j : NULL, ldstart, c + j, ldc);
    }
}
