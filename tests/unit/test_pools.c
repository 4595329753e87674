/*
 * Lists in a network: what pooling gives, its gradients against measured
 * slopes, and what is dropped in training.
 */
#include <string.h>

#include "check.h"
#include "model/network.h"
#include "model/pass.h"
#include "reference_model.h"

#define ROWS 6
#define WIDTH 3
/* What goes into a layer, and without one comes out. */
#define INPUT 6

static const uint32_t id[] = { 0, 2, 2, 1, 4, 3, 0, 4, 4, 4 };
static const uint32_t offset[ROWS + 1] = { 0, 1, 4, 4, 6, 7, 10 };
static const uint32_t user[ROWS] = { 1, 2, 1, 0, 2, 2 };

static struct feature features[] = {
    { .part = PART_QUERY,
      .encoder = ENCODER_LOOKUP,
      .name = "query.user.lookup",
      .dim = 2,
      .size = 3 },
    { .part = PART_QUERY,
      .encoder = ENCODER_LOOKUP,
      .name = "query.history.lookup",
      .dim = 4,
      .size = 5 },
};
static const struct feature_values column[] = {
    { .id = user },
    { .id = id, .offset = offset },
};

static struct network *
new_network(enum feature_pool pool, size_t layers)
{
    static const uint32_t layer[] = { WIDTH };
    struct network *n;
    struct error e;

    features[1].pool = pool;
    features[1].positions = pool == POOL_WEIGHTED ? 2 : 0;
    n = network_new("query", true, false, features, 2,
                    &(struct network_shape){ .layer = layer, .layers = layers },
                    &e);
    if (n == NULL)
        exit(EXIT_FAILURE);
    network_init(n, 1, SEED_QUERY);
    /* Weights that differ; they start equal. */
    for (size_t i = 0; pool == POOL_WEIGHTED && i < 8; i++)
        network_positions(n, 0)->data[i] = 0.5f + 0.25f * (float)(i * i % 5);
    return n;
}

/* The loss is the sum of outputs times DY. */
struct loss_of {
    const struct network *net;
    const struct examples *x;
    const float *dy;
    double *value;
};

static double
loss(void *ctx)
{
    const struct loss_of *l = ctx;
    const size_t width = l->net->width[l->net->layers];
    double sum = 0, y[INPUT];

    for (size_t i = 0; i < ROWS; i++) {
        reference_network(l->net, l->value, l->x, i, y);
        for (size_t k = 0; k < width; k++)
            sum += y[k] * (double)l->dy[i * width + k];
    }
    return sum;
}

static void
test_pool(enum feature_pool pool, size_t layers, const char *name)
{
    struct network *n = new_network(pool, layers);
    const size_t width = n->width[layers];
    struct error e;
    struct pass *p = pass_new(n, &e);
    const struct examples x = { .rows = ROWS, .column = column };
    const struct batch b = { .column = column, .n = ROWS };
    float dy[ROWS * INPUT];
    struct loss_of l = { n, &x, dy, reference_value(n) };
    const float *y = p != NULL ? pass_forward(p, &b, false, NULL, &e) : NULL;

    if (y == NULL)
        exit(EXIT_FAILURE);
    for (size_t i = 0; i < ROWS; i++) {
        double want[INPUT];

        reference_network(n, l.value, &x, i, want);
        for (size_t k = 0; k < width; k++)
            check_close(name, (double)y[i * width + k], want[k], 1e-6);
    }
    for (size_t i = 0; i < ROWS * width; i++)
        dy[i] = (float)(i % 5) - 1.5f;
    if (pass_forward(p, &b, true, NULL, &e) == NULL)
        exit(EXIT_FAILURE);
    check_slopes(name, n, pass_backward(p, dy, NULL), l.value, loss, &l, 0.01);
    free(l.value);
    pass_free(p);
    network_free(n);
}

/* A table of ones and a kernel that adds: each row gives the number of ids that
 * were kept, over the share that is. */
#define MANY 2000
#define LONG 10

