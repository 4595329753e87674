#include "model/vector.h"

#include <math.h>
#include <stdint.h>

/* Strands of a sum: enough for two AVX-512 registers in flight. */
#define STRANDS 32

VECTORISED void
vector_add(size_t n, const float *restrict x, float *restrict y)
{
    for (size_t i = 0; i < n; i++)
        y[i] += x[i];
}

VECTORISED void
vector_add_scaled(size_t n, float a, const float *restrict x, float *restrict y)
{
    for (size_t i = 0; i < n; i++)
        y[i] += a * x[i];
}

VECTORISED void
vector_scale(size_t n, float a, const float *x, float *y)
{
    for (size_t i = 0; i < n; i++)
        y[i] = a * x[i];
}

static inline float
sum_of(const float strand[STRANDS])
{
    float sum = 0;

    for (size_t s = 0; s < STRANDS; s++)
        sum += strand[s];
    return sum;
}

VECTORISED float
vector_dot(size_t n, const float *x, const float *y)
{
    float strand[STRANDS] = { 0 }, rest = 0;
    size_t i;

    for (i = 0; i + STRANDS <= n; i += STRANDS)
        for (size_t s = 0; s < STRANDS; s++)
            strand[s] += x[i + s] * y[i + s];
    for (; i < n; i++)
        rest += x[i] * y[i];
    return sum_of(strand) + rest;
}

VECTORISED void
vector_relu(size_t n, float *x)
{
    for (size_t i = 0; i < n; i++)
        x[i] = x[i] < 0 ? 0 : x[i];
}

VECTORISED void
vector_relu_backward(size_t n, const float *restrict y, float *restrict dy)
{
    for (size_t i = 0; i < n; i++)
        dy[i] = y[i] == 0 ? 0 : dy[i];
}

VECTORISED float
vector_add_max(size_t n, const float *restrict y, float *restrict x)
{
    float strand[STRANDS], max = -INFINITY;
    size_t i;

    for (size_t s = 0; s < STRANDS; s++)
        strand[s] = -INFINITY;
    for (i = 0; i + STRANDS <= n; i += STRANDS)
        for (size_t s = 0; s < STRANDS; s++) {
            const float v = x[i + s] + y[i + s];

            x[i + s] = v;
            strand[s] = v > strand[s] ? v : strand[s];
        }
    for (; i < n; i++) {
        x[i] += y[i];
        max = x[i] > max ? x[i] : max;
    }
    for (size_t s = 0; s < STRANDS; s++)
        max = strand[s] > max ? strand[s] : max;
    return max;
}

union bits {
    float f;
    uint32_t u;
};

/*
 * exp(x) = 2^k exp(r) with k the integer nearest to x / ln 2, and so r within
 * half of ln 2 of 0: a polynomial of degree 6 (Cephes, expf.c by S. Moshier).
 * Adding 1.5 * 2^23 rounds to that integer and leaves it in the low bits, from
 * where a shift takes it to the exponent; ln 2 is split so that k times its
 * first part is exact.
 */
static inline float
exponential(float x)
{
    const float round = 0x1.8p23f;
    union bits t = { .f = x * 1.44269504f + round }, e;
    const float k = t.f - round;
    const float r = x - k * 0.693359375f + k * 2.12194440e-4f;
    float p = 1.9875691500e-4f;

    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    e.f = p * r * r + r + 1.0f;
    e.u += t.u << 23;
    e.u &= 0 - (uint32_t) !(x < -87.0f);
    return e.f;
}

VECTORISED float
vector_exp_sum(size_t n, float shift, float *x)
{
    float strand[STRANDS] = { 0 }, rest = 0;
    size_t i;

    for (i = 0; i + STRANDS <= n; i += STRANDS)
        for (size_t s = 0; s < STRANDS; s++) {
            x[i + s] = exponential(x[i + s] - shift);
            strand[s] += x[i + s];
        }
    for (; i < n; i++) {
        x[i] = exponential(x[i] - shift);
        rest += x[i];
    }
    return sum_of(strand) + rest;
}
