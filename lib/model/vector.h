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

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Put before the definition of a function that shall be compiled so.  clang 14
 * gives the chosen version another name than callers use, and the sanitizers
 * are not ready when it is chosen: they get the baseline.
 */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) &&         \
    !defined(REC_PORTABLE) && !defined(__SANITIZE_ADDRESS__) &&                \
    !defined(__SANITIZE_THREAD__)
#define VECTOR_CLONES 1
#define VECTORISED __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define VECTOR_CLONES 0
#define VECTORISED
#endif

/*
 * Put before a loop of known length whose sums shall stay in registers: gcc
 * else leaves them in memory when it has vectorised the loop.
 */
#if defined(__GNUC__) && !defined(__clang__)
#define UNROLLED _Pragma("GCC unroll 8")
#else
#define UNROLLED
#endif

/*
 * Put before a loop whose passes touch no element of each other, though the
 * arrays may be the same: gcc else looks, or makes no vectors.
 */
#if defined(__GNUC__) && !defined(__clang__)
#define INDEPENDENT _Pragma("GCC ivdep")
#else
#define INDEPENDENT
#endif

/* Ask for the N numbers of 4 bytes at X to be brought into the first-level
 * cache. */
static inline void
vector_prefetch(size_t n, const void *x)
{
#if defined(__GNUC__)
    for (size_t i = 0; i < n; i += 16) /* a line of 64 bytes */
        __builtin_prefetch((const char *)x + 4 * i);
#else
    (void)n;
    (void)x;
#endif
}

/* y += x */
void vector_add(size_t n, const float *x, float *y);
/* y = keep y + (1 - keep) x */
void vector_mix(size_t n, float keep, const float *x, float *y);
/* y += a x */
void vector_add_scaled(size_t n, float a, const float *x, float *y);
/* y += a * x, element by element */
void vector_add_product(size_t n, const float *a, const float *x, float *y);
/* y = a x; X may be Y */
void vector_scale(size_t n, float a, const float *x, float *y);
float vector_dot(size_t n, const float *x, const float *y);

/* y = start + the sum of rows index[0], index[1], ... index[rows - 1] of X
 * [.., n], in this order.  START may be Y, or NULL for 0; INDEX may be NULL for
 * 0, 1, ... */
void vector_sum_rows(size_t n, const float *start, size_t rows,
                     const uint32_t *index, const float *x, float *y);
/* y += factor[0] row 0 of X + factor[1] row 1 of X ..., of ROWS. */
void vector_add_rows(size_t n, size_t rows, const float *factor, const float *x,
                     float *y);
/* y = max(least, start + factor[0] row[0] + factor[1] row[1] + ...), of ROWS.
 * START may be Y. */
void vector_combine(size_t n, const float *start, size_t rows,
                    const float *const *row, const float *factor, float least,
                    float *y);

/* Rows of a few columns, which are all in registers at once. */
#define VECTOR_GATHER_WIDTH 32
#define VECTOR_GATHER_TERMS 4

/* What is added to row i: row index[i], or i, or the ONE there is, times
 * factor[i] or 1. */
struct vector_term {
    const float *row;
    const uint32_t *index; /* NULL for 0, 1, ... */
    const float *factor;   /* NULL for ones */
    bool one;
};

/* y[rows, width] = max(least, the sum of up to VECTOR_GATHER_TERMS terms), of
 * which one may be Y itself; WIDTH is at most VECTOR_GATHER_WIDTH. */
void vector_gather(size_t width, size_t rows, size_t terms,
                   const struct vector_term *term, float least, float *y);
/* sum[index[i]] += x[i], for the rows i of X [rows, width] in their order. */
void vector_scatter(size_t width, size_t rows, const uint32_t *index,
                    const float *x, float *sum);
/* sum[width] = the sum of the rows of X [rows, width], WIDTH as above, each
 * times its FACTOR if that is not NULL. */
void vector_sum_all(size_t width, size_t rows, const float *factor,
                    const float *x, float *sum);

/* x = max(x, 0) */
void vector_relu(size_t n, float *x);
/* dy = 0 where y, which came out of vector_relu(), is 0 */
void vector_relu_backward(size_t n, const float *y, float *dy);
/* The same, but Y becomes it. */
void vector_relu_gradient(size_t n, const float *dy, float *y);

/* The largest element (NaN is passed over), of none minus infinity. */
float vector_max(size_t n, const float *x);
/*
 * x = 2^(x - shift); returns the sum.  For x - shift up to 127; below -126, and
 * so at minus infinity, the result is 0.  Relative error below 2e-7.  (power.c;
 * the one loop here whose bits depend on the processor.)
 */
float vector_exp2_sum(size_t n, float shift, float *x);

#endif
