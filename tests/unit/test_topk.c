/*
 * The k best of many scores, against sorting all of them; the order of keys,
 * against the order of the scores and ids they stand for.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"
#include "check.h"
#include "retrieval/topk.h"

#define MANY 3000

struct scored {
    float score;
    uint32_t id;
};

static int
better_first(const void *a, const void *b)
{
    const struct scored *x = a, *y = b;

    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

/* Scores of few different values have many ties, of many values few. */
static void
check_selection(const char *name, size_t n, size_t k, uint64_t values,
                unsigned gaps)
{
    static float score[MANY];
    static struct scored want[MANY];
    static uint64_t memory[TOPK_ROOM(MANY)];
    struct rng r = { n * 31 + k };
    struct topk t;
    size_t m = 0;

    for (size_t i = 0; i < n; i++) {
        score[i] = (float)rng_below(&r, values) - (float)values / 2;
        if (gaps > 0 && rng_below(&r, gaps) == 0)
            score[i] = NAN;
        else
            want[m++] = (struct scored){ score[i], (uint32_t)i + 7 };
    }
    qsort(want, m, sizeof *want, better_first);

    topk_start(&t, memory, k);
    /* From the end, so that the lower id of a tie comes later. */
    for (size_t end = n; end > 0;) {
        const size_t start = end < 100 ? 0 : end - 100;

        topk_scan(&t, score + start, end - start, (uint32_t)start + 7);
        end = start;
    }
    topk_finish(&t);
    topk_sort(t.key, t.len);

    CHECK(t.len == (m < k ? m : k), "%s, n %zu, k %zu: %zu found", name, n, k,
          t.len);
    for (size_t i = 0; i < t.len; i++) {
        const bool same = topk_key_score(t.key[i]) == want[i].score &&
                          topk_key_id(t.key[i]) == want[i].id;

        CHECK(same, "%s, n %zu, k %zu: place %zu has item %u, not %u", name, n,
              k, i, (unsigned)topk_key_id(t.key[i]), (unsigned)want[i].id);
        if (!same)
            return;
    }
}

static void
check_keys(void)
{
    const float score[] = { -INFINITY, -3e38f, -1.5f, -1e-40f, 0,
                            1e-40f,    1.5f,   3e38f, INFINITY };
    const size_t n = sizeof score / sizeof *score;

    for (size_t i = 0; i < n; i++) {
        const uint64_t key = topk_key(score[i], 12);

        CHECK(topk_key_score(key) == score[i], "score %zu comes back as %g", i,
              (double)topk_key_score(key));
        CHECK(topk_key_id(key) == 12, "id of score %zu", i);
        CHECK(topk_key(score[i], 11) > key, "score %zu: lower id first", i);
        if (i > 0)
            CHECK(topk_key(score[i - 1], 0) < topk_key(score[i], UINT32_MAX),
                  "score %zu is not above the one before", i);
    }
    CHECK(topk_key(-0.0f, 3) == topk_key(0.0f, 3), "-0 is not 0");
}

int
main(void)
{
    const size_t sizes[] = { 1, 2, 17, 31, 32, 33, 100, 1000, MANY };

    check_keys();
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (size_t k = 1; k <= sizes[i]; k = k * 3 / 2 + 1) {
            check_selection("few ties", sizes[i], k, 1 << 22, 0);
            check_selection("many ties", sizes[i], k, 5, 0);
            check_selection("all equal", sizes[i], k, 1, 0);
            check_selection("with gaps", sizes[i], k, 1 << 22, 2);
        }
    return check_status();
}
