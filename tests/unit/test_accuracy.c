/*
 * Top-k accuracy against counting row by row: over the items of both sets, each
 * once, with an unknown item never found; and over those that are not in a
 * row's list.
 */
#include "model/accuracy.h"

#include <string.h>

#include "base/rng.h"
#include "check.h"

enum { QUERIES = 20, ITEMS = 60, DIM = 4, TRAINING = 5000, VALIDATION = 4500 };

static const struct feature feature[] = {
    { .name = "query.u.lookup",
      .part = PART_QUERY,
      .encoder = ENCODER_LOOKUP,
      .size = QUERIES,
      .dim = 3 },
    { .name = "item.t.lookup",
      .part = PART_ITEM,
      .encoder = ENCODER_LOOKUP,
      .size = ITEMS,
      .dim = 3,
      .key = true },
    /* So that an item comes in several tuples, of which the first counts. */
    { .name = "item.z.normalize",
      .part = PART_ITEM,
      .encoder = ENCODER_NORMALIZE },
    /* What was taken before: ids of items. */
    { .name = "query.h.tokenize",
      .part = PART_QUERY,
      .encoder = ENCODER_TOKENIZE,
      .pool = POOL_MEAN,
      .size = ITEMS,
      .dim = 2 },
    /* Another list, here of the same. */
    { .name = "query.g.tokenize",
      .part = PART_QUERY,
      .encoder = ENCODER_TOKENIZE,
      .pool = POOL_MEAN,
      .size = ITEMS,
      .dim = 2 },
};
enum { LISTED = 6 };
static const size_t lists[] = { 3, 4 };
enum { FEATURES = sizeof feature / sizeof *feature };

struct rows {
    size_t n;
    uint32_t query[TRAINING], item[TRAINING];
    float z[TRAINING];
    uint32_t offset[TRAINING + 1], list[TRAINING * LISTED];
    struct examples *x;
};

static struct rows training = { .n = TRAINING };
static struct rows validation = { .n = VALIDATION };

static void
die_of(const struct error *e)
{
    printf("not ok - %s\n", e->text);
    exit(EXIT_FAILURE);
}

/* Items from FIRST to LAST, and some that are unknown. */
static void
draw(struct rows *r, uint32_t first, uint32_t last, uint64_t seed)
{
    struct rng g = rng_for(seed, 0, 0);
    const struct feature_values v[FEATURES] = {
        { .id = r->query },
        { .id = r->item },
        { .value = r->z },
        { .id = r->list, .offset = r->offset },
        { .id = r->list, .offset = r->offset }
    };
    struct error e;

    for (size_t i = 0; i < r->n; i++) {
        r->query[i] = (uint32_t)rng_below(&g, QUERIES);
        r->item[i] = first + (uint32_t)rng_below(&g, last - first + 1);
        if (rng_below(&g, 10) == 0)
            r->item[i] = 0;
        r->z[i] = (float)rng_below(&g, 3);
        /* Some twice, some that nobody else has, and none at all. */
        r->offset[i + 1] = r->offset[i] + (uint32_t)rng_below(&g, LISTED + 1);
        for (size_t k = r->offset[i]; k < r->offset[i + 1]; k++)
            r->list[k] = 1 + (uint32_t)rng_below(&g, ITEMS - 1);
    }
    r->x = examples_new(feature, FEATURES, false, &e);
    if (r->x == NULL || examples_append(r->x, r->n, v, NULL, &e) != 0 ||
        examples_finish(r->x, &e) != 0)
        die_of(&e);
}

/* Embeddings of the known items: by key, as they first came. */
static size_t
embed_items(struct towers *m, float item[ITEMS][DIM], bool there[ITEMS])
{
    const struct rows *set[] = { &training, &validation };
    struct error e;
    size_t items = 0;

    for (size_t s = 0; s < 2; s++)
        for (size_t i = 0; i < set[s]->n; i++) {
            const uint32_t key = set[s]->item[i];
            const struct feature_values v[FEATURES] = {
                { 0 }, { .id = &key }, { .value = &set[s]->z[i] }, { 0 }, { 0 }
            };
            const float *y;

            if (key == 0 || there[key])
                continue;
            y = towers_embed(m, PART_ITEM, v, 1, NULL, &e);
            if (y == NULL)
                die_of(&e);
            memcpy(item[key], y, sizeof item[key]);
            there[key] = true;
            items++;
        }
    return items;
}

