/*
 * kernels - the model's kernels against what the machine can do
 *
 * usage: kernels [ROUNDS]
 *
 * ROUNDS is how often the two sides of a row take turns (11): see compare.h.
 *
 * Operations are those that the exact result needs when each distinct id of a
 * batch is multiplied once: 2 for each multiplication and addition in a matrix
 * product, forward and for both gradients; exponentials, sums by id, optimiser
 * and all else count for nothing.
 */
#include <string.h>

#include "article.h"
#include "compare.h"
#include "model/accuracy.h"
#include "model/batches.h"
#include "model/distinct.h"
#include "model/pieces.h"
#include "model/ranker_train.h"
#include "model/softmax.h"
#include "model/towers_train.h"

enum {
    RETRIEVAL = 32, /* width of an embedding */
    STEPS = 4,      /* timed at once */
    TILE_ROWS = 80  /* of the products that the loss is made of */
};

static const uint32_t tower_layers[] = { 64, RETRIEVAL };
static const uint32_t ranker_layers[] = { 256, 64, 1 };

/* The in-batch softmax, and the products that it is made of by themselves. */

struct loss {
    struct softmax *softmax;
    struct softmax_batch batch;
    struct distinct items;
    uint32_t *count;
    float *query, *candidate, *dquery, *dcandidate, *tile;
};

static void
loss_run(void *ctx, struct threads *t)
{
    const struct loss *l = ctx;
    struct error e;
    double loss;

    for (size_t i = 0; i < STEPS; i++)
        must(softmax_loss(l->softmax, &l->batch, t, &loss, l->dquery,
                          l->dcandidate, &e),
             &e);
}

static void
loss_products_piece(void *ctx, size_t piece, unsigned worker)
{
    const struct loss *l = ctx;
    const size_t n = l->batch.candidates, d = RETRIEVAL;
    const struct range all = piece_of(BATCH, piece);
    float *tile = l->tile + worker * TILE_ROWS * n;
    float *dcandidate = l->dcandidate + worker * n * d;

    for (size_t at = all.begin; at < all.end; at += TILE_ROWS) {
        const size_t left = all.end - at;
        const size_t rows = left < TILE_ROWS ? left : TILE_ROWS;

        sgemm(CblasNoTrans, CblasTrans, rows, n, d, l->query + at * d, d,
              l->candidate, d, 0, tile, n);
        sgemm(CblasTrans, CblasNoTrans, n, d, rows, tile, n, l->query + at * d,
              d, 1, dcandidate, d);
        sgemm(CblasNoTrans, CblasNoTrans, rows, d, n, tile, n, l->candidate, d,
              0, l->dquery + at * d, d);
    }
}

static void
loss_products(void *ctx, struct threads *t)
{
    struct loss *l = ctx;

    for (size_t i = 0; i < STEPS; i++) {
        memset(l->dcandidate, 0, 2 * BATCH * RETRIEVAL * sizeof(float));
        threads_run(t, PIECES, loss_products_piece, l);
    }
}

static void
loss_init(struct loss *l, const struct examples *x, const uint32_t *row)
{
    struct error e;

    l->softmax = softmax_new(&e);
    must(l->softmax != NULL ? 0 : -1, &e);
    must(distinct_init(&l->items, x->tuples, &e), &e);
    must(distinct_find(&l->items, x->item, row, BATCH, &e), &e);
    l->count = mem_new(BATCH, sizeof *l->count, &e);
    must(l->count != NULL ? 0 : -1, &e);
    for (size_t i = 0; i < BATCH; i++)
        l->count[l->items.slot.v[i]]++;
    l->query = new_floats(BATCH * RETRIEVAL);
    l->candidate = new_floats(BATCH * RETRIEVAL);
    l->dquery = new_floats(BATCH * RETRIEVAL);
    l->dcandidate = new_floats(2 * BATCH * RETRIEVAL);
    l->tile = new_floats(2 * (size_t)TILE_ROWS * BATCH);
    l->batch = (struct softmax_batch){
        .rows = BATCH,
        .candidates = l->items.n,
        .dim = RETRIEVAL,
        .query = l->query,
        .candidate = l->candidate,
        .positive = l->items.slot.v,
        .count = l->count,
        .temperature = 1,
    };
}

