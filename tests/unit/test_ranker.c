/*
 * The ranking model: training steps against tests/golden/ranker, gradients
 * against measured slopes, the same bytes with any number of threads.
 */
#include "model/ranker_train.h"

#include <string.h>

#include "base/threads.h"
#include "check.h"
#include "golden_model.h"
#include "model/bce.h"
#include "ranker_case.h"
#include "reference_model.h"

/* The logits of row[0 .. n-1] with their own items. */
static const float *
score_rows(struct ranker *m, const struct examples *x, const uint32_t *row,
           size_t n)
{
    static struct distinct items;
    const float *logit;
    struct error e;

    distinct_free(&items);
    if (distinct_init(&items, x->tuples, &e) != 0 ||
        distinct_find(&items, x->item, row, n, &e) != 0)
        die_of(&e);
    logit = ranker_score(m, x->column, n, row, &items, NULL, &e);
    if (logit == NULL)
        die_of(&e);
    return logit;
}

static void
test_golden(const struct examples *x)
{
    struct ranker *m = new_ranker();
    struct ranker_train *t = new_training(m, x);
    double *want = npy_f64(GOLDEN "ranker/loss_per_step.npy", GOLDEN_STEPS);
    double *probability =
        npy_f64(GOLDEN "ranker/probability_last_step.npy", GOLDEN_BATCH);
    uint32_t row[GOLDEN_BATCH];
    char what[64];
    struct error e;

    golden_load("ranker/init", m->net);
    for (size_t i = 0; i < GOLDEN_STEPS; i++) {
        double loss;

        batch_rows(i, row);
        if (i + 1 == GOLDEN_STEPS) {
            const float *logit = score_rows(m, x, row, GOLDEN_BATCH);

            for (size_t k = 0; k < GOLDEN_BATCH; k++)
                check_close("probability", bce_probability((double)logit[k]),
                            probability[k], 1e-4);
        }
        if (ranker_step(t, row, GOLDEN_BATCH, NULL, &loss, &e) != 0)
            die_of(&e);
        snprintf(what, sizeof what, "loss of step %zu", i + 1);
        check_close(what, loss / GOLDEN_BATCH, want[i], i == 0 ? 1e-6 : 1e-4);
    }
    golden_check("ranker/final", m->net);
    free(want);
    free(probability);
    ranker_train_free(t);
    ranker_free(m);
}

struct loss_of {
    const struct examples *x;
    const struct network *n;
    const uint32_t *row;
    double *value;
};

static double
reference_loss(void *ctx)
{
    const struct loss_of *l = ctx;
    double loss = 0;

    for (size_t i = 0; i < GOLDEN_BATCH; i++) {
        double logit[REFERENCE_WIDTH_MAX], p;

        reference_network(l->n, l->value, l->x, l->row[i], logit);
        p = 1 / (1 + exp(-logit[0]));
        loss -= log(l->x->label[l->row[i]] ? p : 1 - p);
        for (size_t k = 1; k < l->n->width[l->n->layers]; k++) {
            p = 1 / (1 + exp(-logit[k]));
            loss -= log(l->x->grade[l->row[i]] > (float)k ? p : 1 - p);
        }
    }
    return loss / GOLDEN_BATCH;
}

/* GOLDEN: at the golden weights, which have no others than of dense layers. */
static void
slopes(const struct examples *x, bool golden, const char *what)
{
    struct ranker *m = new_ranker();
    struct ranker_train *t = new_training(m, x);
    const struct gradient *gradient;
    uint32_t row[GOLDEN_BATCH];
    struct loss_of l = { x, m->net, row, NULL };
    struct error e;
    double loss;

    if (golden) {
        golden_load("ranker/init", m->net);
    } else {
        ranker_init(m, 3);
        for (size_t i = 0; i < m->net->parameters; i++)
            m->net->value[i] *= i < network_dense_at(m->net) ? 20.0f : 1.5f;
        /* Where a ReLU has 0 there is no slope, and biases begin there. */
        for (size_t i = network_dense_at(m->net); i < m->net->parameters; i++)
            m->net->value[i] += 0.01f * (float)(1 + i % 5);
    }
    for (size_t step = 0; step < 3; step++) {
        batch_rows(step, row);
        l.value = reference_value(m->net);
        gradient = ranker_gradient(t, row, GOLDEN_BATCH, NULL, &loss, &e);
        if (gradient == NULL)
            die_of(&e);
        check_close(what, loss / GOLDEN_BATCH, reference_loss(&l), 1e-5);
        check_slopes(what, m->net, gradient, l.value, reference_loss, &l, 1e-3);
        free(l.value);
    }
    ranker_train_free(t);
    ranker_free(m);
}

