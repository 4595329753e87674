#include "model/cholesky.h"

#include <assert.h>
#include <limits.h>

/*
 * LAPACK's routines have no header that OpenBLAS would install everywhere.
 * These are Fortran's: everything by address, matrices by columns, which makes
 * the lower triangle of ours their upper one, and behind the arguments the
 * length of each text.
 */
void spotrf_(const char *uplo, const int *n, float *a, const int *lda,
             int *info, size_t uplo_length);
void spotrs_(const char *uplo, const int *n, const int *columns, const float *a,
             const int *lda, float *b, const int *ldb, int *info,
             size_t uplo_length);
void dpotrf_(const char *uplo, const int *n, double *a, const int *lda,
             int *info, size_t uplo_length);
void dpotri_(const char *uplo, const int *n, double *a, const int *lda,
             int *info, size_t uplo_length);

int
cholesky_solve(size_t n, float *a, float *b)
{
    const int order = (int)n, one = 1;
    int info;

    assert(n > 0 && n <= INT_MAX);
    spotrf_("U", &order, a, &order, &info, 1);
    if (info != 0)
        return -1;
    spotrs_("U", &order, &one, a, &order, b, &order, &info, 1);
    return info != 0 ? -1 : 0;
}

int
cholesky_invert(size_t n, double *a)
{
    const int order = (int)n;
    int info;

    assert(n > 0 && n <= INT_MAX);
    dpotrf_("U", &order, a, &order, &info, 1);
    if (info != 0)
        return -1;
    dpotri_("U", &order, a, &order, &info, 1);
    return info != 0 ? -1 : 0;
}
