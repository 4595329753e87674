/*
 * Optimisers against tests/golden/optimizer, dense and by rows, and against a
 * reference in double precision that has no idea of rows: with weight decay,
 * schedules, and rows that have a gradient in some steps only.
 */
#include "model/optimizer.h"

#include <string.h>

#include "check.h"
#include "npy.h"

#define FOLDER "tests/golden/optimizer/"

enum { ROWS = 7, COLS = 5, GIVEN = 6 };

static float summed[ROWS * COLS]; /* the gradient, dense */
static uint32_t touched[GIVEN];   /* the same by distinct rows */
static float by_row[GIVEN * COLS];
static size_t touched_n;

static void
load_gradient(void)
{
    uint32_t *row = npy_u32(FOLDER "rows.npy", GIVEN);
    float *g = npy_f32(FOLDER "row_gradient.npy", (size_t)GIVEN * COLS);

    for (size_t i = 0; i < GIVEN; i++)
        for (size_t k = 0; k < COLS; k++)
            summed[row[i] * COLS + k] += g[i * COLS + k];
    for (size_t i = 0; i < GIVEN; i++) {
        size_t j = 0;

        while (j < touched_n && touched[j] != row[i])
            j++;
        if (j < touched_n)
            continue;
        touched[touched_n] = row[i];
        memcpy(by_row + touched_n++ * COLS, summed + row[i] * COLS,
               COLS * sizeof *by_row);
    }
    CHECK(touched_n < GIVEN, "the golden rows do not repeat");
    free(row);
    free(g);
}

static void
test(const char *name, enum optimizer_kind kind, double rate, unsigned steps,
     bool dense)
{
    float *weight = npy_f32(FOLDER "weight.npy", (size_t)ROWS * COLS);
    const struct tensor t = { "w", ROWS, COLS, weight };
    const struct gradient g = {
        dense ? ROWS : touched_n,
        dense ? NULL : touched,
        dense ? summed : by_row,
    };
    const struct optimizer_options options = { .kind = kind, .rate = rate };
    struct error e;
    struct optimizer *o = optimizer_new(&options, &t, 1, &e);
    char path[256];
    double *want;

    for (unsigned i = 1; i <= steps; i++)
        optimizer_step(o, &g, i, NULL);
    snprintf(path, sizeof path, FOLDER "%s.weight_after_%u.npy", name, steps);
    want = npy_f64(path, (size_t)ROWS * COLS);
    check_array(path, weight, want, (size_t)ROWS * COLS, 1e-6);
    free(want);
    if (kind == OPTIMIZER_ADAGRAD) {
        want = npy_f64(FOLDER "adagrad.accumulator_after_2.npy",
                       (size_t)ROWS * COLS);
        check_array("accumulator", o->state[0].data, want, (size_t)ROWS * COLS,
                    1e-6);
        CHECK(strcmp(o->state[0].name, "w.accumulator") == 0, "%s",
              o->state[0].name);
        free(want);
    }
    optimizer_free(o);
    free(weight);
}

enum { TABLE_ROWS = 90, IN = 4, PARTS = 3, STEPS = 40, LARGEST = 90 * 5 };

static const struct {
    const char *name;
    size_t rows;
    bool by_rows, decays;
} part[PARTS] = {
    { "u.lookup", TABLE_ROWS, true, true },
    { "query.0.kernel", IN, false, true },
    { "query.0.bias", 1, false, false },
};

/* What is known of one element, and what a step makes of it. */
struct element {
    double w, a, m, v;
};

static void
reference_step(struct element *x, const struct optimizer_options *o, double g,
               bool given, bool decays, double r, unsigned step)
{
    const double correction = sqrt(1 - pow(0.999, step)) / (1 - pow(0.9, step));

    if (given && decays)
        x->w -= r * o->decay * x->w;
    switch (o->kind) {
    case OPTIMIZER_SGD: x->w -= r * g; break;
    case OPTIMIZER_ADAGRAD:
        x->a += g * g;
        x->w -= r * g / (sqrt(x->a) + 1e-7);
        break;
    case OPTIMIZER_LAZY_ADAM:
        if (!given)
            break;
        /* fall through */
    case OPTIMIZER_ADAM:
        x->m = 0.9 * x->m + 0.1 * g;
        x->v = 0.999 * x->v + 0.001 * g * g;
        x->w -= r * correction * x->m / (sqrt(x->v) + 1e-7);
        break;
    }
}

/* Numbers that look like chance, in [-1, 1). */
static double
draw(void)
{
    static uint64_t state = 88172645463325252u;

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (double)(int64_t)(state >> 11) / 4503599627370496.0 - 1;
}

/* Rates written down here, not asked of the schedule: 4 steps to warm up, then
 * linear down to a fifth at step 41. */
static double
reference_factor(bool scheduled, unsigned step)
{
    if (!scheduled)
        return 1;
    return step <= 4 ? step / 4.0 : 0.2 + 0.8 * (41 - (double)step) / 36;
}

