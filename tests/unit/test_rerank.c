/*
 * Lists come back in the order of the network that reference_model.h has, over
 * many chunks of pairs; a candidate that is no item is refused.
 */
#include "model/rerank.h"

#include <string.h>

#include "base/rng.h"
#include "check.h"
#include "reference_model.h"

enum { QUERIES = 300, ITEMS = 50, LONGEST = 41, FEATURES = 3 };

static const struct feature feature[FEATURES] = {
    { .name = "query.u.lookup",
      .part = PART_QUERY,
      .encoder = ENCODER_LOOKUP,
      .size = QUERIES,
      .dim = 4 },
    { .name = "query.z.normalize",
      .part = PART_QUERY,
      .encoder = ENCODER_NORMALIZE },
    { .name = "item.w.normalize",
      .part = PART_ITEM,
      .encoder = ENCODER_NORMALIZE },
};

static uint32_t user[QUERIES], id[ITEMS];
static float z[QUERIES], w[ITEMS];
static uint32_t list[QUERIES + 1], candidate[QUERIES * LONGEST];

static const struct feature_values queries[FEATURES] = { { .id = user },
                                                         { .value = z },
                                                         { 0 } };
static const struct feature_values items[FEATURES] = { { 0 },
                                                       { 0 },
                                                       { .value = w } };

static void
die_of(const struct error *e)
{
    printf("not ok - %s\n", e->text);
    exit(EXIT_FAILURE);
}

/* Items in pairs that the model cannot tell apart, ids in no order, lists of
 * different items and of all lengths. */
static void
draw(void)
{
    struct rng r = rng_for(5, 0, 0);

    for (uint32_t i = 0; i < ITEMS; i++) {
        id[i] = 1000 + (i * 37) % ITEMS * 3;
        w[i] = (float)(i / 2) / 8 - 2;
    }
    for (uint32_t q = 0; q < QUERIES; q++) {
        uint32_t order[ITEMS];
        const uint32_t n = (uint32_t)rng_below(&r, LONGEST + 1);

        user[q] = (uint32_t)rng_below(&r, QUERIES);
        z[q] = 4 * rng_f32(&r) - 2;
        for (uint32_t i = 0; i < ITEMS; i++)
            order[i] = i;
        rng_shuffle_u32(&r, order, ITEMS);
        for (uint32_t i = 0; i < n; i++)
            candidate[list[q] + i] = id[order[i]];
        list[q + 1] = list[q] + n;
    }
}

static size_t
item_of(uint32_t wanted)
{
    for (size_t i = 0; i < ITEMS; i++)
        if (id[i] == wanted)
            return i;
    CHECK(false, "%u is no item", (unsigned)wanted);
    return 0;
}

static double
reference_probability(const struct network *n, const double *value, size_t q,
                      size_t i)
{
    const struct feature_values column[FEATURES] = { queries[0], queries[1],
                                                     items[2] };
    uint32_t item[QUERIES];
    const struct examples x = { .column = column, .item = item };
    double logit[REFERENCE_WIDTH_MAX];

    item[q] = (uint32_t)i;
    reference_network(n, value, &x, q, logit);
    return 1 / (1 + exp(-logit[0]));
}

/* List Q came back as ID and PROBABILITY [N]; DEPTH were asked for. */
static void
check_list(const struct network *n, const double *value, size_t q,
           uint32_t depth, const uint32_t *got, const float *probability,
           uint32_t len)
{
    const uint32_t had = list[q + 1] - list[q];
    bool there[ITEMS] = { false };

    CHECK(len == (had < depth ? had : depth), "list %zu has %u", q,
          (unsigned)len);
    for (uint32_t i = 0; i < len; i++)
        there[item_of(candidate[list[q] + i])] = true;
    for (uint32_t i = 0; i < len; i++) {
        const size_t item = item_of(got[i]);

        CHECK(there[item], "list %zu: %u is not of it, or there twice", q,
              (unsigned)got[i]);
        there[item] = false;
        check_close("probability", (double)probability[i],
                    reference_probability(n, value, q, item), 1e-5);
        if (i == 0)
            continue;
        CHECK(probability[i] <= probability[i - 1], "list %zu is in no order",
              q);
        CHECK(w[item] != w[item_of(got[i - 1])] || got[i] > got[i - 1],
              "list %zu: of two equal ones the higher id comes first", q);
    }
}

static void
test_lists(struct ranker *m, struct rerank *r, uint32_t depth, unsigned threads)
{
    static uint32_t out[QUERIES + 1], got[QUERIES * LONGEST];
    static float probability[QUERIES * LONGEST];
    const struct candidates in = { QUERIES, list, candidate };
    struct error e;
    struct threads *t = threads_new(threads, &e);
    double *value = reference_value(m->net);

    if (rerank_lists(r, queries, &in, depth, t, out, got, probability, &e) != 0)
        die_of(&e);
    CHECK(out[0] == 0, "the first list begins at %u", (unsigned)out[0]);
    for (size_t q = 0; q < QUERIES; q++)
        check_list(m->net, value, q, depth, got + out[q], probability + out[q],
                   out[q + 1] - out[q]);
    free(value);
    threads_free(t);
}

static void
test_refused(struct ranker *m, struct rerank *r)
{
    const uint32_t one[] = { 0, 2 }, wrong[] = { id[3], 7 };
    const struct candidates in = { 1, one, wrong };
    const uint32_t twice[] = { 5, 8, 5 };
    uint32_t out[2], got[2];
    float probability[2];
    struct error e = { "" };

    CHECK(rerank_lists(r, queries, &in, 9, NULL, out, got, probability, &e) ==
              -1,
          "a candidate that is no item passes");
    CHECK(strcmp(e.text, "candidate 7 is none of the items") == 0, "%s",
          e.text);
    CHECK(rerank_new(m, items, twice, 3, &e) == NULL, "an item passes twice");
    CHECK(strcmp(e.text, "item 5 is there twice") == 0, "%s", e.text);
}

int
main(void)
{
    static const uint32_t layers[] = { 7, 5 };
    struct error e;
    const struct network_shape shape = { .layer = layers, .layers = 2 };
    struct ranker *m = ranker_new(feature, FEATURES, &shape, &e);
    struct rerank *r;

    if (m == NULL)
        die_of(&e);
    ranker_init(m, 4);
    draw();
    CHECK(list[QUERIES] > 4096, "%u pairs are one chunk",
          (unsigned)list[QUERIES]);
    r = rerank_new(m, items, id, ITEMS, &e);
    if (r == NULL)
        die_of(&e);
    test_lists(m, r, UINT32_MAX, 1);
    test_lists(m, r, UINT32_MAX, 3);
    test_lists(m, r, 10, 1);
    test_refused(m, r);
    rerank_free(r);
    ranker_free(m);
    return check_status();
}
