/* Products of all small shapes, and of some that are cut in several ways,
 * against three loops. */
#include "model/gemm.h"

#include <stdint.h>
#include <string.h>

#include "check.h"

enum { MOST = 300, SPARE = 3 }; /* SPARE: columns that belong to nobody */

static float a[MOST * MOST], b[MOST * MOST], row[MOST];
static float c[MOST * (MOST + SPARE)], want[MOST * (MOST + SPARE)];

/* Small integers: sums of products are exact in any order. */
static void
fill(float *x, size_t n, uint32_t seed)
{
    for (size_t i = 0; i < n; i++)
        x[i] = (float)((i * 37 + seed * 11) % 17) - 8;
}

enum start { NOTHING, A_ROW, WHAT_IS_THERE, STARTS };

/* WANT = start + a b, a being transposed in memory when TN. */
static void
three_loops(size_t m, size_t n, size_t k, bool tn, enum start start)
{
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++) {
            float *w = &want[i * (n + SPARE) + j];

            *w = start == NOTHING ? 0 : start == A_ROW ? row[j] : *w;
            for (size_t p = 0; p < k; p++)
                *w += (tn ? a[p * m + i] : a[i * k + p]) * b[p * n + j];
        }
}

enum how { PLAIN, TN, PACKED, HOWS };

static void
product(size_t m, size_t n, size_t k, enum how how, enum start start)
{
    const float *from = start == NOTHING ? NULL : start == A_ROW ? row : c;
    const size_t ldc = n + SPARE, ldfrom = start == WHAT_IS_THERE ? ldc : 0;
    static float bt[MOST * MOST], packed[MOST * MOST];

    switch (how) {
    case PLAIN: gemm(m, n, k, a, k, b, n, from, ldfrom, c, ldc); break;
    case TN: gemm_tn(m, n, k, a, m, b, n, from, ldfrom, c, ldc); break;
    default:
        for (size_t p = 0; p < k; p++)
            for (size_t j = 0; j < n; j++)
                bt[j * k + p] = b[p * n + j] / 2;
        gemm_pack(n, n, k, 2, bt, k, packed);
        gemm_packed(m, n, k, a, k, packed, from, ldfrom, c, ldc);
        break;
    }
}

static void
test_shape(size_t m, size_t n, size_t k)
{
    fill(a, m * k, 1);
    fill(b, k * n, 2);
    fill(row, n, 3);
    for (int how = 0; how < HOWS; how++)
        for (int start = 0; start < STARTS; start++) {
            fill(c, m * (n + SPARE), 4);
            memcpy(want, c, sizeof want);
            three_loops(m, n, k, how == TN, (enum start)start);
            product(m, n, k, (enum how)how, (enum start)start);
            CHECK(memcmp(c, want, m * (n + SPARE) * sizeof *c) == 0,
                  "%zu x %zu x %zu, how %d, start %d", m, n, k, how, start);
        }
}

int
main(void)
{
    static const size_t large[][3] = {
        { 86, 48, 32 },  { 41, 65, 129 },  { 13, 33, 300 },
        { 40, 130, 40 }, { 300, 17, 128 }, { 42, 300, 257 },
    };

    gemm_single();
    for (size_t m = 1; m < 15; m++)
        for (size_t n = 1; n < 36; n++)
            for (size_t k = 0; k < 4; k++)
                test_shape(m, n, k);
    for (size_t i = 0; i < sizeof large / sizeof *large; i++)
        test_shape(large[i][0], large[i][1], large[i][2]);
    return check_status();
}
