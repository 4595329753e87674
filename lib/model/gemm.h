/*
 * gemm.h - matrix products by OpenBLAS, shapes checked
 *
 * Matrices are dense and row-major; a leading dimension is the distance of two
 * rows.  Threads call these side by side, so OpenBLAS itself must have one
 * thread: gemm_single() sees to that, and every model calls it when it is made.
 */
#ifndef MODEL_GEMM_H
#define MODEL_GEMM_H

#include <stddef.h>

void gemm_single(void);

/* c[m, n] = alpha a[m, k] b[k, n] + beta c */
void gemm(size_t m, size_t n, size_t k, float alpha, const float *a, size_t lda,
          const float *b, size_t ldb, float beta, float *c, size_t ldc);
/* c[m, n] = alpha a[m, k] b[n, k]^T + beta c */
void gemm_nt(size_t m, size_t n, size_t k, float alpha, const float *a,
             size_t lda, const float *b, size_t ldb, float beta, float *c,
             size_t ldc);
/* c[m, n] = alpha a[k, m]^T b[k, n] + beta c */
void gemm_tn(size_t m, size_t n, size_t k, float alpha, const float *a,
             size_t lda, const float *b, size_t ldb, float beta, float *c,
             size_t ldc);

#endif
