/*
 * The in-batch softmax against numbers worked out elsewhere (tests/golden/
 * softmax, the tests of TensorFlow Recommenders) and, on larger batches,
 * against the loss written down naively.
 */
#include "model/softmax.h"

#include <string.h>

#include "base/rng.h"
#include "base/threads.h"
#include "check.h"
#include "npy.h"
#include "reference_model.h"

#define FOLDER "tests/golden/softmax/"

enum { ROWS = 24, DIM = 8 };

/* The distinct items of ROWS rows, as softmax_loss() wants them. */
struct distinct_items {
    size_t n;
    uint32_t positive[ROWS], count[ROWS], key[ROWS];
    float candidate[ROWS * DIM], logq[ROWS];
};

static struct distinct_items
distinct_items(const uint32_t *item, const float *candidate, const float *logq)
{
    struct distinct_items d = { 0 };

    for (size_t i = 0; i < ROWS; i++) {
        size_t u = 0;

        while (u < d.n && d.key[u] != item[i])
            u++;
        if (u == d.n) {
            d.key[u] = item[i];
            d.logq[u] = logq[i];
            memcpy(d.candidate + u * DIM, candidate + i * DIM,
                   DIM * sizeof *candidate);
            d.n++;
        }
        d.positive[i] = (uint32_t)u;
        d.count[u]++;
    }
    return d;
}

/* Each row has a candidate of its own, as in TensorFlow Recommenders. */
static struct distinct_items
own_items(const uint32_t *item, const float *candidate, const float *logq)
{
    struct distinct_items d = { .n = ROWS };

    for (size_t i = 0; i < ROWS; i++) {
        d.positive[i] = (uint32_t)i;
        d.count[i] = 1;
    }
    memcpy(d.key, item, sizeof d.key);
    memcpy(d.candidate, candidate, sizeof d.candidate);
    memcpy(d.logq, logq, sizeof d.logq);
    return d;
}

static void
run(const struct softmax_batch *b, struct threads *t, double *loss,
    float *dquery, float *dcandidate)
{
    struct error e;
    struct softmax *s = softmax_new(&e);

    if (s == NULL || softmax_loss(s, b, t, loss, dquery, dcandidate, &e) != 0) {
        printf("not ok - %s\n", e.text);
        exit(EXIT_FAILURE);
    }
    softmax_free(s);
}

static struct golden_case {
    const char *name;
    double loss;
    bool logq, masked;
    float temperature;
} golden_case[] = {
    { "plain", 90.71488681260652, false, false, 1 },
    { "logq", 98.49941050664503, true, false, 1 },
    { "accidental", 87.31881288615534, false, true, 1 },
    { "temperature", 242.18847390315605, false, false, 0.2f },
    { "all", 254.636456392854, true, true, 0.2f },
};

static void
test_golden_case(const struct golden_case *g, const struct distinct_items *d,
                 const float *query, const char *kind)
{
    float dquery[ROWS * DIM], dcandidate[ROWS * DIM];
    struct softmax_batch b = {
        ROWS,
        d->n,
        DIM,
        query,
        d->candidate,
        d->positive,
        d->count,
        g->masked ? d->key : NULL,
        g->logq ? d->logq : NULL,
        g->temperature,
        0,
    };
    char path[256], name[64];
    double loss, *want, sum[ROWS * DIM] = { 0 };

    run(&b, NULL, &loss, dquery, dcandidate);
    snprintf(name, sizeof name, "%s, %s items", g->name, kind);
    check_close(name, loss, g->loss, 1e-5);
    snprintf(path, sizeof path, FOLDER "%s.dquery.npy", g->name);
    want = npy_f64(path, ROWS * DIM);
    check_array(path, dquery, want, ROWS * DIM, 1e-5);
    free(want);

    /* The rows of one item share its gradient. */
    snprintf(path, sizeof path, FOLDER "%s.dcandidate.npy", g->name);
    want = npy_f64(path, ROWS * DIM);
    for (size_t i = 0; i < ROWS * DIM; i++)
        sum[d->positive[i / DIM] * DIM + i % DIM] += want[i];
    check_array(path, dcandidate, sum, d->n * DIM, 1e-5);
    free(want);
}

