#include "model/vector.h"

#include <assert.h>
#include <math.h>
#include <string.h>

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

/* Halves are added, and halves of these: a few steps, not one for each. */
static inline float
sum_of(float strand[STRANDS])
{
    UNROLLED
    for (size_t half = STRANDS / 2; half > 0; half /= 2)
        for (size_t s = 0; s < half; s++)
            strand[s] += strand[s + half];
    return strand[0];
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

/* The most rows that are added in one go, each a stream of its own. */
#define FEW VECTOR_GATHER_TERMS

static const float one[FEW] = { 1, 1, 1, 1 };

/* ROWS is a constant where this is called: no loop but that over columns, in
 * which a processor has nothing to guess. */
__attribute__((always_inline)) static inline void
add_few(size_t rows, size_t n, const float *start, const float *const *row,
        const float *factor, float least, float *y)
{
    const size_t last = rows - 1;
    const float *a = row[0], *b = row[last < 1 ? last : 1],
                *c = row[last < 2 ? last : 2], *d = row[last];
    const float fa = factor[0], fb = factor[last < 1 ? last : 1],
                fc = factor[last < 2 ? last : 2], fd = factor[last];

    INDEPENDENT
    for (size_t i = 0; i < n; i++) {
        float sum = start[i] + fa * a[i];

        if (rows > 1)
            sum += fb * b[i];
        if (rows > 2)
            sum += fc * c[i];
        if (rows > 3)
            sum += fd * d[i];
        y[i] = sum < least ? least : sum;
    }
}

/* y = max(least, start + factor[0] row[0] + ...), 1 to FEW rows. */
__attribute__((always_inline)) static inline void
add_up_to_few(size_t rows, size_t n, const float *start,
              const float *const *row, const float *factor, float least,
              float *y)
{
    switch (rows) {
    case 1: add_few(1, n, start, row, factor, least, y); break;
    case 2: add_few(2, n, start, row, factor, least, y); break;
    case 3: add_few(3, n, start, row, factor, least, y); break;
    default: add_few(FEW, n, start, row, factor, least, y); break;
    }
}

VECTORISED void
vector_combine(size_t n, const float *start, size_t rows,
               const float *const *row, const float *factor, float least,
               float *y)
{
    while (rows > FEW) {
        add_few(FEW, n, start, row, factor, -INFINITY, y);
        start = y;
        row += FEW;
        factor += FEW;
        rows -= FEW;
    }
    if (rows > 0)
        add_up_to_few(rows, n, start, row, factor, least, y);
    else
        for (size_t i = 0; i < n; i++)
            y[i] = start[i] < least ? least : start[i];
}

VECTORISED void
vector_sum_rows(size_t n, const float *start, size_t rows,
                const uint32_t *index, const float *x, float *y)
{
    size_t i = 0;

    if (start == NULL && rows > 0) {
        start = x + (index != NULL ? index[0] : 0) * n;
        i = 1;
    }
    if (start == NULL)
        memset(y, 0, n * sizeof *y);
    else if (i == rows)
        memmove(y, start, n * sizeof *y);
    while (i < rows) {
        const size_t few = rows - i < FEW ? rows - i : FEW;
        const float *row[FEW];

        for (size_t r = 0; r < few; r++)
            row[r] = x + (index != NULL ? index[i + r] : i + r) * n;
        add_up_to_few(few, n, start, row, one, -INFINITY, y);
        start = y;
        i += few;
    }
}

VECTORISED void
vector_add_rows(size_t n, size_t rows, const float *factor, const float *x,
                float *y)
{
    while (rows > 0) {
        const size_t few = rows < FEW ? rows : FEW;
        const float *row[FEW];

        for (size_t r = 0; r < few; r++)
            row[r] = x + r * n;
        add_up_to_few(few, n, y, row, factor, -INFINITY, y);
        x += few * n;
        factor += few;
        rows -= few;
    }
}

/* F for WIDTH columns, as a constant where it is the width that is common: then
 * there is no loop but that over rows. */
#define BY_WIDTH(f, width, ...)                                                \
    ((width) == VECTOR_GATHER_WIDTH ? f(VECTOR_GATHER_WIDTH, __VA_ARGS__)      \
                                    : f(width, __VA_ARGS__))

__attribute__((always_inline)) static inline void
gather_few(size_t width, size_t rows, const struct vector_term t[FEW],
           float least, float *y)
{
    for (size_t i = 0; i < rows; i++, y += width) {
        const float *row[FEW];
        float f[FEW];

        UNROLLED
        for (size_t k = 0; k < FEW; k++) {
            const size_t at = t[k].index != NULL ? t[k].index[i] : i;

            row[k] = t[k].row + (t[k].one ? 0 : at * width);
            f[k] = t[k].factor != NULL ? t[k].factor[i] : 1;
        }
        INDEPENDENT
        for (size_t j = 0; j < width; j++) {
            const float sum = f[0] * row[0][j] + f[1] * row[1][j] +
                              f[2] * row[2][j] + f[3] * row[3][j];

            y[j] = sum < least ? least : sum;
        }
    }
}

VECTORISED void
vector_gather(size_t width, size_t rows, size_t terms,
              const struct vector_term *term, float least, float *y)
{
    static const float zero[VECTOR_GATHER_WIDTH];
    struct vector_term t[FEW];

    assert(width <= VECTOR_GATHER_WIDTH && terms <= FEW);
    for (size_t k = 0; k < FEW; k++)
        t[k] = k < terms ? term[k]
                         : (struct vector_term){ .row = zero, .one = true };
    BY_WIDTH(gather_few, width, rows, t, least, y);
}

__attribute__((always_inline)) static inline void
scatter(size_t width, size_t rows, const uint32_t *index, const float *x,
        float *sum)
{
    for (size_t i = 0; i < rows; i++, x += width) {
        float *to = sum + index[i] * width;

        INDEPENDENT
        for (size_t j = 0; j < width; j++)
            to[j] += x[j];
    }
}

VECTORISED void
vector_scatter(size_t width, size_t rows, const uint32_t *index, const float *x,
               float *sum)
{
    BY_WIDTH(scatter, width, rows, index, x, sum);
}

__attribute__((always_inline)) static inline void
sum_all(size_t width, size_t rows, const float *factor, const float *x,
        float *sum)
{
    float all[VECTOR_GATHER_WIDTH] = { 0 };

    for (size_t i = 0; i < rows; i++, x += width) {
        const float f = factor != NULL ? factor[i] : 1;

        UNROLLED
        for (size_t j = 0; j < width; j++)
            all[j] += f * x[j];
    }
    memcpy(sum, all, width * sizeof *sum);
}

VECTORISED void
vector_sum_all(size_t width, size_t rows, const float *factor, const float *x,
               float *sum)
{
    assert(width <= VECTOR_GATHER_WIDTH);
    BY_WIDTH(sum_all, width, rows, factor, x, sum);
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

VECTORISED void
vector_relu_gradient(size_t n, const float *restrict dy, float *restrict y)
{
    for (size_t i = 0; i < n; i++)
        y[i] = y[i] == 0 ? 0 : dy[i];
}

VECTORISED float
vector_max(size_t n, const float *x)
{
    float strand[STRANDS];
    size_t i;

    for (size_t s = 0; s < STRANDS; s++)
        strand[s] = -INFINITY;
    for (i = 0; i + STRANDS <= n; i += STRANDS)
        UNROLLED
    for (size_t s = 0; s < STRANDS; s++)
        strand[s] = x[i + s] > strand[s] ? x[i + s] : strand[s];
    for (; i < n; i++)
        strand[0] = x[i] > strand[0] ? x[i] : strand[0];
    UNROLLED
    for (size_t half = STRANDS / 2; half > 0; half /= 2)
        for (size_t s = 0; s < half; s++)
            strand[s] =
                strand[s + half] > strand[s] ? strand[s + half] : strand[s];
    return strand[0];
}
