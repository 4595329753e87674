/*
 * embeddings - what a step costs with a large table and with a small one
 *
 * usage: embeddings [IDS [ROUNDS]]
 *
 * Two models of each kind that differ in one thing, the rows of the table of
 * the query's only feature: IDS (10000000) and 10,000, of 64 numbers each.  All
 * rows of a batch have distinct ids, anywhere in the table.  The two take turns
 * ROUNDS (7) times, and what is printed is the median of the ratios and of
 * either's microseconds a row: a ratio of 1 means that the table does not
 * matter.  One thread is timed by the processor time that it used, two by the
 * clock.  Memory: 512 bytes an id.  TSV: name, threads, ids, ratio, us a row,
 * us a row with 10,000 ids.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/threads.h"
#include "model/examples.h"
#include "model/ranker_train.h"
#include "model/towers_train.h"

enum {
    FEW = 10000,
    MANY = 10000000,
    DIM = 64,
    ITEMS = 1000,
    BATCH = 2048,
    STEPS = 8,     /* timed at once */
    BATCHES = 256, /* before ids come again */
    ROUNDS_MAX = 101
};

static const uint32_t tower_layers[] = { 64, 32 };
static const uint32_t ranker_layers[] = { 256, 64 };

static void
must(int status, const struct error *e)
{
    if (status != 0) {
        fprintf(stderr, "embeddings: %s\n", e->text);
        exit(EXIT_FAILURE);
    }
}

/* A model that learns from queries of IDS ids. */
struct side {
    size_t ids, next; /* row */
    struct feature feature[2];
    struct examples *x;
    struct towers *towers;
    struct towers_train *towers_train;
    struct ranker *ranker;
    struct ranker_train *ranker_train;
};

static void
draw_examples(struct side *s)
{
    /* The golden section of 2^32, which is odd and no multiple of 5: so no id
     * comes again before all of 10,000 or 10,000,000 have come. */
    const uint64_t stride = 2654435769;
    struct error e;

    s->x = examples_new(s->feature, 2, true, &e);
    must(s->x != NULL ? 0 : -1, &e);
    for (uint64_t i = 0; i < (uint64_t)BATCHES * BATCH; i++) {
        const uint32_t id = (uint32_t)(i * stride % s->ids);
        const uint32_t item = (uint32_t)(i * stride >> 20) % ITEMS;
        const uint8_t label = (i * stride >> 16 & 1) != 0;

        must(examples_append(
                 s->x, 1,
                 (struct feature_values[]){ { .id = &id }, { .id = &item } },
                 &label, &e),
             &e);
    }
    must(examples_finish(s->x, &e), &e);
}

static void
side_init(struct side *s, size_t ids, bool ranker)
{
    const struct towers_options o = { .temperature = 1,
                                      .optimizer = { .kind = OPTIMIZER_ADAGRAD,
                                                     .rate = 0.1 } };
    const struct ranker_options r = { .optimizer = o.optimizer };
    struct error e;

    *s = (struct side){
        .ids = ids,
        .feature = { { .name = "query.id.lookup",
                       .part = PART_QUERY,
                       .encoder = ENCODER_LOOKUP,
                       .size = (uint32_t)ids,
                       .dim = DIM },
                     { .name = "item.id.lookup",
                       .part = PART_ITEM,
                       .encoder = ENCODER_LOOKUP,
                       .size = ITEMS,
                       .dim = DIM,
                       .key = true } },
    };
    draw_examples(s);
    if (ranker) {
        const struct network_shape shape = { .layer = ranker_layers,
                                             .layers = 2 };

        s->ranker = ranker_new(s->feature, 2, &shape, &e);
        must(s->ranker != NULL ? 0 : -1, &e);
        ranker_init(s->ranker, 1);
        s->ranker_train = ranker_train_new(s->ranker, s->x, &r, &e);
        must(s->ranker_train != NULL ? 0 : -1, &e);
    } else {
        s->towers = towers_new(s->feature, 2, tower_layers, 2, false, &e);
        must(s->towers != NULL ? 0 : -1, &e);
        towers_init(s->towers, 1);
        s->towers_train = towers_train_new(s->towers, s->x, &o, &e);
        must(s->towers_train != NULL ? 0 : -1, &e);
    }
}

static void
side_free(struct side *s)
{
    towers_train_free(s->towers_train);
    towers_free(s->towers);
    ranker_train_free(s->ranker_train);
    ranker_free(s->ranker);
    examples_free(s->x);
}

static double
now(const struct threads *t)
{
    const clockid_t clock =
        threads_count(t) == 1 ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC;
    struct timespec at;

    (void)clock_gettime(clock, &at);
    return (double)at.tv_sec + (double)at.tv_nsec * 1e-9;
}

/* Microseconds a row. */
static double
cost(struct side *s, struct threads *t)
{
    const double start = now(t);
    uint32_t row[BATCH];
    struct error e;
    double loss;

    for (size_t step = 0; step < STEPS; step++) {
        for (size_t i = 0; i < BATCH; i++)
            row[i] = (uint32_t)(s->next + i);
        s->next = (s->next + BATCH) % s->x->rows;
        must(s->ranker != NULL
                 ? ranker_step(s->ranker_train, row, BATCH, t, &loss, &e)
                 : towers_step(s->towers_train, row, BATCH, t, &loss, &e),
             &e);
    }
    return (now(t) - start) * 1e6 / (STEPS * BATCH);
}

static int
ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double
median(double *v, size_t n)
{
    qsort(v, n, sizeof *v, ascending);
    return v[n / 2];
}

static void
compare(const char *name, struct side *many, struct side *few, unsigned threads,
        size_t rounds)
{
    double ratio[ROUNDS_MAX], a[ROUNDS_MAX], b[ROUNDS_MAX];
    struct error e;
    struct threads *t = threads_new(threads, &e);

    must(t != NULL ? 0 : -1, &e);
    (void)cost(many, t);
    (void)cost(few, t);
    for (size_t i = 0; i < rounds; i++) {
        a[i] = cost(many, t);
        b[i] = cost(few, t);
        ratio[i] = a[i] / b[i];
    }
    printf("%s\t%u\t%zu\t%.3f\t%.3f\t%.3f\n", name, threads, many->ids,
           median(ratio, rounds), median(a, rounds), median(b, rounds));
    (void)fflush(stdout);
    threads_free(t);
}

int
main(int argc, char **argv)
{
    const size_t ids = argc > 1 ? strtoull(argv[1], NULL, 10) : MANY;
    const size_t rounds = argc > 2 ? strtoull(argv[2], NULL, 10) : 7;

    if (ids < FEW || ids > UINT32_MAX || rounds < 1 || rounds > ROUNDS_MAX) {
        fputs("usage: embeddings [IDS [ROUNDS]]\n", stderr);
        return 2;
    }
    puts("name\tthreads\tids\tratio\tus_per_row\tus_per_row_of_10000");
    for (int ranker = 0; ranker < 2; ranker++) {
        struct side many, few;

        side_init(&many, ids, ranker);
        side_init(&few, FEW, ranker);
        for (unsigned threads = 1; threads <= 2; threads++)
            compare(ranker ? "ranker step" : "tower step", &many, &few, threads,
                    rounds);
        side_free(&many);
        side_free(&few);
    }
    return EXIT_SUCCESS;
}
