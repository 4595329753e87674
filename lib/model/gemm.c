#include "model/gemm.h"

#include <assert.h>
#include <cblas.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "model/tile.h"

/* Of b at a time; rows this near each other need no copy. */
#define PANEL_ROWS 128
#define PANEL_SPREAD 4096
/* And for so few rows of a, a copy takes longer than it saves. */
#define FEW_ROWS 40

/* Columns of a block: PANEL_ROWS of them are no further spread than that. */
#define BLOCK (PANEL_SPREAD / PANEL_ROWS)

struct matrix {
    const float *at;
    size_t row, col; /* distance of two rows, of two columns */
};

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

/* PANEL [k, cols] = the first COLS columns of B, of which there are N. */
static void
copy_panel(size_t n, size_t k, size_t cols, const float *b, size_t ldb,
           float *panel)
{
    if (n < cols)
        memset(panel, 0, k * cols * sizeof *panel);
    for (size_t p = 0; p < k; p++, panel += cols, b += ldb)
        if (n < cols)
            memcpy(panel, b, n * sizeof *panel);
        else
            for (size_t j = 0; j < cols; j += TILE_COLS)
                memcpy(panel + j, b + j, TILE_COLS * sizeof *panel);
}

/* The right edge of c, N < t->cols wide, is made in memory of its own. */
static void
edge(const struct tile *t, size_t m, size_t n, size_t k, struct matrix a,
     const float *panel, const float *start, size_t ldstart, float *c,
     size_t ldc)
{
    float whole[TILE_ROWS * TILE_COLS_MAX] = { 0 };

    for (size_t i = 0; i < m; i += TILE_ROWS) {
        const size_t rows = m - i < TILE_ROWS ? m - i : TILE_ROWS;

        for (size_t r = 0; r < rows; r++)
            memcpy(whole + r * t->cols, start + (i + r) * ldstart,
                   n * sizeof *c);
        t->run(rows, k, a.at + i * a.row, a.row, a.col, panel, t->cols, whole,
               t->cols, whole, t->cols);
        for (size_t r = 0; r < rows; r++)
            memcpy(c + (i + r) * ldc, whole + r * t->cols, n * sizeof *c);
    }
}

/* At most PANEL_ROWS of k. */
static void
by_tiles(const struct tile *t, size_t m, size_t n, size_t k, struct matrix a,
         const float *b, size_t ldb, const float *start, size_t ldstart,
         float *c, size_t ldc)
{
    static const float zero[TILE_COLS_MAX];
    _Alignas(64) float panel[PANEL_ROWS * TILE_COLS_MAX];

    for (size_t j = 0; j < n; j += t->cols) {
        const float *from = start != NULL ? start + j : zero;

        if (n - j >= t->cols && (k * ldb <= PANEL_SPREAD || m <= FEW_ROWS)) {
            t->run(m, k, a.at, a.row, a.col, b + j, ldb, from, ldstart, c + j,
                   ldc);
            continue;
        }
        copy_panel(n - j, k, t->cols, b + j, ldb, panel);
        if (n - j < t->cols)
            edge(t, m, n - j, k, a, panel, from, ldstart, c + j, ldc);
        else
            t->run(m, k, a.at, a.row, a.col, panel, t->cols, from, ldstart,
                   c + j, ldc);
    }
}

static void
in_panels(const struct tile *t, size_t m, size_t n, size_t k, struct matrix a,
          const float *b, size_t ldb, const float *start, size_t ldstart,
          float *c, size_t ldc)
{
    size_t done = 0;

    if (start == NULL)
        ldstart = 0;
    do { /* once for k = 0 too */
        const size_t part = k - done < PANEL_ROWS ? k - done : PANEL_ROWS;

        by_tiles(t, m, n, part, a, b + done * ldb, ldb, start, ldstart, c, ldc);
        done += part;
        a.at += part * a.col;
        start = c;
        ldstart = ldc;
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
        in_panels(t, m, n, k, (struct matrix){ a, lda, 1 }, b, ldb, start,
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
        in_panels(t, m, n, k, (struct matrix){ a, 1, lda }, b, ldb, start,
                  ldstart, c, ldc);
}

static size_t
block_columns(size_t n, size_t j)
{
    return n - j < BLOCK ? n - j : BLOCK;
}

void
gemm_pack(size_t n, size_t columns, size_t k, float factor, const float *x,
          float *b)
{
    for (size_t j = 0; j < columns; j += BLOCK) {
        const size_t width = block_columns(columns, j);

        for (size_t p = 0; p < k; p++, b += width)
            for (size_t i = 0; i < width; i++)
                b[i] = j + i < n ? factor * x[(j + i) * k + p] : 0;
    }
}

void
gemm_packed(size_t m, size_t n, size_t k, const float *a, size_t lda,
            const float *b, const float *start, size_t ldstart, float *c,
            size_t ldc)
{
    for (size_t j = 0; j < n; j += BLOCK) {
        const size_t width = block_columns(n, j);

        gemm(m, width, k, a, lda, b + j * k, width,
             start != NULL ? start + j : NULL, ldstart, c + j, ldc);
    }
}
