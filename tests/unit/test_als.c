/*
 * Implicit ALS: each half step against the normal equations as one writes them
 * first, the loss against its definition and never larger, a case worked by
 * hand, the same bytes with any number of threads.
 */
#include "model/als.h"

#include <string.h>

#include "check.h"

#define USERS ((size_t)40)
#define ITEMS ((size_t)70)
#define DIM ((size_t)6)

/* Some popular items, some that nobody takes, repeats, and unknown ids. */
static struct pairs
some_pairs(bool taken[USERS][ITEMS])
{
    struct pairs p;
    struct error e;
    uint32_t seed = 7;

    pairs_init(&p, USERS, ITEMS);
    memset(taken, 0, USERS * sizeof taken[0]);
    for (int i = 0; i < 900; i++) {
        uint32_t user, item;

        seed = seed * 1664525 + 1013904223;
        user = (seed >> 16) % (USERS - 3);
        seed = seed * 1664525 + 1013904223;
        item =
            (uint32_t)((seed >> 16) % (ITEMS - 5) * ((seed >> 9) % 100) / 100);
        or_stop(pairs_append(&p, &user, &item, 1, &e), &e);
        if (user != 0 && item != 0)
            taken[user][item] = true;
    }
    or_stop(pairs_finish(&p, &e), &e);
    return p;
}

static void
test_pairs(void)
{
    static bool taken[USERS][ITEMS];
    struct pairs p = some_pairs(taken);
    const struct pairs_side *user = &p.side[PART_QUERY];
    const struct pairs_side *item = &p.side[PART_ITEM];
    size_t n = 0, users = 0;

    for (size_t u = 0; u < USERS; u++) {
        size_t k = user->start[u];

        users += pairs_degree(user, u) > 0;
        for (uint32_t i = 0; i < ITEMS; i++)
            if (taken[u][i]) {
                CHECK(user->other[k] == i, "user %zu has %u, not %u", u,
                      user->other[k], i);
                k++;
                n++;
            }
        CHECK(k == user->start[u + 1], "user %zu has more", u);
    }
    CHECK(p.n == n && p.rows > n && user->present == users, "%zu pairs", p.n);
    for (size_t i = 0; i < ITEMS; i++) {
        size_t k = item->start[i];

        for (uint32_t u = 0; u < USERS; u++)
            if (taken[u][i]) {
                CHECK(item->other[k] == u, "item %zu has %u, not %u", i,
                      item->other[k], u);
                k++;
            }
        CHECK(k == item->start[i + 1], "item %zu has more", i);
    }
    pairs_free(&p);
}

/* The model in double, and how many take each. */
struct naive {
    bool (*taken)[ITEMS];
    const struct als_options *o;
    double user[USERS][DIM], item[ITEMS][DIM];
    double users, items, of_user[USERS], of_item[ITEMS];
};

static void
naive_init(struct naive *n, bool taken[USERS][ITEMS],
           const struct als_options *o, const float *user, const float *item)
{
    memset(n, 0, sizeof *n);
    n->taken = taken;
    n->o = o;
    for (size_t u = 0; u < USERS; u++)
        for (size_t i = 0; i < ITEMS; i++) {
            n->of_user[u] += taken[u][i];
            n->of_item[i] += taken[u][i];
        }
    for (size_t u = 0; u < USERS; u++)
        n->users += n->of_user[u] > 0;
    for (size_t i = 0; i < ITEMS; i++)
        n->items += n->of_item[i] > 0;
    for (size_t k = 0; k < DIM; k++) {
        for (size_t u = 0; u < USERS; u++)
            n->user[u][k] = (double)user[u * DIM + k];
        for (size_t i = 0; i < ITEMS; i++)
            n->item[i][k] = (double)item[i * DIM + k];
    }
}

static double
dot(const double *x, const double *y)
{
    double sum = 0;

    for (size_t k = 0; k < DIM; k++)
        sum += x[k] * y[k];
    return sum;
}

