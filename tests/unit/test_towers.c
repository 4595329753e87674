/*
 * The retrieval model: training steps against tests/golden/tower, gradients
 * against measured slopes, the same bytes with any number of threads.
 */
#include "model/towers_train.h"

#include <string.h>

#include "base/threads.h"
#include "check.h"
#include "golden_model.h"
#include "model/unit.h"
#include "reference_model.h"

static const uint32_t layers[] = { 6, 5 };
enum { DIM = 5, DIM_MAX = 8 };

static const struct towers_options plain = {
    .temperature = 1,
    .optimizer = { .kind = OPTIMIZER_ADAGRAD, .rate = 0.1 },
};

static struct towers *
new_towers(bool cosine)
{
    struct error e;
    struct towers *m =
        towers_new(golden_feature, GOLDEN_FEATURES, layers, 2, cosine, &e);

    if (m == NULL)
        die_of(&e);
    return m;
}

/* Without layers: both parts are 8 numbers wide when the user has 3. */
static struct towers *
new_plain_towers(bool cosine)
{
    struct feature feature[GOLDEN_FEATURES];
    struct error e;
    struct towers *m;

    memcpy(feature, golden_feature, sizeof feature);
    feature[0].dim = 3;
    m = towers_new(feature, GOLDEN_FEATURES, NULL, 0, cosine, &e);
    if (m == NULL)
        die_of(&e);
    CHECK(m->dim == DIM_MAX, "dim %zu", m->dim);
    towers_init(m, 4);
    for (size_t p = 0; p < MODEL_PARTS; p++)
        for (size_t i = 0; i < m->net[p]->parameters; i++)
            m->net[p]->value[i] *= 20;
    return m;
}

static struct towers_train *
new_training(struct towers *m, const struct examples *x,
             const struct towers_options *o)
{
    struct error e;
    struct towers_train *t = towers_train_new(m, x, o, &e);

    if (t == NULL)
        die_of(&e);
    return t;
}

static void
test_golden(const struct examples *x, const char *name,
            const struct towers_options *options)
{
    struct towers *m = new_towers(false);
    struct towers_train *t = new_training(m, x, options);
    char path[256], what[64];
    uint32_t row[GOLDEN_BATCH];
    struct error e;
    double *want;

    for (size_t p = 0; p < MODEL_PARTS; p++)
        golden_load("tower/init", m->net[p]);
    snprintf(path, sizeof path, GOLDEN "tower/%s.loss_per_step.npy", name);
    want = npy_f64(path, GOLDEN_STEPS);
    for (size_t i = 0; i < GOLDEN_STEPS; i++) {
        double loss;

        batch_rows(i, row);
        if (towers_step(t, row, GOLDEN_BATCH, NULL, &loss, &e) != 0)
            die_of(&e);
        snprintf(what, sizeof what, "%s, loss of step %zu", name, i + 1);
        check_close(what, loss, want[i], i == 0 ? 1e-6 : 1e-4);
    }
    CHECK(t->steps == GOLDEN_STEPS, "steps are not counted");
    snprintf(path, sizeof path, "tower/%s", name);
    for (size_t p = 0; p < MODEL_PARTS; p++)
        golden_check(path, m->net[p]);
    free(want);
    towers_train_free(t);
    towers_free(m);
}

/* What the slopes are measured on. */
struct loss_of {
    const struct examples *x;
    const struct towers *m;
    const struct towers_options *options;
    const uint32_t *row;
    double *value[MODEL_PARTS];
};

static void
to_unit(double *v, size_t dim)
{
    double length = 0;

    for (size_t k = 0; k < dim; k++)
        length += v[k] * v[k];
    for (size_t k = 0; k < dim && length > 0; k++)
        v[k] /= sqrt(length);
}

static double
reference_loss(void *ctx)
{
    const struct loss_of *l = ctx;
    const size_t dim = l->m->dim;
    double y[MODEL_PARTS][GOLDEN_BATCH * DIM_MAX], logq[GOLDEN_BATCH];
    uint32_t item[GOLDEN_BATCH];

    for (size_t i = 0; i < GOLDEN_BATCH; i++) {
        for (size_t p = 0; p < MODEL_PARTS; p++) {
            reference_network(l->m->net[p], l->value[p], l->x, l->row[i],
                              y[p] + i * dim);
            if (l->m->cosine)
                to_unit(y[p] + i * dim, dim);
        }
        item[i] = l->x->key[l->x->item[l->row[i]]];
        logq[i] = log((double)l->x->key_rows[item[i]] / (double)l->x->rows);
    }
    return reference_softmax(GOLDEN_BATCH, dim, y[PART_QUERY], y[PART_ITEM],
                             item, l->options->negatives.logq ? logq : NULL,
                             (double)l->options->temperature,
                             l->options->accidental);
}

