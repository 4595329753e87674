#include "model/gemm.h"

#include <assert.h>
#include <cblas.h>
#include <limits.h>

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

/* An empty product is left to beta by BLAS; with no rows or columns there is
 * nothing to do, and its checks of leading dimensions would complain. */
static void
product(enum CBLAS_TRANSPOSE ta, enum CBLAS_TRANSPOSE tb, size_t m, size_t n,
        size_t k, float alpha, const float *a, size_t lda, const float *b,
        size_t ldb, float beta, float *c, size_t ldc)
{
    if (m == 0 || n == 0)
        return;
    cblas_sgemm(CblasRowMajor, ta, tb, dim(m), dim(n), dim(k), alpha, a,
                dim(lda), b, dim(ldb), beta, c, dim(ldc));
}

void
gemm(size_t m, size_t n, size_t k, float alpha, const float *a, size_t lda,
     const float *b, size_t ldb, float beta, float *c, size_t ldc)
{
    product(CblasNoTrans, CblasNoTrans, m, n, k, alpha, a, lda, b, ldb, beta, c,
            ldc);
}

void
gemm_nt(size_t m, size_t n, size_t k, float alpha, const float *a, size_t lda,
        const float *b, size_t ldb, float beta, float *c, size_t ldc)
{
    product(CblasNoTrans, CblasTrans, m, n, k, alpha, a, lda, b, ldb, beta, c,
            ldc);
}

void
gemm_tn(size_t m, size_t n, size_t k, float alpha, const float *a, size_t lda,
        const float *b, size_t ldb, float beta, float *c, size_t ldc)
{
    product(CblasTrans, CblasNoTrans, m, n, k, alpha, a, lda, b, ldb, beta, c,
            ldc);
}
