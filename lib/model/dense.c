#include "model/dense.h"

#include <string.h>

#include "model/gemm.h"
#include "model/vector.h"

void
dense_forward(size_t n, size_t in, size_t out, const float *kernel,
              const float *bias, const float *x, float *y)
{
    for (size_t i = 0; i < n; i++)
        memcpy(y + i * out, bias, out * sizeof *y);
    gemm(n, out, in, 1, x, in, kernel, out, 1, y, out);
}

void
dense_backward(size_t n, size_t in, size_t out, const float *kernel,
               const float *x, const float *dy, float *dkernel, float *dbias,
               float *dx)
{
    gemm_tn(in, out, n, 1, x, in, dy, out, 1, dkernel, out);
    dense_bias_backward(n, out, dy, dbias);
    gemm_nt(n, in, out, 1, dy, out, kernel, out, 0, dx, in);
}

void
dense_bias_backward(size_t n, size_t out, const float *dy, float *dbias)
{
    for (size_t i = 0; i < n; i++)
        vector_add(out, dy + i * out, dbias);
}