static void
loss_free(struct loss *l)
{
    softmax_free(l->softmax);
    distinct_free(&l->items);
    free(l->count);
    free(l->query);
    free(l->candidate);
    free(l->dquery);
    free(l->dcandidate);
    free(l->tile);
}

/* Training, and top-k accuracy between two epochs. */

struct training {
    struct examples *x, *test;
    struct batches batches;
    struct towers *towers;
    struct towers_train *towers_train;
    struct ranker *ranker;
    struct ranker_train *ranker_train;
    struct accuracy *accuracy;
    size_t batch[2]; /* the next one, of towers and ranker */
};

/* The next full batch. */
static const uint32_t *
next_batch(const struct training *t, size_t *batch)
{
    size_t n;

    *batch = *batch + 2 < batches_count(&t->batches) ? *batch + 1 : 0;
    return batches_rows(&t->batches, *batch, &n);
}

static void
towers_run(void *ctx, struct threads *threads)
{
    struct training *t = ctx;
    struct error e;
    double loss;

    for (size_t i = 0; i < STEPS; i++)
        must(towers_step(t->towers_train, next_batch(t, &t->batch[0]), BATCH,
                         threads, &loss, &e),
             &e);
}

static void
ranker_run(void *ctx, struct threads *threads)
{
    struct training *t = ctx;
    struct error e;
    double loss;

    for (size_t i = 0; i < STEPS; i++)
        must(ranker_step(t->ranker_train, next_batch(t, &t->batch[1]), BATCH,
                         threads, &loss, &e),
             &e);
}

static void
accuracy_run(void *ctx, struct threads *threads)
{
    struct training *t = ctx;
    const uint32_t k[] = { 1, 5, 10, 50, 100 };
    double share[sizeof k / sizeof *k];
    struct error e;

    must(accuracy_measure(t->accuracy, t->towers, threads, k,
                          sizeof k / sizeof *k, share, &e),
         &e);
}

static void
training_init(struct training *t)
{
    const struct towers_options o = {
        .temperature = 1,
        .optimizer = { .kind = OPTIMIZER_ADAGRAD, .rate = 0.1 },
    };
    struct error e;

    t->x = article_examples(TRAINING_ROWS, 1);
    t->test = article_examples(TEST_ROWS, 2);
    must(batches_init(&t->batches, TRAINING_ROWS, BATCH, 1, true, &e), &e);
    batches_start(&t->batches, 0);
    t->towers = towers_new(article_feature, ARTICLE_FEATURES, tower_layers, 2,
                           false, &e);
    must(t->towers != NULL ? 0 : -1, &e);
    towers_init(t->towers, 1);
    t->towers_train = towers_train_new(t->towers, t->x, &o, &e);
    must(t->towers_train != NULL ? 0 : -1, &e);
    t->ranker = ranker_new(
        article_feature, ARTICLE_FEATURES,
        &(struct network_shape){ .layer = ranker_layers, .layers = 3 }, &e);
    must(t->ranker != NULL ? 0 : -1, &e);
    ranker_init(t->ranker, 1);
    t->ranker_train = ranker_train_new(
        t->ranker, t->x, &(struct ranker_options){ .optimizer = o.optimizer },
        &e);
    must(t->ranker_train != NULL ? 0 : -1, &e);
    t->accuracy = accuracy_new(t->towers, t->x, t->test, &e);
    must(t->accuracy != NULL ? 0 : -1, &e);
}

static void
training_free(struct training *t)
{
    accuracy_free(t->accuracy);
    ranker_train_free(t->ranker_train);
    ranker_free(t->ranker);
    towers_train_free(t->towers_train);
    towers_free(t->towers);
    batches_free(&t->batches);
    examples_free(t->test);
    examples_free(t->x);
}

/* Mean numbers of distinct ids in a full batch. */
struct distinct_ids {
    double user, bucket, title;
};

static double
mean_distinct(const struct training *t, const uint32_t *id, size_t space)
{
    const size_t batches = TRAINING_ROWS / BATCH;
    struct distinct d;
    struct error e;
    size_t sum = 0;

    must(distinct_init(&d, space, &e), &e);
    for (size_t i = 0; i < batches; i++) {
        size_t n;
        const uint32_t *row = batches_rows(&t->batches, i, &n);

        must(distinct_find(&d, id, row, n, &e), &e);
        sum += d.n;
    }
    distinct_free(&d);
    return (double)sum / (double)batches;
}