static double
naive_loss(const struct naive *n)
{
    const struct als_options *o = n->o;
    double sum = 0;

    for (size_t u = 0; u < USERS; u++)
        for (size_t i = 0; i < ITEMS; i++) {
            const double s = dot(n->user[u], n->item[i]);

            sum += o->alpha * s * s;
            if (n->taken[u][i])
                sum += (1 - s) * (1 - s);
        }
    for (size_t u = 0; u < USERS; u++)
        sum += o->lambda * pow(n->of_user[u] + o->alpha * n->items, o->nu) *
               dot(n->user[u], n->user[u]);
    for (size_t i = 0; i < ITEMS; i++)
        sum += o->lambda * pow(n->of_item[i] + o->alpha * n->users, o->nu) *
               dot(n->item[i], n->item[i]);
    return sum;
}

/* Gauss and Jordan, with the largest pivot. */
static void
naive_solve(double a[DIM][DIM + 1])
{
    for (size_t c = 0; c < DIM; c++) {
        size_t p = c;

        for (size_t r = c; r < DIM; r++)
            if (fabs(a[r][c]) > fabs(a[p][c]))
                p = r;
        for (size_t k = 0; k <= DIM; k++) {
            const double swap = a[c][k];

            a[c][k] = a[p][k];
            a[p][k] = swap;
        }
        for (size_t r = 0; r < DIM; r++) {
            const double f = a[r][c] / a[c][c];

            for (size_t k = 0; k <= DIM && r != c; k++)
                a[r][k] -= f * a[c][k];
        }
    }
    for (size_t r = 0; r < DIM; r++)
        a[r][DIM] /= a[r][r];
}

/* The vector of a user as the minimum of the loss, all else being as it is. */
static void
naive_user(const struct naive *n, size_t u, double *out)
{
    const struct als_options *o = n->o;
    double a[DIM][DIM + 1] = { { 0 } };

    for (size_t i = 0; i < ITEMS; i++)
        for (size_t r = 0; r < DIM; r++) {
            for (size_t c = 0; c < DIM; c++)
                a[r][c] +=
                    (o->alpha + n->taken[u][i]) * n->item[i][r] * n->item[i][c];
            a[r][DIM] += n->taken[u][i] * n->item[i][r];
        }
    for (size_t r = 0; r < DIM; r++)
        a[r][r] += o->lambda * pow(n->of_user[u] + o->alpha * n->items, o->nu);
    naive_solve(a);
    for (size_t r = 0; r < DIM; r++)
        out[r] = a[r][DIM];
}

static void
naive_item(const struct naive *n, size_t i, double *out)
{
    const struct als_options *o = n->o;
    double a[DIM][DIM + 1] = { { 0 } };

    for (size_t u = 0; u < USERS; u++)
        for (size_t r = 0; r < DIM; r++) {
            for (size_t c = 0; c < DIM; c++)
                a[r][c] +=
                    (o->alpha + n->taken[u][i]) * n->user[u][r] * n->user[u][c];
            a[r][DIM] += n->taken[u][i] * n->user[u][r];
        }
    for (size_t r = 0; r < DIM; r++)
        a[r][r] += o->lambda * pow(n->of_item[i] + o->alpha * n->users, o->nu);
    naive_solve(a);
    for (size_t r = 0; r < DIM; r++)
        out[r] = a[r][DIM];
}

static float user[USERS * DIM], item[ITEMS * DIM];

static void
test_steps(const struct als_options *o)
{
    static bool taken[USERS][ITEMS];
    static struct naive before;
    struct pairs p = some_pairs(taken);
    struct als a;
    struct error e;
    double last = HUGE_VAL;

    or_stop(als_init(&a, &p, o, user, item, &e), &e);
    for (int step = 0; step < 10; step++) {
        const enum feature_part part = step % 2 == 0 ? PART_QUERY : PART_ITEM;
        double loss;

        naive_init(&before, taken, o, user, item);
        or_stop(als_step(&a, part, NULL, &e), &e);
        for (size_t u = 0; u < USERS && part == PART_QUERY; u++) {
            if (before.of_user[u] == 0)
                continue; /* 0 as it was, compared with the loss */
            naive_user(&before, u, before.user[u]);
            check_array("user", user + u * DIM, before.user[u], DIM, 1e-4);
        }
        for (size_t i = 0; i < ITEMS && part == PART_ITEM; i++) {
            if (before.of_item[i] == 0)
                continue;
            naive_item(&before, i, before.item[i]);
            check_array("item", item + i * DIM, before.item[i], DIM, 1e-4);
        }
        loss = als_loss(&a, NULL);
        check_close("loss", loss, naive_loss(&before), 1e-5);
        CHECK(loss < last, "step %d: loss %.9g after %.9g", step, loss, last);
        last = loss;
    }
    als_free(&a);
    pairs_free(&p);
}

