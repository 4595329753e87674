/*
 * The closed-form item-item model against its definition by an inverse as one
 * writes it first, against its loss, and a case worked by hand.
 */
#include "model/ease.h"

#include <string.h>

#include "check.h"

#define USERS ((size_t)30)
#define ITEMS ((size_t)23) /* ids, 0 among them */
#define N (ITEMS - 1)

/* Nobody takes the last item, and user 0, who is unknown, takes many. */
static struct pairs
some_pairs(double x[USERS][N])
{
    struct pairs p;
    struct error e;
    uint32_t seed = 3;

    pairs_init(&p, USERS, ITEMS);
    memset(x, 0, USERS * sizeof x[0]);
    for (int i = 0; i < 250; i++) {
        uint32_t user, item;

        seed = seed * 1664525 + 1013904223;
        user = (seed >> 16) % (uint32_t)USERS;
        seed = seed * 1664525 + 1013904223;
        item = (seed >> 16) % (uint32_t)(ITEMS - 1);
        or_stop(pairs_append(&p, &user, &item, 1, &e), &e);
        if (user != 0 && item != 0)
            x[user][item - 1] = 1;
    }
    or_stop(pairs_finish(&p, &e), &e);
    return p;
}

/* Gauss and Jordan, with the largest pivot. */
static void
naive_inverse(double a[N][2 * N])
{
    for (size_t r = 0; r < N; r++)
        for (size_t c = 0; c < N; c++)
            a[r][N + c] = r == c;
    for (size_t c = 0; c < N; c++) {
        size_t p = c;
        double pivot;

        for (size_t r = c; r < N; r++)
            if (fabs(a[r][c]) > fabs(a[p][c]))
                p = r;
        pivot = a[p][c];
        for (size_t k = 0; k < 2 * N; k++) {
            const double swap = a[c][k];

            a[c][k] = a[p][k] / pivot;
            if (p != c)
                a[p][k] = swap;
        }
        for (size_t r = 0; r < N; r++) {
            const double f = a[r][c];

            for (size_t k = 0; k < 2 * N && r != c; k++)
                a[r][k] -= f * a[c][k];
        }
    }
}

static double x[USERS][N], a[N][2 * N], want[ITEMS * N];
static float b[ITEMS * N], other[ITEMS * N];

static void
naive_ease(double lambda)
{
    memset(a, 0, sizeof a);
    memset(want, 0, sizeof want);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) {
            for (size_t u = 0; u < USERS; u++)
                a[i][j] += x[u][i] * x[u][j];
            if (i == j)
                a[i][j] += lambda;
        }
    naive_inverse(a);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++)
            if (i != j)
                want[(i + 1) * N + j] = -a[i][N + j] / a[j][N + j];
}

/* |X - X B|^2 + lambda |B|^2 */
static double
loss(double lambda)
{
    double sum = 0;

    for (size_t i = 0; i < ITEMS * N; i++)
        sum += lambda * (double)b[i] * (double)b[i];
    for (size_t u = 0; u < USERS; u++)
        for (size_t j = 0; j < N; j++) {
            double miss = x[u][j];

            for (size_t i = 0; i < N; i++)
                miss -= x[u][i] * (double)b[(i + 1) * N + j];
            sum += miss * miss;
        }
    return sum;
}

static void
test_against_the_naive(double lambda)
{
    struct pairs p = some_pairs(x);
    struct error e;

    naive_ease(lambda);
    memset(b, 0x7f, sizeof b);
    or_stop(ease_solve(&p, lambda, b, NULL, &e), &e);
    check_array("B", b, want, ITEMS * N, 1e-6);
    for (size_t j = 0; j < N; j++)
        CHECK(b[j] == 0 && b[(j + 1) * N + j] == 0 && b[(N)*N + j] == 0 &&
                  b[(j + 1) * N + N - 1] == 0,
              "the unknown item, an item itself or that of nobody says %zu", j);
    for (unsigned n = 1; n <= 3; n++) {
        struct threads *t = threads_new(n, &e);

        or_stop(ease_solve(&p, lambda, other, t, &e), &e);
        CHECK(memcmp(b, other, sizeof b) == 0, "%u threads: another B", n);
        threads_free(t);
    }
    pairs_free(&p);
}

/* No other B with a diagonal of zeros has a smaller loss. */
static void
test_minimum(void)
{
    struct pairs p = some_pairs(x);
    struct error e;
    double least;

    or_stop(ease_solve(&p, 2, b, NULL, &e), &e);
    least = loss(2);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) {
            const float was = b[(i + 1) * N + j];

            for (int sign = -1; sign <= 1 && i != j; sign += 2) {
                b[(i + 1) * N + j] = was + (float)sign * 0.01f;
                CHECK(loss(2) > least, "%zu, %zu: smaller", i, j);
            }
            b[(i + 1) * N + j] = was;
        }
    pairs_free(&p);
}

/* Two users take both items, one only the first; lambda = 1:
 * X^T X + I = [4 2; 2 3], P = [3 -2; -2 4] / 8, so that b_12 = 2 / 4 (what the
 * first says for the second) and b_21 = 2 / 3. */
static void
test_by_hand(void)
{
    const uint32_t user[] = { 1, 1, 2, 2, 3 }, item[] = { 1, 2, 1, 2, 1 };
    float two[3 * 2];
    struct pairs p;
    struct error e;

    pairs_init(&p, 4, 3);
    or_stop(pairs_append(&p, user, item, 5, &e), &e);
    or_stop(pairs_finish(&p, &e), &e);
    or_stop(ease_solve(&p, 1, two, NULL, &e), &e);
    check_close("b_12", (double)two[2 + 1], 0.5, 1e-6);
    check_close("b_21", (double)two[4 + 0], 2.0 / 3, 1e-6);
    pairs_free(&p);
    ease_identity(3, two);
    CHECK(two[0] == 0 && two[1] == 0 && two[2] == 1 && two[3] == 0 &&
              two[4] == 0 && two[5] == 1,
          "the identity");
}

static void
test_refused(void)
{
    struct error e = { "" };
    struct pairs p;

    pairs_init(&p, 2, 1);
    or_stop(pairs_finish(&p, &e), &e);
    CHECK(ease_solve(&p, 1, b, NULL, &e) != 0, "no item");
    pairs_free(&p);
    pairs_init(&p, 2, 20002);
    or_stop(pairs_finish(&p, &e), &e);
    CHECK(ease_solve(&p, 1, b, NULL, &e) != 0 &&
              strstr(e.text, "20001 items") != NULL,
          "%s", e.text);
    pairs_free(&p);
}

int
main(void)
{
    test_by_hand();
    test_against_the_naive(0.5);
    test_against_the_naive(20);
    test_minimum();
    test_refused();
    return check_status();
}
