/*
 * The largest scores of a row against a sort, with many ties.
 */
#include "model/hardest.h"

#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "check.h"

#define N 200

static const float *sorted_by;

static int
by_score(const void *pa, const void *pb)
{
    const size_t a = *(const size_t *)pa, b = *(const size_t *)pb;

    if (sorted_by[a] != sorted_by[b])
        return sorted_by[a] < sorted_by[b] ? 1 : -1;
    return (a > b) - (a < b);
}

static void
test_row(const float *score, size_t n, size_t pos, size_t keep)
{
    float got[N], scratch[N];
    size_t order[N], kept = 0;

    for (size_t i = 0; i < n; i++)
        order[i] = i;
    sorted_by = score;
    qsort(order, n, sizeof *order, by_score);
    memcpy(got, score, n * sizeof *score);
    hardest_keep(got, n, pos, keep, scratch);
    CHECK(got[pos] == score[pos], "the own score is lost");
    for (size_t i = 0; i < n; i++) {
        const size_t u = order[i];

        if (u == pos)
            continue;
        if (kept < keep)
            CHECK(got[u] == score[u], "%zu of %zu, keep %zu: %zu is lost", pos,
                  n, keep, u);
        else
            CHECK(isinf(got[u]) && got[u] < 0,
                  "%zu of %zu, keep %zu: %zu is kept", pos, n, keep, u);
        kept++;
    }
}

int
main(void)
{
    struct rng r = { 3 };
    float score[N];

    for (size_t round = 0; round < 300; round++) {
        const size_t n = 1 + rng_below(&r, N);
        const uint64_t values = 1 + rng_below(&r, round % 3 == 0 ? 4 : 1000);

        for (size_t i = 0; i < n; i++)
            score[i] = (float)rng_below(&r, values) - 2;
        test_row(score, n, rng_below(&r, n), 1 + rng_below(&r, n + 2));
    }
    return check_status();
}
