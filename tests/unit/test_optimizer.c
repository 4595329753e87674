/* Optimisers against tests/golden/optimizer, dense and by rows. */
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
    struct error e;
    struct optimizer *o = optimizer_new(kind, rate, &t, 1, &e);
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

int
main(void)
{
    load_gradient();
    for (int dense = 0; dense < 2; dense++) {
        test("sgd", OPTIMIZER_SGD, 0.1, 1, dense);
        test("adagrad", OPTIMIZER_ADAGRAD, 0.1, 2, dense);
        test("adam", OPTIMIZER_ADAM, 0.01, 2, dense);
    }
    return check_status();
}
