/*
 * Metrics against tests/golden/metrics, against cases worked by hand, and
 * against their definitions done the slow way.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "check.h"
#include "metrics/binary.h"
#include "metrics/mean.h"
#include "metrics/quality.h"
#include "npy.h"

#define QUERIES 20
#define DEPTH 25

static double
value_by(const char *convention, const char *name, const struct hits *h,
         uint32_t k)
{
    for (size_t c = 0; c < CONVENTIONS; c++)
        for (size_t i = 0; i < METRICS; i++)
            if (strcmp(conventions[c].name, convention) == 0 &&
                strcmp(metrics[i].name, name) == 0)
                return metrics[i].value(h, k, &conventions[c]);
    printf("not ok - no metric %s by %s\n", name, convention);
    exit(EXIT_FAILURE);
}

static void
find(struct hits *h, const uint32_t *list, size_t length, const uint32_t *truth,
     size_t truths)
{
    struct error e;

    or_stop(hits_relevant(h, truth, NULL, truths, &e), &e);
    hits_find(h, list, length);
}

/* By the convention of trec_eval. */
static double
value(const char *name, const struct hits *h, uint32_t k)
{
    return value_by("trec", name, h, k);
}

static char *
read_text(const char *path)
{
    static char text[4096];
    FILE *f = fopen(path, "r");
    size_t n;

    if (f == NULL) {
        printf("not ok - %s: cannot open\n", path);
        exit(EXIT_FAILURE);
    }
    n = fread(text, 1, sizeof text - 1, f);
    text[n] = '\0';
    fclose(f);
    return text;
}

/* "QUERY": [ 1, 2, 3 ] of relevant.json, plus 1: the ids of the file start at
 * 0, which is no item here. */
static size_t
relevant_of(const char *json, size_t query, uint32_t *truth)
{
    char key[16];
    const char *p;
    size_t n = 0;

    snprintf(key, sizeof key, "\"%zu\": [", query);
    p = strstr(json, key);
    if (p == NULL)
        return 0;
    for (p += strlen(key);;) {
        char *end;
        const unsigned long v = strtoul(p, &end, 10);

        if (end == p)
            return n;
        truth[n++] = (uint32_t)v + 1;
        p = end + strspn(end, ", \n");
    }
}

/* The number of "METRIC" in the object of "@DEPTH" in expected.json. */
static double
expected(const char *json, unsigned depth, const char *metric)
{
    char key[32];
    const char *p;

    snprintf(key, sizeof key, "\"@%u\": {", depth);
    p = strstr(json, key);
    snprintf(key, sizeof key, "\"%s\": ", metric);
    p = p != NULL ? strstr(p, key) : NULL;
    return p != NULL ? strtod(p + strlen(key), NULL) : (double)NAN;
}

static void
check_golden(void)
{
    static const char *const ours[] = { "ndcg", "recall", "precision",
                                        "map",  "mrr",    "hit" };
    static const char *const theirs[] = {
        "ndcg", "recall", "precision", "ap", "reciprocal_rank", "hit"
    };
    static const unsigned depth[] = { 5, 10, 25 };
    uint32_t *top = npy_u32("tests/golden/knn/top25.npy", QUERIES * DEPTH);
    double *at_10 =
        npy_f64("tests/golden/metrics/per_query_at_10.npy", QUERIES * METRICS);
    struct mean mean[3][METRICS] = { 0 };
    struct hits h = { 0 };
    const char *json = read_text("tests/golden/metrics/relevant.json");

    for (size_t q = 0; q < QUERIES; q++) {
        uint32_t truth[16], list[DEPTH];
        const size_t truths = relevant_of(json, q, truth);

        for (size_t i = 0; i < DEPTH; i++)
            list[i] = top[q * DEPTH + i] + 1;
        find(&h, list, DEPTH, truth, truths);
        CHECK(truths > 0 && h.relevant == truths, "query %zu: R is %zu", q,
              h.relevant);
        for (size_t m = 0; m < METRICS; m++) {
            for (size_t d = 0; d < 3; d++)
                mean_add(&mean[d][m], value(ours[m], &h, depth[d]));
            check_close(ours[m], value(ours[m], &h, 10), at_10[q * METRICS + m],
                        1e-12);
        }
    }
    json = read_text("tests/golden/metrics/expected.json");
    for (size_t d = 0; d < 3; d++)
        for (size_t m = 0; m < METRICS; m++)
            check_close(theirs[m], mean_value(&mean[d][m]),
                        expected(json, depth[d], theirs[m]), 1e-12);
    hits_free(&h);
    free(top);
    free(at_10);
}