static void
test_golden(void)
{
    float *query = npy_f32(FOLDER "query.npy", ROWS * DIM);
    float *candidate = npy_f32(FOLDER "candidate.npy", ROWS * DIM);
    float *logq = npy_f32(FOLDER "logq.npy", ROWS);
    uint32_t *item = npy_u32(FOLDER "item.npy", ROWS);
    const struct distinct_items own = own_items(item, candidate, logq);
    const struct distinct_items merged = distinct_items(item, candidate, logq);

    CHECK(merged.n < ROWS, "the golden items do not repeat");
    for (size_t i = 0; i < sizeof golden_case / sizeof *golden_case; i++) {
        test_golden_case(&golden_case[i], &own, query, "own");
        test_golden_case(&golden_case[i], &merged, query, "distinct");
    }
    free(query);
    free(candidate);
    free(logq);
    free(item);
}

/* From the tests of TensorFlow Recommenders' Retrieval task. */
static void
test_tfrs(void)
{
    const float q1[] = { 1, 2, 3, 2, 3, 4 }, c1[] = { 1, 1, 1, 1, 1, 0 };
    const float q2[] = { 3, 2, 1, 2, 3, 4 };
    const float c2[] = { 0, 1, 0, 0, 1, 1, 1, 1, 0 };
    const uint32_t positive[] = { 0, 1 }, count[] = { 1, 1, 1 };
    struct softmax_batch b = { 2,     2,    3,    q1, c1, positive,
                               count, NULL, NULL, 1,  0 };
    float dquery[6], dcandidate[9];
    double loss;

    run(&b, NULL, &loss, dquery, dcandidate);
    check_close("two rows", loss, 4.0667373, 1e-6);
    b.candidates = 3;
    b.query = q2;
    b.candidate = c2;
    run(&b, NULL, &loss, dquery, dcandidate);
    check_close("two rows and an extra negative", loss, 3.3127776, 1e-6);
}

enum { MANY_ROWS = 61, MANY_ITEMS = 50, MANY_KEYS = 37 };

struct many {
    float query[MANY_ROWS * DIM], candidate[MANY_ITEMS * DIM];
    float logq[MANY_ITEMS];
    uint32_t positive[MANY_ROWS], count[MANY_ITEMS], key[MANY_ITEMS];
};

/* Items in several rows, keys that several items share. */
static struct many
make_many(uint64_t seed)
{
    struct many m = { .count = { 0 } };
    struct rng r = rng_for(seed, 99, 0);

    for (size_t i = 0; i < MANY_ROWS * DIM; i++)
        m.query[i] = 2 * rng_f32(&r) - 1;
    for (size_t i = 0; i < MANY_ITEMS * DIM; i++)
        m.candidate[i] = 2 * rng_f32(&r) - 1;
    for (size_t u = 0; u < MANY_ITEMS; u++) {
        m.logq[u] = -5 * rng_f32(&r);
        m.key[u] = (uint32_t)(u % MANY_KEYS);
    }
    for (size_t i = 0; i < MANY_ROWS; i++) {
        m.positive[i] =
            (uint32_t)(i < MANY_ITEMS ? i : rng_below(&r, MANY_ITEMS));
        m.count[m.positive[i]]++;
    }
    return m;
}

static double
naive(const struct many *m, bool logq, double temperature, bool masked)
{
    static double q[MANY_ROWS * DIM], c[MANY_ROWS * DIM], l[MANY_ROWS];
    uint32_t key[MANY_ROWS];

    for (size_t i = 0; i < MANY_ROWS; i++) {
        const size_t u = m->positive[i];

        key[i] = m->key[u];
        l[i] = (double)m->logq[u];
        for (size_t k = 0; k < DIM; k++) {
            q[i * DIM + k] = (double)m->query[i * DIM + k];
            c[i * DIM + k] = (double)m->candidate[u * DIM + k];
        }
    }
    return reference_softmax(MANY_ROWS, DIM, q, c, key, logq ? l : NULL,
                             temperature, masked);
}

