#include "model/dense.h"

#include "model/gemm.h"
#include "model/vector.h"

void
dense_forward(size_t n, size_t in, size_t out, const float *kernel,
              const float *bias, const float *x, float *y)
{
    if (out == 1)
        for (size_t i = 0; i < n; i++)
            y[i] = *bias + vector_dot(in, x + i * in, kernel);
    else
        gemm(n, out, in, x, in, kernel, out, bias, 0, y, out);
}

void
dense_backward(size_t n, size_t in, size_t out, const float *kernel_t,
               const float *x, const float *dy, float *dkernel, float *dbias,
               float *dx)
{
    if (out == 1)
        for (size_t i = 0; i < n; i++)
            vector_add_scaled(in, dy[i], x + i * in, dkernel);
    else
        gemm_tn(in, out, n, x, in, dy, out, dkernel, out, dkernel, out);
    dense_bias_backward(n, out, dy, dbias);
    gemm_packed(n, in, out, dy, out, kernel_t, NULL, 0, dx, in);
}

void
dense_bias_backward(size_t n, size_t out, const float *dy, float *dbias)
{
    vector_sum_rows(out, dbias, n, NULL, dy, dbias);
}