/* Items 3 and 9 at ranks 2 and 5 of 6; 70 and one unknown are not found. */
static void
check_by_hand(void)
{
    static const uint32_t list[] = { 8, 3, 0, 3, 9, 4 };
    static const uint32_t truth[] = { 9, 70, 3, 3, 0 };
    struct hits h = { 0 };
    double ideal;

    find(&h, list, 6, truth, 5);
    CHECK(h.relevant == 4, "R is %zu", h.relevant);
    CHECK(h.count == 2 && h.rank[0] == 2 && h.rank[1] == 5, "ranks are wrong");

    ideal = 1 + 1 / log2(3) + 1 / log2(4);
    check_close("ndcg@3", value("ndcg", &h, 3), 1 / log2(3) / ideal, 1e-15);
    ideal += 1 / log2(5); /* and no more at any depth */
    check_close("ndcg@100", value("ndcg", &h, 100),
                (1 / log2(3) + 1 / log2(6)) / ideal, 1e-15);
    check_close("recall@1", value("recall", &h, 1), 0, 0);
    check_close("recall@5", value("recall", &h, 5), 0.5, 0);
    check_close("precision@5", value("precision", &h, 5), 0.4, 1e-15);
    check_close("precision@100", value("precision", &h, 100), 0.02, 1e-15);
    check_close("map@4", value("map", &h, 4), 0.125, 0);
    check_close("map@6", value("map", &h, 6), (1.0 / 2 + 2.0 / 5) / 4, 1e-15);
    check_close("map@2", value("map", &h, 2), 0.125, 0); /* by R, not k */
    check_close("mrr@1", value("mrr", &h, 1), 0, 0);
    check_close("mrr@2", value("mrr", &h, 2), 0.5, 0);
    check_close("hit@1", value("hit", &h, 1), 0, 0);
    check_close("hit@2", value("hit", &h, 2), 1, 0);

    /* An empty list and a perfect one. */
    find(&h, NULL, 0, truth, 5);
    for (size_t m = 0; m < METRICS; m++)
        check_close(metrics[m].name, metrics[m].value(&h, 10, conventions), 0,
                    0);
    find(&h, list, 2, list, 2);
    for (size_t m = 0; m < METRICS; m++)
        check_close(metrics[m].name, metrics[m].value(&h, 2, conventions), 1,
                    1e-15);
    find(&h, list, 2, NULL, 0);
    CHECK(h.relevant == 0 && h.count == 0, "no truth, no hits");
    hits_free(&h);
}

/* Gains of 3, 1, 2, 0 and 1, the last not in the list; depths above and below
 * its length. */
