/*
 * The search gives what scoring every item and sorting gives, bit for bit: the
 * scores and the sort of the test are its own.  And the reference numbers in
 * tests/golden/knn.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "check.h"
#include "npy.h"
#include "retrieval/exact.h"

#define ITEMS_MAX 1300
#define WIDTH_MAX 100
#define QUERIES 300

struct scored {
    float score;
    uint32_t id;
};

/* How the numbers of a test are made. */
struct shape {
    const char *name;
    size_t items, width, k;
    uint64_t values; /* different numbers in an embedding; 0 for normal */
    size_t distinct; /* different items; the rest are copies */
    float scale;
    uint64_t exclude; /* one in so many items; 0 for none */
    unsigned threads;
};

static float item[ITEMS_MAX * WIDTH_MAX], query[QUERIES * WIDTH_MAX];
static uint32_t id[ITEMS_MAX], skip[QUERIES][ITEMS_MAX];
static struct exact_exclude exclude[QUERIES];
static uint32_t found[QUERIES * ITEMS_MAX];
static float score[QUERIES * ITEMS_MAX];
static size_t count[QUERIES];

/* The definition in exact.h, element by element. */
static float
inner_product(const float *q, const float *c, size_t width)
{
    volatile double sum[8] = { 0 };

    for (size_t i = 0; i < width; i++) {
        volatile double product = (double)q[i] * (double)c[i];

        sum[i % 8] = sum[i % 8] + product;
    }
    return (float)(((sum[0] + sum[4]) + (sum[2] + sum[6])) +
                   ((sum[1] + sum[5]) + (sum[3] + sum[7])));
}