/* One user, one item, one dimension: w = h / (h^2 + alpha h^2 + lambda), where
 * lambda = 0.1 (1 + 0.5)^2. */
static void
test_by_hand(void)
{
    const struct als_options o = { 1, 0.5, 0.1, 2, 1 };
    const uint32_t one = 1;
    float w[3], h[2];
    struct pairs p;
    struct als a;
    struct error e;
    double start;

    pairs_init(&p, 3, 2);
    or_stop(pairs_append(&p, &one, &one, 1, &e), &e);
    or_stop(pairs_finish(&p, &e), &e);
    or_stop(als_init(&a, &p, &o, w, h, &e), &e);
    start = (double)h[1];
    CHECK(h[0] == 0 && start != 0 && w[1] == 0, "start %g %g", (double)h[0],
          start);
    h[1] = 2;
    or_stop(als_step(&a, PART_QUERY, NULL, &e), &e);
    check_close("w", (double)w[1], 2 / (4 + 2 + 0.225), 1e-6);
    w[1] = 0.5;
    /* (1 - 1)^2 + 0.5 x 1 + 0.225 x 0.25 + 0.225 x 4 */
    check_close("loss", als_loss(&a, NULL), 1.45625, 1e-6);
    als_fill_unknown(&a);
    CHECK(w[0] == 0.5f && w[1] == 0.5f && w[2] == 0.5f && h[0] == 0,
          "the unknown: %g %g, %g", (double)w[0], (double)w[2], (double)h[0]);
    als_free(&a);
    pairs_free(&p);
}

static void
train(const struct als_options *o, unsigned threads, float *u, float *i)
{
    static bool taken[USERS][ITEMS];
    struct pairs p = some_pairs(taken);
    struct error e;
    struct threads *t = threads > 0 ? threads_new(threads, &e) : NULL;
    struct als a;

    or_stop(als_init(&a, &p, o, u, i, &e), &e);
    for (int n = 0; n < 3; n++) {
        or_stop(als_step(&a, PART_QUERY, t, &e), &e);
        or_stop(als_step(&a, PART_ITEM, t, &e), &e);
    }
    als_fill_unknown(&a);
    als_free(&a);
    threads_free(t);
    pairs_free(&p);
}

static void
test_threads(void)
{
    struct als_options o = { DIM, 0.3, 0.01, 1, 5 };
    static float other_user[USERS * DIM], other_item[ITEMS * DIM];

    train(&o, 0, user, item);
    for (unsigned n = 1; n <= 3; n++) {
        train(&o, n, other_user, other_item);
        CHECK(memcmp(user, other_user, sizeof user) == 0 &&
                  memcmp(item, other_item, sizeof item) == 0,
              "%u threads give other vectors", n);
    }
    o.seed++;
    train(&o, 0, other_user, other_item);
    CHECK(memcmp(item, other_item, sizeof item) != 0, "the seed does nothing");
}

/* More dimensions than items, and nothing that keeps vectors small. */
static void
test_singular(void)
{
    const struct als_options o = { DIM, 0, 0, 1, 1 };
    const uint32_t one = 1;
    float w[2 * DIM], h[2 * DIM];
    struct pairs p;
    struct als a;
    struct error e = { "" };

    pairs_init(&p, 2, 2);
    or_stop(pairs_append(&p, &one, &one, 1, &e), &e);
    or_stop(pairs_finish(&p, &e), &e);
    or_stop(als_init(&a, &p, &o, w, h, &e), &e);
    memset(h, 0, sizeof h);
    h[DIM] = 1;
    CHECK(als_step(&a, PART_QUERY, NULL, &e) == -1, "singular, and solved");
    CHECK(strstr(e.text, "larger lambda") != NULL, "%s", e.text);
    als_free(&a);
    pairs_free(&p);
}

int
main(void)
{
    test_pairs();
    test_by_hand();
    test_steps(&(struct als_options){ DIM, 0.5, 0.01, 1, 1 });
    test_steps(&(struct als_options){ DIM, 0.1, 0.5, 0, 2 });
    test_steps(&(struct als_options){ DIM, 0, 0.1, 0.5, 3 });
    test_threads();
    test_singular();
    return check_status();
}
