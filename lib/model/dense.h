/*
 * dense.h - a fully connected layer, forward and backward
 *
 * Shapes are written [rows, columns], row-major: n rows of a batch, in and out
 * the widths of the layer.  Nothing here allocates.
 */
#ifndef MODEL_DENSE_H
#define MODEL_DENSE_H

#include <stddef.h>

/* y[n, out] = x[n, in] kernel[in, out] + bias[out] */
void dense_forward(size_t n, size_t in, size_t out, const float *kernel,
                   const float *bias, const float *x, float *y);

/*
 * Given dy[n, out], the kernel's transpose, packed, and an x that came out of a
 * ReLU: add the gradients by kernel and bias to dkernel and dbias, and store
 * the gradient by what went into that ReLU in dx[n, in].
 */
void dense_backward(size_t n, size_t in, size_t out, const float *kernel_t,
                    const float *x, const float *dy, float *dkernel,
                    float *dbias, float *dx);

/* The same for an x that came out of no ReLU: dx is the gradient by x. */
void dense_input_backward(size_t n, size_t in, size_t out,
                          const float *kernel_t, const float *x,
                          const float *dy, float *dkernel, float *dbias,
                          float *dx);

/* dbias[out] += the sum of the rows of dy[n, out] */
void dense_bias_backward(size_t n, size_t out, const float *dy, float *dbias);

#endif
