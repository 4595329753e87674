#include "model/cross.h"

#include "model/dense.h"
#include "model/gemm.h"
#include "model/vector.h"

/* y = a * b + c */
VECTORISED static void
multiply_add(size_t n, const float *restrict a, const float *restrict b,
             const float *c, float *y)
{
    for (size_t i = 0; i < n; i++)
        y[i] = a[i] * b[i] + c[i];
}

/* dx0 += dy * u and u = dy * x0 */
VECTORISED static void
product_backward(size_t n, const float *restrict dy, const float *restrict x0,
                 float *restrict u, float *restrict dx0)
{
    for (size_t i = 0; i < n; i++) {
        dx0[i] += dy[i] * u[i];
        u[i] = dy[i] * x0[i];
    }
}

void
cross_forward(size_t n, size_t dim, const float *kernel, const float *bias,
              const float *x0, const float *x, float *u, float *y)
{
    gemm(n, dim, dim, x, dim, kernel, dim, bias, 0, u, dim);
    multiply_add(n * dim, x0, u, x, y);
}

void
cross_backward(size_t n, size_t dim, const float *kernel_t, const float *x0,
               const float *x, float *u, float *dy, float *dkernel,
               float *dbias, float *dx0)
{
    product_backward(n * dim, dy, x0, u, dx0);
    gemm_tn(dim, dim, n, x, dim, u, dim, dkernel, dim, dkernel, dim);
    dense_bias_backward(n, dim, u, dbias);
    gemm_packed(n, dim, dim, u, dim, kernel_t, dy, dim, dy, dim);
}
