#include "model/vector.h"

#include <math.h>
#include <string.h>

/* Strands of a sum: enough for two AVX-512 registers in flight. */
#define STRANDS 32
/* Columns that are summed at once: whole cache lines of each row. */
#define WIDE 64

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
vector_add_product(size_t n, const float *restrict a, const float *restrict x,
                   float *restrict y)
{
    for (size_t i = 0; i < n; i++)
        y[i] += a[i] * x[i];
}

VECTORISED void
vector_mix(size_t n, float keep, const float *restrict x, float *restrict y)
{
    for (size_t i = 0; i < n; i++)
        y[i] = keep * y[i] + (1 - keep) * x[i];
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
        UNROLLED
    for (size_t s = 0; s < STRANDS; s++)
        strand[s] += x[i + s] * y[i + s];
    for (; i < n; i++)
        rest += x[i] * y[i];
    return sum_of(strand) + rest;
}

/* WIDTH columns of that from AT on; it is a constant where this is called, and
 * more than one keeps whole cache lines in registers. */
__attribute__((always_inline)) static inline void
sum_columns(size_t width, size_t at, size_t n, const float *start, size_t rows,
            const uint32_t *index, const float *x, float *y)
{
    float sum[WIDE] = { 0 };

    if (start != NULL)
        memcpy(sum, start + at, width * sizeof *sum);
    for (size_t i = 0; i < rows; i++) {
        const float *row = x + (index != NULL ? index[i] : i) * n + at;

        UNROLLED
        for (size_t s = 0; s < width; s++)
            sum[s] += row[s];
    }
    memcpy(y + at, sum, width * sizeof *sum);
}

VECTORISED void
vector_sum_rows(size_t n, const float *start, size_t rows,
                const uint32_t *index, const float *x, float *y)
{
    size_t at = 0;

    for (; at + WIDE <= n; at += WIDE)
        sum_columns(WIDE, at, n, start, rows, index, x, y);
    for (; at + WIDE / 2 <= n; at += WIDE / 2)
        sum_columns(WIDE / 2, at, n, start, rows, index, x, y);
    for (; at < n; at++)
        sum_columns(1, at, n, start, rows, index, x, y);
}

VECTORISED void
vector_add_rows(size_t n, size_t rows, const float *factor, const float *x,
                float *y)
{
    size_t at;

    for (at = 0; at + WIDE <= n; at += WIDE) {
        float sum[WIDE];

        memcpy(sum, y + at, sizeof sum);
        for (size_t i = 0; i < rows; i++) {
            const float *row = x + i * n + at, f = factor[i];

            UNROLLED
            for (size_t s = 0; s < WIDE; s++)
                sum[s] += f * row[s];
        }
        memcpy(y + at, sum, sizeof sum);
    }
    for (; at < n; at++)
        for (size_t i = 0; i < rows; i++)
            y[at] += factor[i] * x[i * n + at];
}

VECTORISED void
vector_combine(size_t n, const float *start, size_t rows,
               const float *const *row, const float *factor, float *y)
{
    size_t at;

    for (at = 0; at + STRANDS <= n; at += STRANDS) {
        float strand[STRANDS];

        memcpy(strand, start + at, sizeof strand);
        for (size_t i = 0; i < rows; i++) {
            const float *x = row[i] + at, f = factor[i];

            UNROLLED
            for (size_t s = 0; s < STRANDS; s++)
                strand[s] += f * x[s];
        }
        memcpy(y + at, strand, sizeof strand);
    }
    for (; at < n; at++) {
        float sum = start[at];

        for (size_t i = 0; i < rows; i++)
            sum += factor[i] * row[i][at];
        y[at] = sum;
    }
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
vector_max(size_t n, const float *x)
{
    float strand[STRANDS], max = -INFINITY;
    size_t i;

    for (size_t s = 0; s < STRANDS; s++)
        strand[s] = -INFINITY;
    for (i = 0; i + STRANDS <= n; i += STRANDS)
        UNROLLED
    for (size_t s = 0; s < STRANDS; s++)
        strand[s] = x[i + s] > strand[s] ? x[i + s] : strand[s];
    for (; i < n; i++)
        max = x[i] > max ? x[i] : max;
    for (size_t s = 0; s < STRANDS; s++)
        max = strand[s] > max ? strand[s] : max;
    return max;
}
