#include "model/dense.h"

#include <stdbool.h>

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

/* A layer of width 1 has a vector for a kernel. */
VECTORISED static void
backward_to_vector(size_t n, size_t in, const float *restrict kernel,
                   const float *restrict x, const float *dy,
                   float *restrict dkernel, float *restrict dx, bool relu)
{
    for (size_t i = 0; i < n; i++, x += in, dx += in) {
        const float g = dy[i];

        INDEPENDENT
        for (size_t j = 0; j < in; j++) {
            dkernel[j] += g * x[j];
            dx[j] = relu && x[j] == 0 ? 0 : g * kernel[j];
        }
    }
}

/* X was read from memory row by row when its columns are wanted. */
static void
backward(size_t n, size_t in, size_t out, const float *kernel_t, const float *x,
         const float *dy, float *dkernel, float *dbias, float *dx, bool relu)
{
    dense_bias_backward(n, out, dy, dbias);
    if (out == 1) {
        backward_to_vector(n, in, kernel_t, x, dy, dkernel, dx, relu);
        return;
    }
    gemm_packed(n, in, out, dy, out, kernel_t, NULL, 0, dx, in);
    if (relu)
        vector_relu_backward(n * in, x, dx);
    gemm_tn(in, out, n, x, in, dy, out, dkernel, out, dkernel, out);
}

void
dense_backward(size_t n, size_t in, size_t out, const float *kernel_t,
               const float *x, const float *dy, float *dkernel, float *dbias,
               float *dx)
{
    backward(n, in, out, kernel_t, x, dy, dkernel, dbias, dx, true);
}

void
dense_input_backward(size_t n, size_t in, size_t out, const float *kernel_t,
                     const float *x, const float *dy, float *dkernel,
                     float *dbias, float *dx)
{
    backward(n, in, out, kernel_t, x, dy, dkernel, dbias, dx, false);
}

void
dense_bias_backward(size_t n, size_t out, const float *dy, float *dbias)
{
    vector_sum_rows(out, dbias, n, NULL, dy, dbias);
}
