/*
 * cholesky.h - symmetric positive definite systems, by LAPACK
 *
 * Of a matrix, row-major, only the lower triangle is read: a[i, j] with j <= i.
 * Each is -1 when the matrix is not positive definite, in which case what is in
 * it is of no use.  One thread: call gemm_single() first.
 */
#ifndef MODEL_CHOLESKY_H
#define MODEL_CHOLESKY_H

#include <stddef.h>

/* x[n] with A x = b, in the place of B; A[n, n] is used up. */
int cholesky_solve(size_t n, float *a, float *b);

/* The lower triangle of A[n, n] becomes that of the inverse. */
int cholesky_invert(size_t n, double *a);

#endif
