/*
 * cross.h - a cross layer, forward and backward
 *
 *     x_{l+1} = x_0 * (x_l W + b) + x_l
 *
 * with * element by element (Wang et al., "DCN V2", 2021): l layers behind each
 * other have products of up to l + 1 elements of x_0.  Each is as wide as x_0.
 * Shapes are written [rows, columns], row-major: n rows of a batch, dim the
 * width.  Nothing here allocates.
 */
#ifndef MODEL_CROSS_H
#define MODEL_CROSS_H

#include <stddef.h>

/* u[n, dim] = x W + b and y = x0 * u + x; U is what going backward needs. */
void cross_forward(size_t n, size_t dim, const float *kernel, const float *bias,
                   const float *x0, const float *x, float *u, float *y);

/*
 * Given dy[n, dim] and the kernel's transpose, packed: add the gradients by
 * kernel and bias to dkernel and dbias and what x_0 gets directly to dx0, turn
 * U into the gradient by itself, and DY into the one by x.
 */
void cross_backward(size_t n, size_t dim, const float *kernel_t,
                    const float *x0, const float *x, float *u, float *dy,
                    float *dkernel, float *dbias, float *dx0);

#endif