static double
dot(const float *a, const float *b)
{
    double sum = 0;

    for (size_t k = 0; k < DIM; k++)
        sum += (double)a[k] * (double)b[k];
    return sum;
}

static bool
is_listed(size_t r, uint32_t item)
{
    for (size_t k = validation.offset[r]; k < validation.offset[r + 1]; k++)
        if (validation.list[k] == item)
            return true;
    return false;
}

/* Items above the own one of validation row R; ITEMS when it is unknown. */
static uint32_t
rank_of(struct towers *m, float item[ITEMS][DIM], const bool there[ITEMS],
        size_t r, bool unlisted)
{
    const uint32_t own = validation.item[r];
    const struct feature_values v[FEATURES] = {
        { .id = &validation.query[r] },
        { 0 },
        { 0 },
        { .id = validation.list, .offset = validation.offset + r },
        { .id = validation.list, .offset = validation.offset + r },
    };
    struct error e;
    const float *y = towers_embed(m, PART_QUERY, v, 1, NULL, &e);
    uint32_t above = 0;

    if (y == NULL)
        die_of(&e);
    if (own == 0)
        return ITEMS;
    for (uint32_t i = 1; i < ITEMS; i++)
        above += there[i] && !(unlisted && is_listed(r, i)) &&
                 dot(y, item[i]) > dot(y, item[own]);
    return above;
}

static const uint32_t depth[] = { 1, 5, 20, ITEMS };
enum { DEPTHS = sizeof depth / sizeof *depth };

/* As counted row by row, and as measured with one thread and with two, which is
 * also for the second time. */
static void
test(struct accuracy *a, struct towers *m, float item[ITEMS][DIM],
     const bool there[ITEMS], bool unlisted, double share[DEPTHS])
{
    size_t hits[DEPTHS] = { 0 };
    double gain[DEPTHS] = { 0 };
    struct error e;

    for (size_t r = 0; r < VALIDATION; r++) {
        const uint32_t rank = rank_of(m, item, there, r, unlisted);

        for (size_t i = 0; i < DEPTHS; i++)
            if (rank < depth[i]) {
                hits[i]++;
                gain[i] += log(2) / log(2 + (double)rank);
            }
    }
    for (unsigned n = 1; n <= 2; n++) {
        struct threads *t = threads_new(n, &e);

        if (accuracy_measure(a, m, t, depth, DEPTHS, share, &e) != 0)
            die_of(&e);
        for (size_t i = 0; i < DEPTHS; i++) {
            CHECK(share[i] == (double)hits[i] / VALIDATION,
                  "top %u accuracy: %.9g, not %.9g", (unsigned)depth[i],
                  share[i], (double)hits[i] / VALIDATION);
            check_close("ndcg", accuracy_ndcg(a, depth[i]),
                        gain[i] / VALIDATION, 1e-12);
        }
        threads_free(t);
    }
    CHECK(hits[0] > 0 && hits[0] < hits[1] && hits[DEPTHS - 1] < VALIDATION,
          "these depths tell nothing apart");
}

int
main(void)
{
    static const uint32_t layers[] = { 6, DIM };
    float item[ITEMS][DIM];
    bool there[ITEMS] = { false };
    double all[DEPTHS], unlisted[DEPTHS];
    struct accuracy *a;
    struct towers *m;
    struct error e;

    draw(&training, 1, 40, 1);
    draw(&validation, 30, 55, 2);
    m = towers_new(feature, FEATURES, layers, 2, false, &e);
    if (m == NULL)
        die_of(&e);
    towers_init(m, 9);
    CHECK(embed_items(m, item, there) == 55, "not all items are there");
    a = accuracy_new(m, training.x, validation.x, &e);
    if (a == NULL)
        die_of(&e);
    test(a, m, item, there, false, all);
    if (accuracy_leave_out(a, lists, 2, &e) != 0)
        die_of(&e);
    test(a, m, item, there, true, unlisted);
    CHECK(unlisted[1] > all[1], "it makes no difference what is left out");
    accuracy_free(a);
    towers_free(m);
    examples_free(training.x);
    examples_free(validation.x);
    return check_status();
}