static double
towers_work(const struct distinct_ids *d)
{
    const double first = d->user + d->bucket + 2 * d->title;

    return 6 * (first * DIM * tower_layers[0] +
                (BATCH + d->title) * tower_layers[0] * RETRIEVAL +
                BATCH * d->title * RETRIEVAL);
}

static double
ranker_work(const struct distinct_ids *d)
{
    const double first = d->user + d->bucket + 2 * d->title;

    return 6 * (first * DIM * ranker_layers[0] +
                (double)BATCH * ranker_layers[1] *
                    (ranker_layers[0] + ranker_layers[2]));
}

/* All rows for I + 1 threads. */
static void
table(struct training *t, struct loss *l, struct products *p,
      const struct distinct_ids *d, struct threads *const threads[2], size_t i)
{
    const double g = 1e-9;
    const double loss_work =
        6.0 * BATCH * (double)l->batch.candidates * RETRIEVAL * STEPS;
    const double epoch = (double)STEPS * BATCH / TRAINING_ROWS;
    const struct side square_side = {
        square, p, 2.0 * SQUARE * SQUARE * SQUARE * (double)p->times
    };
    const struct side loss = { loss_run, l, loss_work };
    const struct side products = { loss_products, l, loss_work };
    const struct side towers = { towers_run, t, towers_work(d) * STEPS };
    const struct side ranker = { ranker_run, t, ranker_work(d) * STEPS };
    const struct side towers_epoch = { towers_run, t, epoch };
    const struct side ranker_epoch = { ranker_run, t, epoch };
    const struct side accuracy = { accuracy_run, t, 1 };

    compare("softmax to sgemm", &loss, threads[i], &square_side, threads[i], g,
            "GFLOP/s");
    compare("softmax to its products", &loss, threads[i], &products, threads[i],
            g, "GFLOP/s");
    compare("towers to sgemm", &towers, threads[i], &square_side, threads[i], g,
            "GFLOP/s");
    compare("ranker to sgemm", &ranker, threads[i], &square_side, threads[i], g,
            "GFLOP/s");
    compare("epoch of towers to accuracy", &towers_epoch, threads[i], &accuracy,
            threads[i], 1, "1/s");
    if (i == 0)
        return;
    compare("sgemm to one thread", &square_side, threads[1], &square_side,
            threads[0], g, "GFLOP/s");
    compare("towers to one thread", &towers_epoch, threads[1], &towers_epoch,
            threads[0], 1, "epochs/s");
    compare("ranker to one thread", &ranker_epoch, threads[1], &ranker_epoch,
            threads[0], 1, "epochs/s");
}

int
main(int argc, char **argv)
{
    struct error e;
    struct training t = { 0 };
    struct loss l = { 0 };
    struct threads *threads[2] = { threads_new(1, &e), threads_new(2, &e) };
    const size_t square_floats = (size_t)SQUARE * SQUARE;
    float *c = new_floats(4 * square_floats);
    struct distinct_ids d;
    size_t n;

    if (argc > 1)
        rounds = strtoul(argv[1], NULL, 10);
    if (rounds < 1 || rounds > ROUNDS_MAX || threads[0] == NULL ||
        threads[1] == NULL)
        return EXIT_FAILURE;
    training_init(&t);
    loss_init(&l, t.x, batches_rows(&t.batches, 0, &n));
    d = (struct distinct_ids){
        mean_distinct(&t, t.x->column[0].id, USERS + 1),
        mean_distinct(&t, t.x->column[1].id, BUCKETS + 1),
        mean_distinct(&t, t.x->item, t.x->tuples),
    };
    printf("# distinct ids of a batch: %.0f users, %.0f buckets, %.0f titles\n"
           "name\tthreads\tratio\tours\treference\tunit\n",
           d.user, d.bucket, d.title);

    for (size_t i = 0; i < 2; i++)
        table(&t, &l,
              &(struct products){ i + 1, c, c + square_floats,
                                  c + 2 * square_floats },
              &d, threads, i);
    loss_free(&l);
    training_free(&t);
    free(c);
    threads_free(threads[0]);
    threads_free(threads[1]);
    return EXIT_SUCCESS;
}