static void
count_kept(uint64_t step, float rate, float kept[MANY])
{
    static uint32_t ids[MANY * LONG], at[MANY + 1];
    const struct feature f = { .part = PART_QUERY,
                               .encoder = ENCODER_LOOKUP,
                               .name = "query.history.lookup",
                               .pool = POOL_SUM,
                               .dim = 1,
                               .size = 2 };
    const struct feature_values lists = { .id = ids, .offset = at };
    const struct dropout drop = { &rate, 7, step, 0 };
    const struct batch b = { .column = &lists, .n = MANY, .drop = &drop };
    const uint32_t layer[] = { 1 };
    struct error e;
    struct network *n =
        network_new("query", true, false, &f, 1,
                    &(struct network_shape){ .layer = layer, .layers = 1 }, &e);
    struct pass *p = n != NULL ? pass_new(n, &e) : NULL;
    const float *y;

    if (p == NULL)
        exit(EXIT_FAILURE);
    for (size_t i = 0; i <= MANY; i++)
        at[i] = (uint32_t)i * LONG;
    for (size_t i = 0; i < MANY * LONG; i++)
        ids[i] = 1;
    n->tensor[0].data[1] = 1; /* table */
    n->tensor[1].data[0] = 1; /* kernel */
    y = pass_forward(p, &b, true, NULL, &e);
    if (y == NULL)
        exit(EXIT_FAILURE);
    for (size_t i = 0; i < MANY; i++)
        kept[i] = y[i] * (1 - rate);
    pass_free(p);
    network_free(n);
}

static void
test_dropped_from_lists(void)
{
    static float kept[MANY], again[MANY], other[MANY];
    double sum = 0, squares = 0;

    count_kept(3, 0, kept);
    for (size_t i = 0; i < MANY; i++)
        CHECK(kept[i] == LONG, "row %zu lost ids at rate 0", i);
    count_kept(3, 0.3f, kept);
    count_kept(3, 0.3f, again);
    count_kept(4, 0.3f, other);
    CHECK(memcmp(kept, again, sizeof kept) == 0, "one step, two results");
    CHECK(memcmp(kept, other, sizeof kept) != 0, "two steps, one result");
    for (size_t i = 0; i < MANY; i++) {
        sum += (double)kept[i];
        squares += (double)kept[i] * (double)kept[i];
    }
    /* Binomial: mean 7, variance 2.1; the mean's own deviation is .032. */
    CHECK(fabs(sum / MANY - 7) < 0.15, "%g ids are kept of 10", sum / MANY);
    squares = squares / MANY - sum / MANY * (sum / MANY);
    CHECK(fabs(squares - 2.1) < 0.3, "their variance is %g", squares);
}

/* A lookup's dropped ids are the unknown one. */
static void
test_dropped_lookups(size_t layers)
{
    struct network *n = new_network(POOL_MEAN, layers);
    const size_t width = n->width[layers];
    static uint32_t ids[MANY], lists[MANY + 1];
    const struct feature_values values[] = { { .id = ids },
                                             { .id = id, .offset = lists } };
    const float rate[] = { 0.25f, 0 };
    const struct dropout drop = { rate, 7, 1, 0 };
    const struct batch b = { .column = values, .n = MANY, .drop = &drop };
    struct error e;
    struct pass *p = pass_new(n, &e);
    size_t unknown = 0, own = 0;
    const float *y;

    for (size_t i = 0; i < MANY; i++)
        ids[i] = 1;
    memset(n->value, 0, n->parameters * sizeof *n->value);
    n->tensor[0].data[0] = 5; /* the unknown user's row */
    n->tensor[0].data[2] = 9; /* user 1's */
    if (layers > 0)
        n->tensor[2].data[0] = 1; /* the kernel takes the first number over */
    y = p != NULL ? pass_forward(p, &b, true, NULL, &e) : NULL;
    if (y == NULL)
        exit(EXIT_FAILURE);
    for (size_t i = 0; i < MANY; i++) {
        unknown += y[i * width] == 5;
        own += y[i * width] == 9;
    }
    CHECK(unknown + own == MANY, "rows that are neither");
    CHECK(unknown > 420 && unknown < 580, "%zu of %d are unknown", unknown,
          MANY);
    pass_free(p);
    network_free(n);
}

int
main(void)
{
    for (size_t layers = 0; layers < 2; layers++) {
        test_pool(POOL_MEAN, layers, "mean");
        test_pool(POOL_SUM, layers, "sum");
        test_pool(POOL_SQRTN, layers, "sqrtn");
        test_pool(POOL_WEIGHTED, layers, "weighted");
        test_dropped_lookups(layers);
    }
    test_dropped_from_lists();
    return check_status();
}