static void
test_reference(enum optimizer_kind kind, double decay, double penalty,
               bool scheduled)
{
    static float w[PARTS][LARGEST], gradient[PARTS][LARGEST];
    static double want[LARGEST];
    static struct element x[PARTS][LARGEST];
    static uint32_t row[TABLE_ROWS];
    struct optimizer_options o = {
        .kind = kind, .rate = 0.02, .decay = decay, .penalty = penalty
    };
    struct tensor t[PARTS];
    struct gradient g[PARTS];
    struct optimizer *got;
    struct error e;
    char what[64];

    if (scheduled)
        o.schedule = (struct schedule){ SCHEDULE_LINEAR, 4, STEPS, 0.2 };
    for (size_t p = 0; p < PARTS; p++) {
        t[p] = (struct tensor){ part[p].name, part[p].rows, COLS, w[p] };
        for (size_t i = 0; i < part[p].rows * COLS; i++) {
            w[p][i] = (float)draw();
            x[p][i] =
                (struct element){ .w = (double)w[p][i], .a = (double)0.1f };
        }
    }
    got = optimizer_new(&o, t, PARTS, &e);
    for (unsigned step = 1; step <= STEPS; step++) {
        const double r = 0.02 * reference_factor(scheduled, step);

        for (size_t p = 0; p < PARTS; p++) {
            g[p] = (struct gradient){ 0, part[p].by_rows ? row : NULL,
                                      gradient[p] };
            for (size_t i = 0; i < part[p].rows; i++) {
                const bool given = !part[p].by_rows || draw() > 0.5;

                if (given && part[p].by_rows)
                    row[g[p].n] = (uint32_t)i;
                for (size_t k = 0; k < COLS; k++) {
                    const float v = given ? (float)draw() : 0;

                    if (given)
                        gradient[p][g[p].n * COLS + k] = v;
                    reference_step(
                        &x[p][i * COLS + k], &o,
                        part[p].by_rows
                            ? (double)v + penalty * x[p][i * COLS + k].w
                            : (double)v,
                        given || penalty > 0, part[p].decays, r, step);
                }
                g[p].n += given;
            }
        }
        optimizer_step(got, g, step, NULL);
    }
    for (size_t p = 0; p < PARTS; p++) {
        for (size_t i = 0; i < part[p].rows * COLS; i++)
            want[i] = x[p][i].w;
        snprintf(what, sizeof what, "kind %d, decay %g, penalty %g: %s",
                 (int)kind, decay, penalty, part[p].name);
        check_array(what, w[p], want, part[p].rows * COLS, 2e-6);
    }
    optimizer_free(got);
}

/* Worked by hand. */
static void
test_schedule(void)
{
    const struct schedule constant = { 0 };
    const struct schedule warm = { .warmup = 5 };
    const struct schedule linear = { SCHEDULE_LINEAR, 0, 4, 0 };
    const struct schedule cosine = { SCHEDULE_COSINE, 2, 8, 0.1 };
    const struct schedule all_warmup = { SCHEDULE_COSINE, 9, 9, 0.5 };

    for (unsigned s = 1; s < 20; s++)
        check_close("constant", schedule_factor(&constant, s), 1, 0);
    check_close("warm 1", schedule_factor(&warm, 1), 0.2, 1e-15);
    check_close("warm 5", schedule_factor(&warm, 5), 1, 0);
    check_close("warm 6", schedule_factor(&warm, 6), 1, 0);
    for (unsigned s = 1; s <= 5; s++)
        check_close("linear", schedule_factor(&linear, s), (5 - s) / 4.0,
                    1e-15);
    check_close("cosine 1", schedule_factor(&cosine, 1), 0.5, 0);
    check_close("cosine 2", schedule_factor(&cosine, 2), 1, 0);
    check_close("cosine 3", schedule_factor(&cosine, 3), 1, 0);
    /* p = 1/3, 1/2 and 2/3: cosines 1/2, 0 and -1/2 */
    check_close("cosine 5", schedule_factor(&cosine, 5), 0.775, 1e-15);
    check_close("cosine 6", schedule_factor(&cosine, 6), 0.55, 1e-15);
    check_close("cosine 7", schedule_factor(&cosine, 7), 0.325, 1e-15);
    check_close("cosine 9", schedule_factor(&cosine, 9), 0.1, 1e-15);
    check_close("cosine 99", schedule_factor(&cosine, 99), 0.1, 1e-15);
    check_close("all warm-up 9", schedule_factor(&all_warmup, 9), 1, 0);
    check_close("all warm-up 10", schedule_factor(&all_warmup, 10), 0.5, 0);
}

int
main(void)
{
    load_gradient();
    for (int dense = 0; dense < 2; dense++) {
        test("sgd", OPTIMIZER_SGD, 0.1, 1, dense);
        test("adagrad", OPTIMIZER_ADAGRAD, 0.1, 2, dense);
        test("adam", OPTIMIZER_ADAM, 0.01, 2, dense);
    }
    /* All rows have a gradient, or none of a row ever has one: the same. */
    test("adam", OPTIMIZER_LAZY_ADAM, 0.01, 2, true);
    test("adam", OPTIMIZER_LAZY_ADAM, 0.01, 2, false);
    for (int kind = OPTIMIZER_SGD; kind <= OPTIMIZER_LAZY_ADAM; kind++)
        for (int scheduled = 0; scheduled < 2; scheduled++) {
            test_reference((enum optimizer_kind)kind, 0, 0, scheduled);
            test_reference((enum optimizer_kind)kind, 0.3, 0, scheduled);
            test_reference((enum optimizer_kind)kind, 0, 0.05, scheduled);
            test_reference((enum optimizer_kind)kind, 0.3, 0.05, scheduled);
        }
    test_schedule();
    return check_status();
}