static void
test_naive(void)
{
    for (unsigned options = 0; options < 8; options++) {
        const bool logq = options & 1, masked = options & 2;
        const float temperature = options & 4 ? 0.1f : 1;
        const struct many m = make_many(options);
        const struct softmax_batch b = {
            MANY_ROWS,
            MANY_ITEMS,
            DIM,
            m.query,
            m.candidate,
            m.positive,
            m.count,
            masked ? m.key : NULL,
            logq ? m.logq : NULL,
            temperature,
            0,
        };
        float dquery[MANY_ROWS * DIM], dcandidate[MANY_ITEMS * DIM];
        char name[64];
        double loss;

        run(&b, NULL, &loss, dquery, dcandidate);
        snprintf(name, sizeof name, "naive loss, options %u", options);
        check_close(name, loss, naive(&m, logq, (double)temperature, masked),
                    1e-5);
    }
}

static int
descending(const void *pa, const void *pb)
{
    const double a = *(const double *)pa, b = *(const double *)pb;

    return (a < b) - (a > b);
}

/* Each row's N best candidates besides its own, found by sorting. */
static double
naive_hardest(const struct many *m, size_t n)
{
    double loss = 0;

    for (size_t i = 0; i < MANY_ROWS; i++) {
        double score[MANY_ITEMS], other[MANY_ITEMS], sum;
        const size_t pos = m->positive[i];
        size_t others = 0;

        for (size_t u = 0; u < MANY_ITEMS; u++) {
            score[u] = 0;
            for (size_t k = 0; k < DIM; k++)
                score[u] += (double)m->query[i * DIM + k] *
                            (double)m->candidate[u * DIM + k];
            if (u != pos)
                other[others++] = (double)m->count[u] * exp(score[u]);
        }
        qsort(other, others, sizeof *other, descending);
        sum = (double)m->count[pos] * exp(score[pos]);
        for (size_t j = 0; j < n && j < others; j++)
            sum += other[j];
        loss += log(sum) - score[pos];
    }
    return loss;
}

static void
test_hardest(void)
{
    const struct many m = make_many(11);

    for (size_t n = 1; n <= MANY_ITEMS + 1; n += 7) {
        const struct softmax_batch b = {
            .rows = MANY_ROWS,
            .candidates = MANY_ITEMS,
            .dim = DIM,
            .query = m.query,
            .candidate = m.candidate,
            .positive = m.positive,
            .count = m.count,
            .temperature = 1,
            .hardest = n,
        };
        float dquery[MANY_ROWS * DIM], dcandidate[MANY_ITEMS * DIM];
        char name[64];
        double loss;

        run(&b, NULL, &loss, dquery, dcandidate);
        snprintf(name, sizeof name, "the hardest %zu", n);
        check_close(name, loss, naive_hardest(&m, n), 1e-5);
    }
}

static void
test_threads(void)
{
    enum { B = 700, U = 300 };
    static float query[B * DIM], candidate[U * DIM];
    static float dq[2][B * DIM], dc[2][U * DIM];
    static uint32_t positive[B], count[U];
    struct rng r = { 7 };
    struct softmax_batch b = { B,     U,    DIM,  query, candidate, positive,
                               count, NULL, NULL, 1,     0 };
    double loss[2];

    for (size_t i = 0; i < B * DIM; i++)
        query[i] = rng_f32(&r);
    for (size_t i = 0; i < U * DIM; i++)
        candidate[i] = rng_f32(&r);
    for (size_t i = 0; i < B; i++)
        count[positive[i] = (uint32_t)(i % U)]++;
    run(&b, NULL, &loss[0], dq[0], dc[0]);
    for (unsigned n = 2; n <= 3; n++) {
        struct error e;
        struct threads *t = threads_new(n, &e);

        run(&b, t, &loss[1], dq[1], dc[1]);
        CHECK(memcmp(&loss[0], &loss[1], sizeof loss[0]) == 0 &&
                  memcmp(dq[0], dq[1], sizeof dq[0]) == 0 &&
                  memcmp(dc[0], dc[1], sizeof dc[0]) == 0,
              "%u threads give other bytes than one", n);
        threads_free(t);
    }
}

int
main(void)
{
    test_golden();
    test_tfrs();
    test_naive();
    test_hardest();
    test_threads();
    return check_status();
}