static void
test_slopes(const struct examples *x)
{
    slopes(x, true, "ranker");
}

static void
test_threads(const struct examples *x)
{
    struct ranker *m[4];
    uint32_t row[GOLDEN_ROWS];

    for (uint32_t i = 0; i < GOLDEN_ROWS; i++)
        row[i] = (i * 35) % (uint32_t)GOLDEN_ROWS;
    for (unsigned n = 0; n < 4; n++) {
        struct error e;
        struct threads *pool = n > 0 ? threads_new(n, &e) : NULL;
        struct ranker_train *t;
        double loss;

        m[n] = new_ranker();
        ranker_init(m[n], 7);
        t = new_training(m[n], x);
        for (int i = 0; i < 5; i++)
            if (ranker_step(t, row, GOLDEN_ROWS - 13, pool, &loss, &e) != 0)
                die_of(&e);
        CHECK(memcmp(m[0]->net->value, m[n]->net->value,
                     m[n]->net->parameters * sizeof(float)) == 0,
              "%u threads give other parameters", n);
        ranker_train_free(t);
        threads_free(pool);
    }
    for (unsigned n = 0; n < 4; n++)
        ranker_free(m[n]);
}

/* More pairs than go through the layers at a time, on threads. */
static void
test_many_pairs(const struct examples *x)
{
    enum { PAIRS = 5000 };
    struct ranker *m = new_ranker();
    struct error e;
    struct threads *pool = threads_new(2, &e);
    static uint32_t query[PAIRS], item[PAIRS];
    static float first[PAIRS];
    struct distinct items;
    const float *logit;

    ranker_init(m, 2);
    for (uint32_t i = 0; i < PAIRS; i++) {
        query[i] = i / 27;
        item[i] = i * 7 % (uint32_t)x->tuples;
    }
    if (distinct_init(&items, x->tuples, &e) != 0 ||
        distinct_find(&items, item, NULL, PAIRS, &e) != 0)
        die_of(&e);
    logit = ranker_score(m, x->column, PAIRS, query, &items, NULL, &e);
    memcpy(first, logit, sizeof first);
    logit = ranker_score(m, x->column, PAIRS, query, &items, pool, &e);
    CHECK(memcmp(first, logit, sizeof first) == 0,
          "two threads give other scores");
    for (size_t i = 0; i < PAIRS; i += 617) {
        const float *one;

        if (distinct_find(&items, item + i, NULL, 1, &e) != 0)
            die_of(&e);
        one = ranker_score(m, x->column, 1, query + i, &items, NULL, &e);
        check_close("a pair alone", (double)one[0], (double)first[i], 1e-5);
    }
    distinct_free(&items);
    threads_free(pool);
    ranker_free(m);
}

/* The same with cross layers, and with a user times a title, in a row of both
 * parts. */
static void
test_interactions(const struct examples *x)
{
    static const struct feature_pair product[] = { { 0, 3 }, { 4, 1 } };
    static const struct feature_pair bad[][2] = {
        { { 0, 2 }, { 0, 0 } }, { { 0, 0 }, { 0, 0 } }, { { 0, 3 }, { 0, 1 } },
        { { 0, 3 }, { 1, 0 } }, { { 0, 3 }, { 3, 1 } },
    };
    const struct network_shape plain = shape;
    struct error e;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct network_shape s = plain;

        s.product = bad[i];
        s.products = i < 2 ? 1 : 2;
        CHECK(ranker_new(golden_feature, GOLDEN_FEATURES, &s, &e) == NULL,
              "products %zu pass", i);
    }
    for (size_t cross = 0; cross < 3; cross++)
        for (size_t products = cross == 0; products < 3; products++) {
            char what[64];

            snprintf(what, sizeof what, "%zu cross layers, %zu products", cross,
                     products);
            shape.cross = cross;
            shape.product = product;
            shape.products = products;
            slopes(x, false, what);
            test_threads(x);
            test_many_pairs(x);
        }
    shape = plain;
}