static void
test_slopes(const struct examples *x, unsigned bits)
{
    const struct towers_options options = {
        .temperature = bits & 1 ? 0.3f : 1,
        .negatives.logq = bits & 2,
        .accidental = bits & 4,
    };
    const bool plain_towers = bits & 16;
    struct towers *m =
        plain_towers ? new_plain_towers(bits & 8) : new_towers(bits & 8);
    struct towers_train *t = new_training(m, x, &options);
    const struct gradient *gradient[MODEL_PARTS];
    uint32_t row[GOLDEN_BATCH];
    struct loss_of l = { x, m, &options, row, { NULL, NULL } };
    struct error e;
    char what[64];
    double loss;

    batch_rows(3, row);
    for (size_t p = 0; p < MODEL_PARTS; p++) {
        float *last_bias = m->net[p]->tensor[m->net[p]->tensors - 1].data;

        if (!plain_towers)
            golden_load("tower/init", m->net[p]);
        /* No embedding of length 0, where a cosine has no slope. */
        for (size_t k = 0; k < DIM && !plain_towers; k++)
            last_bias[k] = 0.1f * (float)(k + 1);
        l.value[p] = reference_value(m->net[p]);
    }
    if (towers_gradient(t, row, GOLDEN_BATCH, NULL, &loss, gradient, &e) != 0)
        die_of(&e);
    snprintf(what, sizeof what, "loss options %u", bits);
    check_close(what, loss, reference_loss(&l), 1e-5);
    for (size_t p = 0; p < MODEL_PARTS; p++)
        check_slopes(what, m->net[p], gradient[p], l.value[p], reference_loss,
                     &l, 1e-2);
    for (size_t p = 0; p < MODEL_PARTS; p++)
        free(l.value[p]);
    towers_train_free(t);
    towers_free(m);
}

/* Some steps with everything on; the last loss. */
static double
train_some(const struct examples *x, struct towers *m, unsigned threads)
{
    const struct towers_options options = {
        .temperature = 0.5f,
        .negatives.logq = true,
        .accidental = true,
        .optimizer = { .kind = OPTIMIZER_ADAM, .rate = 0.01 },
    };
    struct towers_train *t = new_training(m, x, &options);
    struct error e;
    struct threads *pool = threads > 0 ? threads_new(threads, &e) : NULL;
    uint32_t row[GOLDEN_ROWS];
    double loss = 0;

    towers_init(m, 7);
    for (uint32_t i = 0; i < GOLDEN_ROWS; i++)
        row[i] = (i * 35) % (uint32_t)GOLDEN_ROWS;
    for (int i = 0; i < 5; i++)
        if (towers_step(t, row, GOLDEN_ROWS - 13, pool, &loss, &e) != 0)
            die_of(&e);
    threads_free(pool);
    towers_train_free(t);
    return loss;
}

static void
test_threads(const struct examples *x, struct towers *(*make)(bool cosine))
{
    struct towers *one = make(true);
    const double loss = train_some(x, one, 0);

    for (unsigned n = 1; n <= 3; n++) {
        struct towers *m = make(true);
        const double got = train_some(x, m, n);

        CHECK(memcmp(&loss, &got, sizeof loss) == 0,
              "%u threads give another loss", n);
        for (size_t p = 0; p < MODEL_PARTS; p++)
            CHECK(memcmp(one->net[p]->value, m->net[p]->value,
                         m->net[p]->parameters * sizeof(float)) == 0,
                  "%u threads give other parameters", n);
        towers_free(m);
    }
    towers_free(one);
}

static void
test_embed(const struct examples *x, struct towers *(*make)(bool cosine))
{
    for (int cosine = 0; cosine < 2; cosine++) {
        struct towers *m = make(cosine);
        struct error e;
        const float *y;
        double *value;

        towers_init(m, 3);
        value = reference_value(m->net[PART_QUERY]);
        y = towers_embed(m, PART_QUERY, x->column, x->rows, NULL, &e);
        for (size_t r = 0; r < x->rows; r++) {
            double want[REFERENCE_WIDTH_MAX];

            reference_network(m->net[PART_QUERY], value, x, r, want);
            if (cosine)
                to_unit(want, m->dim);
            check_array("embedding", y + r * m->dim, want, m->dim, 1e-5);
        }
        free(value);
        towers_free(m);
    }
}

