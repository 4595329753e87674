/*
 * Powers of 2, of which a batch of 2,048 needs 1.6 million: one for each row
 * and item.
 *
 * 5 fused operations for the polynomial and 9 others; without fused ones, as in
 * vector.c, it takes half as long again.  So this file, like tile.c, is
 * compiled with -ffp-contract=fast, and its bits differ between processors with
 * and without, as those of matrix products do.
 */
#include <stdint.h>

#include "model/vector.h"

#if VECTOR_CLONES && __GNUC__ >= 12 /* which know x86-64-v3 */
#define FUSED                                                                  \
    __attribute__((target_clones("avx512f", "arch=x86-64-v3", "default")))
#else
#define FUSED
#endif

/* Two registers: with more, gcc leaves some of the sums in memory. */
#define STRANDS 16

union bits {
    float f;
    uint32_t u;
};

/*
 * 2^x = 2^k 2^r with k the integer nearest to x and so r within a half of 0: a
 * polynomial of degree 5, the one with constant 1 whose largest relative error
 * there is least (9.2e-8).  Adding 1.5 * 2^23 rounds to that integer and leaves
 * it in the low bits, from where a shift takes it to the exponent.
 */
static inline float
power_of_2(float x)
{
    const float round = 0x1.8p23f;
    union bits t = { .f = x + round }, e;
    const float r = x - (t.f - round);
    float p = 1.3264738765e-3f;

    p = p * r + 9.6715166794e-3f;
    p = p * r + 5.5507337528e-2f;
    p = p * r + 2.4022242024e-1f;
    p = p * r + 6.9314697757e-1f;
    e.f = p * r + 1.0f;
    e.u += t.u << 23;
    e.u &= 0 - (uint32_t) !(x < -126.0f);
    return e.f;
}

FUSED float
vector_exp2_sum(size_t n, float shift, float *x)
{
    float strand[STRANDS] = { 0 }, rest = 0;
    size_t i;

    for (i = 0; i + STRANDS <= n; i += STRANDS)
        UNROLLED
    for (size_t s = 0; s < STRANDS; s++) {
        x[i + s] = power_of_2(x[i + s] - shift);
        strand[s] += x[i + s];
    }
    for (; i < n; i++) {
        x[i] = power_of_2(x[i] - shift);
        rest += x[i];
    }
    UNROLLED
    for (size_t half = STRANDS / 2; half > 0; half /= 2)
        for (size_t s = 0; s < half; s++)
            strand[s] += strand[s + half];
    return strand[0] + rest;
}
