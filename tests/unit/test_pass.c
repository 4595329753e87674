/*
 * Both ways at once against one after the other: the same gradients, up to
 * rounding, of networks of many shapes, and the same bytes for any number of
 * threads.
 */
#include <string.h>

#include "base/rng.h"
#include "base/threads.h"
#include "check.h"
#include "model/network.h"
#include "model/pass.h"

/* More rows than a tile of each piece has, and longer lists than positions. */
enum { ROWS = 1100, ITEMS = 90, FEATURES = 10, LONG = 4 };

#define LOOKUP(part_, name_, size_)                                            \
    {                                                                          \
        .part = (part_), .encoder = ENCODER_LOOKUP, .name = name_, .dim = 5,   \
        .size = (size_)                                                        \
    }

/* Users repeat and moments do not; more terms than are added in one go. */
static struct feature features[FEATURES] = {
    LOOKUP(PART_QUERY, "user", 40),
    LOOKUP(PART_QUERY, "moment", ROWS),
    { .part = PART_QUERY, .encoder = ENCODER_NORMALIZE, .name = "age" },
    LOOKUP(PART_QUERY, "place", 7),
    LOOKUP(PART_QUERY, "day", 3),
    LOOKUP(PART_ITEM, "title", ITEMS),
    LOOKUP(PART_ITEM, "maker", 6),
    { .part = PART_ITEM,
      .encoder = ENCODER_TOKENIZE,
      .name = "words",
      .pool = POOL_MEAN,
      .dim = 4,
      .size = 50 },
    { .part = PART_ITEM, .encoder = ENCODER_NORMALIZE, .name = "price" },
    { .part = PART_QUERY,
      .encoder = ENCODER_LOOKUP,
      .name = "history",
      .pool = POOL_WEIGHTED,
      .positions = 2,
      .dim = 3,
      .size = 20 },
};

static uint32_t id[FEATURES][ROWS * LONG], offset[ROWS + 1], row[ROWS];
static float number[FEATURES][ROWS];
static struct feature_values column[FEATURES];
static struct distinct items;

static void
make_rows(void)
{
    struct rng r = rng_for(1, 2, 3);
    uint32_t item[ROWS];
    struct error e;

    for (size_t f = 0; f < FEATURES; f++) {
        const uint32_t size = features[f].size;

        for (size_t i = 0; i < ROWS * LONG && size > 0; i++)
            id[f][i] = features[f].size == ROWS ? (uint32_t)(i % ROWS)
                                                : (uint32_t)rng_below(&r, size);
        for (size_t i = 0; i < ROWS; i++)
            number[f][i] = (float)rng_normal(&r);
        column[f] = (struct feature_values){
            .id = id[f],
            .value = number[f],
            .offset = features[f].pool != POOL_NONE ? offset : NULL
        };
    }
    for (size_t i = 0; i < ROWS; i++) {
        offset[i + 1] = offset[i] + (uint32_t)(i % LONG);
        row[i] = (uint32_t)(i * 7 % ROWS); /* each once */
        item[i] = (uint32_t)rng_below(&r, ITEMS);
    }
    or_stop(distinct_init(&items, ITEMS, &e), &e);
    or_stop(distinct_find(&items, item, NULL, ROWS, &e), &e);
    or_stop(distinct_group(&items, &e), &e);
}

/* The gradient by a row of half its square, times a weight of that row alone.
 * CTX is the number of outputs. */
static void
half_square(void *ctx, size_t piece, size_t begin, size_t n, float *y)
{
    const size_t outputs = *(const size_t *)ctx;

    (void)piece;
    for (size_t i = begin; i < begin + n; i++)
        for (size_t k = 0; k < outputs; k++)
            *y++ *= (float)(i + 1) / ROWS;
}

/* All gradients behind each other, as doubles. */
static double *
gradients(const struct network *n, struct pass *p, const struct batch *b,
          bool both, struct threads *t)
{
    size_t outputs = n->width[n->layers];
    const struct pass_loss loss = { half_square, &outputs };
    const struct gradient *g;
    double *all, *to;
    struct error e;

    all = to = calloc(n->parameters, sizeof *all);
    if (both) {
        g = pass_both(p, b, &loss, t, &e);
    } else {
        float *y = pass_forward(p, b, true, t, &e);

        if (y != NULL)
            half_square(&outputs, 0, 0, b->n, y);
        g = y != NULL ? pass_backward(p, y, t) : NULL;
    }
    or_stop(g != NULL && all != NULL ? 0 : -1, &e);
    for (size_t i = 0; i < n->tensors; i++) {
        const size_t cols = n->tensor[i].cols;

        for (size_t k = 0; k < g[i].n * cols; k++)
            to[(g[i].row != NULL ? g[i].row[k / cols] : k / cols) * cols +
               k % cols] = (double)g[i].value[k];
        to += n->tensor[i].rows * cols;
    }
    return all;
}

static void
test_shape(struct network_shape shape, bool item, float dropped, size_t rows)
{
    struct error e;
    struct network *n =
        network_new("rank", true, item, features, FEATURES, &shape, &e);
    struct pass *p = n != NULL ? pass_new(n, &e) : NULL;
    struct threads *pool = threads_new(3, &e);
    const float rate[FEATURES] = { 0.3f, 0.1f, [7] = 0.2f };
    const struct dropout drop = { rate, 5, 1, dropped };
    const struct batch b = { .column = column,
                             .n = rows,
                             .row = row,
                             .items = &items,
                             .drop = dropped >= 0 ? &drop : NULL };
    double *want, *got, *other;
    float *rounded;
    char name[80];

    or_stop(p != NULL && pool != NULL ? 0 : -1, &e);
    network_init(n, 3, SEED_RANK);
    want = gradients(n, p, &b, false, NULL);
    got = gradients(n, p, &b, true, NULL);
    other = gradients(n, p, &b, true, pool);
    rounded = calloc(n->parameters, sizeof *rounded);
    or_stop(rounded != NULL ? 0 : -1, &e);
    for (size_t i = 0; i < n->parameters; i++)
        rounded[i] = (float)got[i];
    snprintf(name, sizeof name,
             "%zu layers, the first %u wide, %zu crosses, %zu rows",
             shape.layers, (unsigned)shape.layer[0], shape.cross, rows);
    check_array(name, rounded, want, n->parameters, 2e-6);
    CHECK(memcmp(got, other, n->parameters * sizeof *got) == 0,
          "%s: three threads give other gradients", name);
    free(want);
    free(got);
    free(other);
    free(rounded);
    threads_free(pool);
    pass_free(p);
    network_free(n);
}

int
main(void)
{
    static const uint32_t widths[] = { 1, 8, 31, 32, 33, 100, 256 };

    make_rows();
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        const uint32_t layer[] = { widths[i], 20, 3 };
        struct network_shape shape = { .layer = layer, .layers = 1 };

        for (; shape.layers <= 3; shape.layers++) {
            test_shape(shape, true, -1, ROWS);
            test_shape(shape, true, 0, ROWS);
        }
        shape.layers = 2;
        test_shape(shape, false, -1, 5);
        shape.layers = 3;
        test_shape(shape, true, 0.5f, ROWS);
        shape.cross = 1;
        test_shape(shape, true, -1, ROWS);
    }
    distinct_free(&items);
    return check_status();
}
