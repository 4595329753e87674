/*
 * Softmax cross-entropy of lists: a case worked by hand, slopes of a sum
 * written down as one writes it first; and which rows are lists.
 */
#include "model/listwise.h"

#include <string.h>

#include "base/rng.h"
#include "check.h"
#include "model/groups.h"

static void
die_of(const struct error *e)
{
    printf("not ok - %s\n", e->text);
    exit(1);
}

/* Logits ln 1, ln 2, ln 5 make p = 1/8, 2/8, 5/8; two labels of 1 have half
 * each. */
static void
test_by_hand(void)
{
    const float logit[] = { 0, (float)log(2), (float)log(5), 1e4f, 1e4f, -3 };
    const uint8_t label[] = { 0, 1, 1, 1, 0, 1 };
    const uint32_t start[] = { 0, 3, 5, 6 };
    const double want[] = { 0.125 / 3, -0.25 / 3, 0.125 / 3,
                            -0.5 / 3,  0.5 / 3,   0 };
    const double first = -(log(0.25) + log(0.625)) / 2;
    float g[6];
    const double loss = listwise_loss(3, start, logit, label, g);

    check_close("loss", loss, first + log(2) + 0, 1e-7);
    check_array("gradient", g, want, 6, 1e-6);
    check_close("loss of one", listwise_loss_of(3, logit, label), first, 1e-7);
    check_close("one row", listwise_loss_of(1, logit + 5, label + 5), 0, 0);
}

/* As in the header, without care for large logits. */
static double
plain_loss(size_t n, const double *logit, const uint8_t *label)
{
    double sum = 0, ones = 0, loss = 0;

    for (size_t i = 0; i < n; i++) {
        sum += exp(logit[i]);
        ones += label[i];
    }
    for (size_t i = 0; i < n; i++)
        loss -= label[i] / ones * log(exp(logit[i]) / sum);
    return loss;
}

static void
test_slopes(void)
{
    enum { LISTS = 20, ROWS = LISTS * 9 };
    const double by = 1e-4;
    float logit[ROWS], g[ROWS];
    double want[ROWS], loss = 0;
    uint8_t label[ROWS] = { 0 };
    uint32_t start[LISTS + 1] = { 0 };
    struct rng r = rng_for(3, 1, 1);

    for (size_t l = 0; l < LISTS; l++) {
        const size_t from = start[l], n = 1 + l % 9;
        double x[9];

        start[l + 1] = (uint32_t)(from + n);
        for (size_t i = 0; i < n; i++) {
            logit[from + i] = (float)((double)rng_below(&r, 1000) * 0.006 - 3);
            label[from + i] = rng_below(&r, 3) == 0;
            x[i] = (double)logit[from + i];
        }
        label[from] = 1;
        loss += plain_loss(n, x, label + from);
        for (size_t i = 0; i < n; i++) {
            double above, below;

            x[i] += by;
            above = plain_loss(n, x, label + from);
            x[i] -= 2 * by;
            below = plain_loss(n, x, label + from);
            x[i] += by;
            want[from + i] = (above - below) / (2 * by) / LISTS;
        }
    }
    check_close("loss", listwise_loss(LISTS, start, logit, label, g), loss,
                1e-6);
    check_array("slopes", g, want, start[LISTS], 1e-5);
}

static void
add_rows(struct groups *g, const uint32_t *key, uint32_t n)
{
    const struct array a = { NULL, NULL, key, n };
    struct error e;
    uint32_t bad;

    if (groups_append(g, &a, TYPE_U32, n, &bad, &e) != 0)
        die_of(&e);
}

/* Lists of 2, 1, 3 and 1 rows, over blocks; the second has no label 1. */
static void
test_groups(void)
{
    const uint32_t key[] = { 7, 7, 8, 5, 5, 5, 9 };
    const uint8_t label[] = { 0, 1, 0, 1, 0, 1, 1 };
    const uint32_t number[] = { 2, 1 };
    const uint32_t want[] = { 6, 3, 4, 5 };
    struct groups g = { 0 };
    struct ids row = { 0 }, start = { 0 };
    struct error e;

    add_rows(&g, key, 1);
    add_rows(&g, key + 1, 3);
    add_rows(&g, key + 4, 0);
    add_rows(&g, key + 4, 3);
    groups_finish(&g, label);
    CHECK(g.n == 3 && g.rows == 6 && g.left_out == 1,
          "%zu lists of %zu rows, %zu left out", g.n, g.rows, g.left_out);
    if (groups_rows(&g, number, 2, &row, &start, &e) != 0)
        die_of(&e);
    CHECK(memcmp(row.v, want, sizeof want) == 0, "rows %u %u %u %u", row.v[0],
          row.v[1], row.v[2], row.v[3]);
    CHECK(start.v[0] == 0 && start.v[1] == 1 && start.v[2] == 4,
          "they start at %u %u %u", start.v[0], start.v[1], start.v[2]);
    CHECK(groups_of_rows(&g, 1) == 1 && groups_of_rows(&g, 4) == 2 &&
              groups_of_rows(&g, 5) == 2 && groups_of_rows(&g, 100) == 3,
          "lists of 1, 4, 5, 100 rows: %zu, %zu, %zu, %zu",
          groups_of_rows(&g, 1), groups_of_rows(&g, 4), groups_of_rows(&g, 5),
          groups_of_rows(&g, 100));
    groups_free(&g);
    free(row.v);
    free(start.v);
}

/* Rows that are sorted otherwise are no lists. */
static void
test_key_comes_back(void)
{
    const uint32_t key[] = { 7, 8, 7 };
    const struct array a = { NULL, NULL, key, 3 };
    struct groups g = { 0 };
    struct error e;
    uint32_t bad;

    CHECK(groups_append(&g, &a, TYPE_U32, 3, &bad, &e) == -1 && bad == 2,
          "a key that comes back is taken");
    groups_free(&g);
}

int
main(void)
{
    test_by_hand();
    test_slopes();
    test_groups();
    test_key_comes_back();
    return check_status();
}