static int
better_first(const void *a, const void *b)
{
    const struct scored *x = a, *y = b;

    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

static void
make_numbers(const struct shape *s, float *v, size_t n, struct rng *r)
{
    for (size_t i = 0; i < n; i++)
        v[i] =
            s->scale * (s->values == 0 ? (float)rng_normal(r)
                                       : (float)rng_below(r, s->values) - 1.0f);
}

static void
make(const struct shape *s)
{
    struct rng r = rng_for(1, s->items, s->width);

    make_numbers(s, item, s->items * s->width, &r);
    make_numbers(s, query, QUERIES * s->width, &r);
    for (size_t i = s->distinct; i < s->items; i++)
        memcpy(item + i * s->width, item + (i % s->distinct) * s->width,
               s->width * sizeof *item);
    for (size_t i = 0; i < s->items; i++)
        id[i] = (uint32_t)(i * 7 + 3);
    rng_shuffle_u32(&r, id, s->items);
    for (size_t q = 0; q < QUERIES; q++) {
        exclude[q] = (struct exact_exclude){ skip[q], 0 };
        for (uint32_t i = 0; s->exclude > 0 && i < s->items; i++)
            if (q == 1 || rng_below(&r, s->exclude) == 0)
                skip[q][exclude[q].count++] = i; /* query 1 may have none */
    }
}

/* Every item that query Q may have, best first. */
static size_t
brute_force(const struct shape *s, size_t q, struct scored *out)
{
    size_t n = 0, passed = 0;

    for (size_t i = 0; i < s->items; i++) {
        if (passed < exclude[q].count && skip[q][passed] == i) {
            passed++;
            continue;
        }
        out[n].score =
            inner_product(query + q * s->width, item + i * s->width, s->width);
        out[n++].id = id[i];
    }
    qsort(out, n, sizeof *out, better_first);
    return n;
}

static bool
same_answer(const struct shape *s, size_t q)
{
    static struct scored want[ITEMS_MAX];
    const size_t n = brute_force(s, q, want);

    if (count[q] != (n < s->k ? n : s->k))
        return false;
    for (size_t i = 0; i < count[q]; i++) {
        const float zero = 0, *got = &score[q * s->k + i];
        const float *sure = want[i].score == 0 ? &zero : &want[i].score;

        if (found[q * s->k + i] != want[i].id ||
            memcmp(got, sure, sizeof *got) != 0)
            return false;
    }
    return true;
}

/* Returns how many queries were scored in full. */
static uint64_t
check_shape(const struct shape *s)
{
    const struct exact_items items = { item, id, s->items, s->width };
    const struct exact_result out = { found, score, count };
    struct threads *t;
    struct exact *x;
    uint64_t scans;
    struct error e;

    make(s);
    or_stop((t = threads_new(s->threads, &e)) != NULL ? 0 : -1, &e);
    or_stop((x = exact_new(&items, s->k, t, &e)) != NULL ? 0 : -1, &e);
    or_stop(exact_search(x, query, QUERIES, s->exclude > 0 ? exclude : NULL,
                         &out, &e),
            &e);
    for (size_t q = 0; q < QUERIES; q++)
        if (!same_answer(s, q)) {
            CHECK(false, "%s: query %zu differs from brute force", s->name, q);
            break;
        }
    scans = exact_full_scans(x);
    printf("# %s: %lu of %d scored in full\n", s->name, (unsigned long)scans,
           QUERIES);
    exact_free(x);
    threads_free(t);
    return scans;
}

static void
check_golden(void)
{
    float *items = npy_f32("tests/golden/knn/item.npy", 300 * 16);
    float *queries = npy_f32("tests/golden/knn/query.npy", 20 * 16);
    uint32_t *top = npy_u32("tests/golden/knn/top25.npy", 20 * 25);
    double *scores = npy_f64("tests/golden/knn/score.npy", 20 * 25);
    const struct exact_result out = { found, score, count };
    const struct exact_items all = { items, id, 300, 16 };
    struct exact *x;
    struct error e;

    for (uint32_t i = 0; i < 300; i++)
        id[i] = i;
    or_stop((x = exact_new(&all, 25, NULL, &e)) != NULL ? 0 : -1, &e);
    or_stop(exact_search(x, queries, 20, NULL, &out, &e), &e);
    for (size_t i = 0; i < 20 * 25; i++)
        CHECK(found[i] == top[i], "golden: place %zu has %u, not %u", i,
              (unsigned)found[i], (unsigned)top[i]);
    check_array("golden scores", score, scores, (size_t)20 * 25, 1e-6);
    exact_free(x);
    free(items);
    free(queries);
    free(top);
    free(scores);
}

static void
check_refused(const struct exact_items *items, size_t k, const char *want)
{
    struct error e = { "" };
    struct exact *x = exact_new(items, k, NULL, &e);

    CHECK(x == NULL && strcmp(e.text, want) == 0, "\"%s\", not \"%s\"", e.text,
          want);
    exact_free(x);
}

static void
check_refusals(void)
{
    float v[] = { 1, 2, 3, 4, 5, 6 }, bad[] = { 1, 2, 3, NAN };
    uint32_t ids[] = { 12, 9, 40 };
    const struct exact_items items = { v, ids, 3, 2 };
    const struct exact_result out = { found, score, count };
    struct exact *x;
    struct error e;

    or_stop((x = exact_new(&items, 1, NULL, &e)) != NULL ? 0 : -1, &e);
    CHECK(exact_position(x, 9) == 1, "id 9 is at 1");
    CHECK(exact_position(x, 40) == 2, "id 40 is at 2");
    CHECK(exact_position(x, 10) == EXACT_NONE, "id 10 is nowhere");
    CHECK(exact_position(x, 41) == EXACT_NONE, "id 41 is nowhere");
    CHECK(exact_search(x, bad, 2, NULL, &out, &e) == -1 &&
              strcmp(e.text, "query 1: embedding is not finite") == 0,
          "a NaN in a query gives \"%s\"", e.text);
    exact_free(x);

    check_refused(&items, 4, "cannot find 4 of 3 items");
    check_refused(&items, 0, "cannot find 0 of 3 items");
    v[3] = INFINITY;
    check_refused(&items, 1, "item id 9: embedding is not finite");
    v[3] = 0;
    ids[2] = 12;
    check_refused(&items, 1, "item id 12 is there twice");
}

int
main(void)
{
    const struct shape usual = { "usual", 1300, 64, 10, 0, 1300, 1, 0, 1 };
    const struct shape copies = { "copies", 1300, 32, 10, 0, 13, 1, 0, 2 };
    const struct shape huge = { "huge", 700, 9, 600, 0, 700, 1e20f, 0, 1 };
    const struct shape others[] = {
        { "k is all", 1300, 16, 1300, 0, 1300, 1, 0, 2 },
        { "k is nearly all", 1300, 16, 1299, 0, 1300, 1, 0, 1 },
        { "k is 1", 1024, 8, 1, 0, 1024, 1, 0, 1 },
        { "one item", 1, 5, 1, 0, 1, 1, 0, 1 },
        { "width 1", 1000, 1, 20, 0, 1000, 1, 0, 2 },
        { "width 100", 513, 100, 100, 0, 513, 1, 0, 3 },
        { "ties", 1300, 12, 50, 3, 1300, 1, 0, 2 },
        { "zeros", 600, 4, 7, 1, 600, 0, 0, 1 },
        { "tiny", 700, 9, 5, 0, 700, 1e-22f, 0, 1 },
        { "excluded", 1300, 24, 30, 0, 1300, 1, 3, 2 },
        { "excluded ties", 1300, 12, 30, 3, 1300, 1, 2, 1 },
        { "most excluded", 600, 12, 500, 0, 600, 1, 2, 1 },
    };

    CHECK(check_shape(&usual) == 0, "usual queries were scored in full");
    CHECK(check_shape(&copies) == QUERIES, "equal items were not looked at");
    CHECK(check_shape(&huge) == QUERIES, "sums may have overflowed");
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        (void)check_shape(&others[i]);
    check_golden();
    check_refusals();
    return check_status();
}