static void
check_conventions(void)
{
    static const uint32_t list[] = { 20, 40, 10, 99, 30 };
    static const uint32_t id[] = { 10, 20, 30, 40, 50, 20 };
    static const float gain[] = { 3, 1, 2, 0, 1, 0.5f };
    const double d2 = 1 / log2(3), d4 = 1 / log2(5), d5 = 1 / log2(6);
    const struct {
        const char *convention, *metric;
        double at_3, at_10;
    } want[] = {
        { "trec", "ndcg", (1 + 3 * .5) / (3 + 2 * d2 + .5),
          (1 + 3 * .5 + 2 * d5) / (3 + 2 * d2 + .5 + d4) },
        { "trec", "recall", 2. / 4, 3. / 4 },
        { "trec", "precision", 2. / 3, 3. / 10 },
        { "trec", "map", (1 + 2. / 3) / 4, (1 + 2. / 3 + 3. / 5) / 4 },
        { "ms", "ndcg", 1.5 / (1 + d2 + .5), (1.5 + d5) / (1.5 + d2 + d4) },
        { "ms", "recall", 2. / 4, 3. / 4 },
        { "ms", "precision", 2. / 3, 3. / 10 },
        { "ms", "map", (1 + 2. / 3) / 4, (1 + 2. / 3 + 3. / 5) / 4 },
        { "exp", "ndcg", (1 + 7 * .5) / (7 + 3 * d2 + .5),
          (1 + 7 * .5 + 3 * d5) / (7 + 3 * d2 + .5 + d4) },
        { "exp", "recall", 2. / 4, 3. / 4 },
        { "exp", "precision", 2. / 3, 3. / 10 },
        { "exp", "map", (1 + 2. / 3) / 4, (1 + 2. / 3 + 3. / 5) / 4 },
        { "dacrema", "ndcg", (1 + 7 * .5) / (7 + 3 * d2 + .5 + d4),
          (1 + 7 * .5 + 3 * d5) / (7 + 3 * d2 + .5 + d4) },
        { "dacrema", "recall", 2. / 4, 3. / 4 },
        { "dacrema", "precision", 2. / 3, 3. / 5 },
        { "dacrema", "map", (1 + 2. / 3) / 3, (1 + 2. / 3 + 3. / 5) / 4 },
        { "liang", "ndcg", 1.5 / (1 + d2 + .5), (1.5 + d5) / (1.5 + d2 + d4) },
        { "liang", "recall", 2. / 3, 3. / 4 },
        { "liang", "precision", 2. / 3, 3. / 10 },
        { "liang", "map", (1 + 2. / 3) / 3, (1 + 2. / 3 + 3. / 5) / 4 },
    };
    struct hits h = { 0 };
    struct error e;

    or_stop(hits_relevant(&h, id, gain, 6, &e), &e);
    CHECK(h.relevant == 4, "R is %zu", h.relevant);
    hits_find(&h, list, 5);
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        const char *c = want[i].convention, *m = want[i].metric;
        char name[64];

        snprintf(name, sizeof name, "%s %s", c, m);
        check_close(name, value_by(c, m, &h, 3), want[i].at_3, 1e-15);
        check_close(name, value_by(c, m, &h, 10), want[i].at_10, 1e-15);
        check_close(name, value_by(c, "mrr", &h, 3), 1, 0);
        check_close(name, value_by(c, "hit", &h, 3), 1, 0);
    }
    /* A list of one: min(k, L, R) is 1. */
    hits_find(&h, list, 1);
    check_close("dacrema map", value_by("dacrema", "map", &h, 3), 1, 0);
    /* Nothing is relevant, or nothing is there. */
    hits_find(&h, NULL, 0);
    for (size_t c = 0; c < CONVENTIONS; c++)
        for (size_t m = 0; m < METRICS; m++)
            CHECK(metrics[m].value(&h, 3, &conventions[c]) == 0, "not 0");
    or_stop(hits_relevant(&h, id + 3, gain + 3, 1, &e), &e);
    hits_find(&h, list, 5);
    for (size_t c = 0; c < CONVENTIONS; c++)
        for (size_t m = 0; m < METRICS; m++)
            CHECK(metrics[m].value(&h, 3, &conventions[c]) == 0, "not 0");
    hits_free(&h);
}

/* By "hit" every relevant item is a case; two of three are found, at ranks 3
 * and 5. */
