/*
 * What a step's rows are compared with: candidates, counts and ln Q.
 */
#include "model/negatives.h"

#include <math.h>
#include <string.h>

#include "check.h"

/* Ten rows of four items; items 2 and 3 have one key. */
#define ROWS 10
static uint32_t item[ROWS] = { 0, 0, 0, 0, 1, 1, 1, 2, 2, 3 };
static uint32_t key[] = { 5, 4, 2, 2 };
static uint32_t key_rows[] = { 0, 0, 3, 0, 3, 4 };
static const struct examples x = {
    .rows = ROWS,
    .tuples = 4,
    .item = item,
    .key = key,
    .keys = 6,
    .key_rows = key_rows,
};
static const uint32_t batch[] = { 9, 4, 0, 1 };

static struct negatives
start(const struct negatives_options *o)
{
    struct negatives v;
    struct error e;

    if (negatives_init(&v, &x, o, &e) != 0)
        exit(EXIT_FAILURE);
    return v;
}

static void
find(struct negatives *v, uint64_t step)
{
    struct error e;

    if (negatives_find(v, batch, 4, step, &e) != 0)
        exit(EXIT_FAILURE);
}

static void
test_batch(void)
{
    static const uint32_t id[] = { 3, 1, 0 }, count[] = { 1, 1, 2 };
    static const uint32_t positive[] = { 0, 1, 2, 2 }, keys[] = { 2, 4, 5 };
    static const double share[] = { .3, .3, .4 };
    struct negatives v = start(&(struct negatives_options){ .logq = true });

    find(&v, 1);
    CHECK(v.n == 3, "%zu candidates", v.n);
    CHECK(memcmp(v.id, id, sizeof id) == 0 &&
              memcmp(v.count.v, count, sizeof count) == 0 &&
              memcmp(v.key.v, keys, sizeof keys) == 0 &&
              memcmp(v.positive, positive, sizeof positive) == 0,
          "not the items of the batch");
    for (size_t u = 0; u < 3; u++)
        check_close("ln Q", (double)v.logq.v[u], log(share[u]), 1e-6);
    negatives_free(&v);
}

static void
test_all(void)
{
    static const uint32_t positive[] = { 3, 1, 0, 0 };
    struct negatives v =
        start(&(struct negatives_options){ .from = NEGATIVES_ALL });

    find(&v, 1);
    CHECK(v.n == 4, "%zu candidates", v.n);
    for (size_t u = 0; u < 4; u++)
        CHECK(v.id[u] == u && v.count.v[u] == 1 && v.key.v[u] == key[u],
              "candidate %zu", u);
    CHECK(memcmp(v.positive, positive, sizeof positive) == 0, "positives");
    negatives_free(&v);
}

/* Of 4 rows and 6,000 drawn ones: counts as even as draws are, and
 * Q = (4 f + 6,000 t / 4) / 6,004, t being the items of the key. */
static void
test_uniform(void)
{
    const struct negatives_options o = { .uniform = 6000,
                                         .logq = true,
                                         .seed = 3 };
    struct negatives v = start(&o), w = start(&o);
    uint32_t first[4], other[4];
    size_t all = 0;

    find(&v, 1);
    CHECK(v.n == 4, "%zu candidates", v.n);
    for (size_t u = 0; u < 4; u++) {
        const double f = (double)key_rows[key[v.id[u]]] / ROWS;
        const double t = key[v.id[u]] == 2 ? 2 : 1;

        /* The deviation of a count is 34. */
        CHECK(v.count.v[u] > 1330 && v.count.v[u] < 1670,
              "item %u is drawn %u times of 6,000", v.id[u], v.count.v[u]);
        check_close("ln Q", (double)v.logq.v[u], log((4 * f + 1500 * t) / 6004),
                    1e-5);
        all += v.count.v[u];
    }
    CHECK(all == 6004, "%zu candidates are counted", all);
    memcpy(first, v.count.v, sizeof first);
    find(&w, 2);
    memcpy(other, w.count.v, sizeof other);
    CHECK(memcmp(first, other, sizeof first) != 0, "each step draws the same");
    find(&w, 1);
    CHECK(memcmp(first, w.count.v, sizeof first) == 0,
          "what a step draws depends on the steps before");
    negatives_free(&v);
    negatives_free(&w);
}

int
main(void)
{
    test_batch();
    test_all();
    test_uniform();
    return check_status();
}
