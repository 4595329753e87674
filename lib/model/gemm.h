/*
 * gemm.h - products of small matrices
 *
 * Matrices are dense and row-major; a leading dimension is the distance of two
 * rows.  2 m n k operations each.
 *
 * The products of a training step are small: one side of each has 32 to 256 of
 * something.  A BLAS spends a third of its time on them with what pays for
 * large ones (clearing c before it adds, copying both operands: measured on
 * 83 x 783 with k = 32, OpenBLAS 0.3.21 reached 60 % of its rate at 1,024^3 and
 * the loops here 90 %).  So where the processor has fused products they are
 * done here, with tiles of tile.h: for chunks of b of 64 rows and some panels
 * of 16 columns, which are copied to 16 KiB that stay in the first-level cache,
 * all rows of a, where they are.  Else OpenBLAS does them.  Threads call these
 * side by side, so it must have one thread: gemm_single() sees to that, and
 * every model calls it when it is made.
 */
#ifndef MODEL_GEMM_H
#define MODEL_GEMM_H

#include <stddef.h>

void gemm_single(void);

/*
 * c[m, n] = start + a[m, k] b[k, n]
 *
 * START is NULL for 0, C (and LDSTART is LDC) to add to what is there, or with
 * an LDSTART of 0 one row that is added to all.
 */
void gemm(size_t m, size_t n, size_t k, const float *a, size_t lda,
          const float *b, size_t ldb, const float *start, size_t ldstart,
          float *c, size_t ldc);
/* c[m, n] = start + a[k, m]^T b[k, n] */
void gemm_tn(size_t m, size_t n, size_t k, const float *a, size_t lda,
             const float *b, size_t ldb, const float *start, size_t ldstart,
             float *c, size_t ldc);

/*
 * A b that is used in several products, or is the transpose of something:
 * panels as wide as a tile, each dense, which need no copy.
 *
 * gemm_pack() makes b[k, columns] = factor x[n, k]^T, with 0 in columns from N
 * on; it takes k columns floats.
 */
void gemm_pack(size_t n, size_t columns, size_t k, float factor, const float *x,
               size_t ldx, float *b);
/* gemm() with such a b of N columns. */
void gemm_packed(size_t m, size_t n, size_t k, const float *a, size_t lda,
                 const float *b, const float *start, size_t ldstart, float *c,
                 size_t ldc);

#endif