static void
check_each(void)
{
    static const uint32_t list[] = { 4, 9, 7, 2, 8 };
    static const uint32_t truth[] = { 8, 7, 1, 7 };
    /* In the order of the ids 1, 7, 8. */
    static const double rank[] = { (double)INFINITY, 3, 5 };
    struct quality q = { .depth = { 3, 5 }, .depths = 2 };
    double v[2 * METRICS];
    size_t cases;
    struct error e;

    q.convention = &conventions[CONVENTIONS - 1];
    CHECK(strcmp(q.convention->name, "hit") == 0, "hit is the last");
    or_stop(quality_relevant(&q, truth, NULL, 4, &cases, &e), &e);
    CHECK(cases == 3, "%zu cases", cases);
    for (size_t c = 0; c < cases; c++) {
        or_stop(quality_measure(&q, c, list, 5, v, &e), &e);
        for (size_t d = 0; d < 2; d++) {
            const double hit = rank[c] <= (double)q.depth[d];

            check_close("ndcg", v[d], hit / log2(1 + rank[c]), 1e-15);
            check_close("recall", v[2 + d], hit, 0);
            check_close("precision", v[4 + d], hit / (double)q.depth[d], 1e-15);
            check_close("map", v[6 + d], hit / rank[c], 1e-15);
            check_close("mrr", v[8 + d], hit / rank[c], 1e-15);
            check_close("hit", v[10 + d], hit, 0);
        }
    }
    quality_free(&q);
}

static void
check_mean(void)
{
    /* 1e9 more changes no distance: the sum of squares alone would lose it. */
    static const double v[] = { 1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16 };
    struct mean m = { 0 };

    mean_add(&m, v[0]);
    CHECK(isnan(mean_ci95(&m)), "one number has no interval");
    for (size_t i = 1; i < 4; i++)
        mean_add(&m, v[i]);
    check_close("mean", mean_value(&m), 1e9 + 10, 0);
    check_close("ci95", mean_ci95(&m), 1.96 * sqrt(30.0) / 2, 1e-15);
}

/* Every pair of a positive and a negative row. */
static double
auc_of_pairs(const float *score, const uint8_t *label, size_t n)
{
    double sum = 0, pairs = 0;

    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            if (label[i] != 0 && label[j] == 0) {
                pairs++;
                sum += score[i] > score[j] ? 1 : score[i] == score[j] ? 0.5 : 0;
            }
    return sum / pairs;
}

static void
check_binary(void)
{
    static const float p[] = { 0.9f, 0.5f, 0.2f, 0.0f };
    static const uint8_t y[] = { 1, 1, 0, 1 };
    float score[500];
    uint8_t label[500];
    struct rng r = { 5 };
    struct error e;
    double auc;

    /* Pairs: .9 > .2, .5 > .2, 0 < .2. */
    or_stop(binary_auc(p, y, 4, &auc, &e), &e);
    check_close("auc", auc, 2.0 / 3, 1e-15);
    check_close("accuracy", binary_accuracy(p, y, 4), 0.5, 0); /* .5 is no */
    check_close(
        "log loss", binary_log_loss(p, y, 4),
        -(log((double)0.9f) + log(0.5) + log(1 - (double)0.2f) + log(1e-7)) / 4,
        1e-15);
    for (size_t i = 0; i < 500; i++) {
        score[i] = (float)rng_below(&r, 40); /* many ties */
        label[i] = rng_below(&r, 60) < (uint64_t)score[i];
    }
    or_stop(binary_auc(score, label, 500, &auc, &e), &e);
    check_close("auc of 500", auc, auc_of_pairs(score, label, 500), 1e-14);

    CHECK(binary_auc(p, y, 2, &auc, &e) == -1, "one label has an AUC");
    score[3] = NAN;
    CHECK(binary_auc(score, label, 500, &auc, &e) == -1, "NaN has an AUC");
    CHECK(isnan(binary_log_loss(score, label, 500)), "NaN has a log loss");
}

int
main(void)
{
    check_golden();
    check_by_hand();
    check_conventions();
    check_each();
    check_mean();
    check_binary();
    return check_status();
}
