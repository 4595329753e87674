/*
 * vector.h - loops over arrays of floats, as wide as the processor goes
 *
 * Each is plain C that compilers vectorise; gcc makes it for AVX-512, AVX2 and
 * the baseline, and one is chosen when the program starts.  Sums are taken in a
 * fixed number of strands and nothing is contracted to fused operations, so all
 * versions give the same bits.  NaN goes in and comes out.
 */
#ifndef MODEL_VECTOR_H
#define MODEL_VECTOR_H

#include <stddef.h>

/*
 * Put before the definition of a function that shall be compiled so.  clang 14
 * gives the chosen version another name than callers use, and the sanitizers
 * are not ready when it is chosen: they get the baseline.
 */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) &&         \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define VECTORISED __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define VECTORISED
#endif

/* y += x */
void vector_add(size_t n, const float *x, float *y);
/* y += a x */
void vector_add_scaled(size_t n, float a, const float *x, float *y);
/* y = a x; X may be Y */
void vector_scale(size_t n, float a, const float *x, float *y);
float vector_dot(size_t n, const float *x, const float *y);

/* x = max(x, 0) */
void vector_relu(size_t n, float *x);
/* dy = 0 where y, which came out of vector_relu(), is 0 */
void vector_relu_backward(size_t n, const float *y, float *dy);

/* x += y; returns the largest element of the sum (NaN is passed over). */
float vector_add_max(size_t n, const float *y, float *x);
/*
 * x = exp(x - shift); returns the sum.  For x - shift up to 88; below -87, and
 * so at minus infinity, the result is 0.  Relative error below 2e-7.
 */
float vector_exp_sum(size_t n, float shift, float *x);

#endif
