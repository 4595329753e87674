/*
 * knn - exact search against the products that it cannot do without
 *
 * usage: knn [ITEMS]
 *
 * 10,000 queries of 64 numbers among ITEMS (1,000,000), k = 10 and 100, against
 * sgemm of the same shapes, whose results are thrown away.  Each of 5 rounds
 * takes the next 2,000 queries.  The table is that of compare.h.  Memory: the
 * items, 256 MB.
 */
#include "compare.h"
#include "retrieval/exact.h"

enum {
    WIDTH = 64,
    QUERIES = 10000,
    TURNS = 5,
    SHARE = QUERIES / TURNS,
    CHUNK = 1024, /* items that sgemm takes at a time: 8 MB of results */
    K_MAX = 100
};

struct search {
    struct exact *exact;
    struct exact_items items;
    const float *query; /* [QUERIES, WIDTH] */
    size_t turn, product_turn;
    struct exact_result result; /* of SHARE queries */
    float *product;             /* [2, SHARE, CHUNK] */
};

static const float *
next_queries(const struct search *s, size_t *turn)
{
    return s->query + (*turn)++ % TURNS * SHARE * WIDTH;
}

static void
search(void *ctx, struct threads *t)
{
    struct search *s = ctx;
    struct error e;

    (void)t; /* the index has its own */
    must(exact_search(s->exact, next_queries(s, &s->turn), SHARE, NULL,
                      &s->result, &e),
         &e);
}

static void
product_piece(void *ctx, size_t piece, unsigned worker)
{
    const struct search *s = ctx;
    const float *query = s->query + s->product_turn % TURNS * SHARE * WIDTH;
    const size_t at = piece * CHUNK, left = s->items.count - at;
    const size_t n = left < CHUNK ? left : CHUNK;

    sgemm(CblasNoTrans, CblasTrans, SHARE, n, WIDTH, query, WIDTH,
          s->items.vector + at * WIDTH, WIDTH, 0,
          s->product + worker * (size_t)SHARE * CHUNK, CHUNK);
}

static void
products(void *ctx, struct threads *t)
{
    struct search *s = ctx;

    threads_run(t, (s->items.count + CHUNK - 1) / CHUNK, product_piece, s);
    s->product_turn++;
}

static void
row(struct search *s, size_t k, unsigned threads)
{
    const double work = 2.0 * SHARE * (double)s->items.count * WIDTH;
    const struct side ours = { search, s, work }, gemm = { products, s, work };
    struct error e;
    struct threads *t = threads_new(threads, &e);
    char name[80];

    must(t != NULL ? 0 : -1, &e);
    s->exact = exact_new(&s->items, k, t, &e);
    must(s->exact != NULL ? 0 : -1, &e);
    snprintf(name, sizeof name, "knn of %d in %zu, k = %zu, to sgemm", QUERIES,
             s->items.count, k);
    compare(name, &ours, t, &gemm, t, 1e-9, "GFLOP/s");
    exact_free(s->exact);
    threads_free(t);
}

int
main(int argc, char **argv)
{
    const size_t items = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000;
    struct error e;
    struct search s = { 0 };
    float *vector = new_floats(items * WIDTH);
    float *query = new_floats((size_t)QUERIES * WIDTH);
    uint32_t *id = mem_new(items, sizeof *id, &e);

    if (items < K_MAX || items > UINT32_MAX || id == NULL)
        return EXIT_FAILURE;
    for (size_t i = 0; i < items; i++)
        id[i] = (uint32_t)i;
    s.items = (struct exact_items){ vector, id, items, WIDTH };
    s.query = query;
    s.product = new_floats(2 * (size_t)SHARE * CHUNK);
    s.result.id = mem_new((size_t)SHARE * K_MAX, sizeof *s.result.id, &e);
    s.result.score = mem_new((size_t)SHARE * K_MAX, sizeof(float), &e);
    s.result.count = mem_new(SHARE, sizeof *s.result.count, &e);
    must(s.result.id && s.result.score && s.result.count ? 0 : -1, &e);
    rounds = TURNS;
    for (unsigned threads = 1; threads <= 2; threads++) {
        row(&s, 10, threads);
        row(&s, 100, threads);
    }
    free(vector);
    free(query);
    free(id);
    free(s.product);
    free(s.result.id);
    free(s.result.score);
    free(s.result.count);
    return EXIT_SUCCESS;
}