static void
test_parts_of_other_widths(void)
{
    struct error e = { "" };

    CHECK(towers_new(golden_feature, GOLDEN_FEATURES, NULL, 0, false, &e) ==
              NULL,
          "9 numbers against 8");
    CHECK(strcmp(e.text, "without layers both parts must be of one width, and "
                         "the query's features are 9 wide, the item's 8") == 0,
          "%s", e.text);
}

static void
test_loss_that_is_no_number(const struct examples *x)
{
    struct towers *m = new_towers(false);
    struct towers_train *t = new_training(m, x, &plain);
    uint32_t row[GOLDEN_BATCH];
    struct error e = { "" };
    double loss;
    float before;

    towers_init(m, 1);
    batch_rows(0, row);
    m->net[PART_QUERY]->tensor[3].data[0] = NAN; /* query.0.bias */
    before = m->net[PART_ITEM]->value[20];
    CHECK(towers_step(t, row, GOLDEN_BATCH, NULL, &loss, &e) != 0,
          "a loss of NaN passes");
    CHECK(strcmp(e.text, "step 1: loss is not a number") == 0, "%s", e.text);
    CHECK(m->net[PART_ITEM]->value[20] == before, "and the model is changed");
    towers_train_free(t);
    towers_free(m);
}

static void
test_unit_of_zeros(void)
{
    float x[4] = { 0, 0, 3, 4 }, dy[4] = { 1, 1, 1, 1 }, length[2];

    unit_forward(2, 2, x, length);
    CHECK(x[0] == 0 && x[1] == 0 && x[2] == 0.6f && x[3] == 0.8f, "unit rows");
    unit_backward(2, 2, x, length, dy);
    CHECK(dy[0] == 0 && dy[1] == 0, "gradient of a row of zeros");
    check_close("gradient of a unit row", (double)dy[2], (1 - 1.4 * 0.6) / 5,
                1e-5);
}

static void
test_init(void)
{
    struct towers *m = new_towers(false), *other = new_towers(false);
    const struct network *n = m->net[PART_QUERY];
    const struct tensor *kernel;
    float largest = 0;

    towers_init(m, 5);
    towers_init(other, 5);
    CHECK(memcmp(n->value, other->net[PART_QUERY]->value,
                 n->parameters * sizeof *n->value) == 0,
          "same seed, other weights");
    towers_init(other, 6);
    CHECK(memcmp(n->value, other->net[PART_QUERY]->value,
                 n->parameters * sizeof *n->value) != 0,
          "other seed, same weights");
    for (size_t i = 0; i < 13 * 4; i++)
        largest = fmaxf(largest, fabsf(n->tensor[0].data[i]));
    CHECK(largest > 0.04f && largest <= 0.05f, "table within %g",
          (double)largest);
    kernel = &n->tensor[2];
    CHECK(strcmp(kernel->name, "query.0.kernel") == 0 && kernel->rows == 9 &&
              kernel->cols == 6,
          "%s", kernel->name);
    largest = 0;
    for (size_t i = 0; i < 54; i++)
        largest = fmaxf(largest, fabsf(kernel->data[i]));
    CHECK(largest > 0.5f && largest <= sqrtf(6.0f / 15), "kernel within %g",
          (double)largest);
    for (size_t i = 0; i < 6; i++)
        CHECK(n->tensor[3].data[i] == 0, "a bias is not 0");
    towers_free(m);
    towers_free(other);
}

int
main(void)
{
    struct examples *x = golden_examples();
    struct towers_options corrected = plain;

    corrected.negatives.logq = corrected.accidental = true;
    test_golden(x, "plain", &plain);
    test_golden(x, "corrected", &corrected);
    for (unsigned bits = 0; bits < 32; bits++)
        test_slopes(x, bits);
    test_threads(x, new_towers);
    test_threads(x, new_plain_towers);
    test_embed(x, new_towers);
    test_embed(x, new_plain_towers);
    test_parts_of_other_widths();
    test_loss_that_is_no_number(x);
    test_unit_of_zeros();
    test_init();
    examples_free(x);
    return check_status();
}