/* Three grades beside the label: 1, 2 and 3. */
static void
test_grades(struct examples *x)
{
    static float grade[GOLDEN_ROWS];
    float different[EXAMPLES_GRADES_MAX];
    const struct network_shape plain = shape;
    struct ranker *m, *all;
    struct error e;
    size_t n;

    for (size_t i = 0; i < GOLDEN_ROWS; i++)
        grade[i] = (float)(1 + i * 7 % 3);
    x->grade = grade;
    CHECK(examples_grades(x, different, &n, &e) == 0 && n == 3 &&
              different[0] == 1 && different[1] == 2 && different[2] == 3,
          "%zu grades", n);
    m = new_ranker();
    shape.beside = 2;
    slopes(x, false, "grades");
    test_threads(x);
    test_many_pairs(x);

    /* What is beside the logit changes no answer. */
    all = new_ranker();
    ranker_init(all, 3);
    ranker_copy(m, all);
    for (uint32_t i = 0; i < 20; i++) {
        const double one = (double)*score_rows(m, x, &i, 1);

        check_close("without grades", (double)*score_rows(all, x, &i, 1), one,
                    1e-6);
    }
    ranker_free(all);
    ranker_free(m);
    grade[3] = 4;
    all = new_ranker();
    CHECK(ranker_train_new(
              all, x, &(struct ranker_options){ .optimizer = { .rate = 0.1 } },
              &e) == NULL,
          "outputs for three grades learn four");
    ranker_free(all);
    shape = plain;
    x->grade = NULL;
}

/* With the same elements dropped, the loss rises along its gradient as much as
 * that is long. */
static void
test_dropout(const struct examples *x)
{
    struct ranker *m;
    struct ranker_train *t;
    uint32_t row[GOLDEN_BATCH];
    double loss[3], length = 0;
    float *start, *way;
    struct error e;

    hidden = 0.4f;
    test_threads(x);
    m = new_ranker();
    t = new_training(m, x);
    ranker_init(m, 3);
    for (size_t i = network_dense_at(m->net); i < m->net->parameters; i++)
        m->net->value[i] += 0.01f * (float)(1 + i % 5); /* no slope at 0 */
    batch_rows(0, row);
    start = calloc(m->net->parameters, sizeof *start);
    way = calloc(m->net->parameters, sizeof *way);
    memcpy(start, m->net->value, m->net->parameters * sizeof *start);
    for (int i = 0; i < 3; i++) {
        const struct gradient *g =
            ranker_gradient(t, row, GOLDEN_BATCH, NULL, &loss[i], &e);

        if (i == 0)
            for (size_t k = m->net->tables; k < m->net->tensors; k++) {
                const struct tensor *w = &m->net->tensor[k];

                memcpy(way + (w->data - m->net->value), g[k].value,
                       w->rows * w->cols * sizeof *way);
            }
        for (size_t k = 0; k < m->net->parameters; k++) {
            m->net->value[k] = start[k] + (i == 0 ? 0.002f : -0.002f) * way[k];
            if (i == 0)
                length += (double)way[k] * (double)way[k];
        }
    }
    check_close("slope", (loss[1] - loss[2]) / GOLDEN_BATCH / 0.004, length,
                2e-2);
    free(start);
    free(way);
    ranker_train_free(t);
    ranker_free(m);
    hidden = 0;
}

/* d is 1 / 11, 2 / 12, 3 / 13 in the first steps, and at most 0.5. */
static void
test_average(const struct examples *x)
{
    struct ranker *m = new_ranker(), *mean = new_ranker();
    struct ranker_train *t;
    double *want;
    struct error e;

    ranker_init(m, 3);
    average = mean;
    t = new_training(m, x);
    average = NULL;
    want = calloc(m->net->parameters, sizeof *want);
    for (size_t step = 1; step <= GOLDEN_STEPS; step++) {
        const double n = (double)step, keep = fmin(0.5, n / (n + 10));
        uint32_t row[GOLDEN_BATCH];
        double loss;

        batch_rows(step - 1, row);
        if (ranker_step(t, row, GOLDEN_BATCH, NULL, &loss, &e) != 0)
            die_of(&e);
        for (size_t k = 0; k < m->net->parameters; k++)
            want[k] = keep * want[k] + (1 - keep) * (double)m->net->value[k];
    }
    check_array("average", mean->net->value, want, m->net->parameters, 1e-6);
    CHECK(strcmp(t->tensor[0].name, "average.query.user.lookup") == 0 &&
              t->tensor[0].data == mean->net->value,
          "the average is no part of the state: %s", t->tensor[0].name);
    free(want);
    ranker_train_free(t);
    ranker_free(mean);
    ranker_free(m);
}

int
main(void)
{
    struct examples *x = golden_examples();

    test_golden(x);
    test_slopes(x);
    test_threads(x);
    test_many_pairs(x);
    test_interactions(x);
    test_grades(x);
    test_dropout(x);
    test_average(x);
    examples_free(x);
    return check_status();
}
