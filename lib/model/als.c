#include "model/als.h"

#include <assert.h>
#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "model/cholesky.h"
#include "model/gemm.h"
#include "model/network.h"
#include "model/pieces.h"
#include "model/vector.h"

/* Vectors that are put together for one product. */
#define CHUNK ((size_t)256)
/* Ids that a thread takes at a time: some have many more pairs than others. */
#define SHARE ((size_t)32)

static void
start_items(struct als *a)
{
    const struct pairs_side *s = &a->pairs->side[PART_ITEM];
    const size_t dim = a->options.dim;
    const double deviation = 0.1 / sqrt((double)dim);

    for (size_t i = 0; i < s->ids; i++) {
        struct rng r = rng_for(a->options.seed, SEED_ITEM, i);

        for (size_t k = 0; k < dim && pairs_degree(s, i) > 0; k++)
            a->vector[PART_ITEM][i * dim + k] =
                (float)(deviation * rng_normal(&r));
    }
}

int
als_init(struct als *a, const struct pairs *p, const struct als_options *o,
         float *query, float *item, struct error *e)
{
    const size_t square = o->dim * o->dim;

    assert(o->dim > 0 && o->dim <= ALS_DIM_MAX);
    *a = (struct als){ .pairs = p, .options = *o };
    a->vector[PART_QUERY] = query;
    a->vector[PART_ITEM] = item;
    a->partial = mem_new(PIECES * square, sizeof *a->partial, e);
    for (size_t s = 0; s < MODEL_PARTS; s++)
        a->gram[s] = mem_new(square, sizeof *a->gram[s], e);
    if (a->partial == NULL || a->gram[0] == NULL || a->gram[1] == NULL) {
        als_free(a);
        return -1;
    }
    gemm_single();
    for (size_t s = 0; s < MODEL_PARTS; s++)
        memset(a->vector[s], 0, p->side[s].ids * o->dim * sizeof(float));
    start_items(a);
    return 0;
}

void
als_free(struct als *a)
{
    free(a->partial);
    a->partial = NULL;
    for (size_t s = 0; s < MODEL_PARTS; s++) {
        free(a->gram[s]);
        a->gram[s] = NULL;
    }
}

/* The lower triangle of C[dim, dim] += X^T X for X[n, dim]. */
static void
add_squares(size_t n, size_t dim, const float *x, float *c)
{
    if (n > 0)
        cblas_ssyrk(CblasRowMajor, CblasLower, CblasTrans, (int)dim, (int)n, 1,
                    x, (int)dim, 1, c, (int)dim);
}

/* One side's vectors X for gram_piece(). */
struct gram {
    const struct als *als;
    enum feature_part part;
};

static void
gram_piece(void *ctx, size_t piece, unsigned worker)
{
    const struct gram *g = ctx;
    const size_t dim = g->als->options.dim;
    const struct range r = piece_of(g->als->pairs->side[g->part].ids, piece);
    float *sum = g->als->partial + piece * dim * dim;

    (void)worker;
    memset(sum, 0, dim * dim * sizeof *sum);
    for (size_t i = r.begin; i < r.end; i += CHUNK)
        add_squares(r.end - i < CHUNK ? r.end - i : CHUNK, dim,
                    g->als->vector[g->part] + i * dim, sum);
}

/* a->gram[PART] = X^T X for all its vectors. */
static void
make_gram(struct als *a, enum feature_part part, struct threads *t)
{
    const size_t square = a->options.dim * a->options.dim;
    struct gram g = { a, part };

    threads_run(t, PIECES, gram_piece, &g);
    memcpy(a->gram[part], a->partial, square * sizeof *a->partial);
    for (size_t p = 1; p < PIECES; p++)
        vector_add(square, a->partial + p * square, a->gram[part]);
}

/* lambda (n_u + alpha items)^nu, or of items likewise. */
static double
regularisation(const struct als *a, enum feature_part part, size_t id)
{
    const struct als_options *o = &a->options;
    const double n = (double)pairs_degree(&a->pairs->side[part], id);
    const double others = (double)a->pairs->side[1 - part].present;

    return o->lambda * pow(n + o->alpha * others, o->nu);
}

struct step {
    const struct als *als;
    enum feature_part part;
    float *scratch; /* [threads, dim dim + CHUNK dim] */
    bool *singular; /* [shares] */
};

static size_t
scratch_size(const struct als *a)
{
    return a->options.dim * (a->options.dim + CHUNK);
}

/* MATRIX += the squares of the vectors that go with ID, SUM += their sum;
 * CHUNK of them are brought together in ROWS at a time. */
static void
add_others(const struct step *s, size_t id, float *rows, float *matrix,
           float *sum)
{
    const struct als *a = s->als;
    const struct pairs_side *side = &a->pairs->side[s->part];
    const float *other = a->vector[1 - s->part];
    const size_t dim = a->options.dim, end = side->start[id + 1];

    for (size_t k = side->start[id]; k < end; k += CHUNK) {
        const size_t n = end - k < CHUNK ? end - k : CHUNK;

        for (size_t i = 0; i < n; i++)
            memcpy(rows + i * dim, other + side->other[k + i] * dim,
                   dim * sizeof *rows);
        add_squares(n, dim, rows, matrix);
        vector_sum_rows(dim, sum, n, NULL, rows, sum);
    }
}

static int
solve(const struct step *s, size_t id, float *scratch)
{
    const struct als *a = s->als;
    const size_t dim = a->options.dim;
    const float more = (float)regularisation(a, s->part, id);
    float *matrix = scratch, *rows = scratch + dim * dim;
    float *x = a->vector[s->part] + id * dim;

    vector_scale(dim * dim, (float)a->options.alpha, a->gram[1 - s->part],
                 matrix);
    memset(x, 0, dim * sizeof *x);
    add_others(s, id, rows, matrix, x);
    for (size_t k = 0; k < dim; k++)
        matrix[k * dim + k] += more;
    return cholesky_solve(dim, matrix, x);
}

static void
step_share(void *ctx, size_t share, unsigned worker)
{
    const struct step *s = ctx;
    const struct pairs_side *side = &s->als->pairs->side[s->part];
    float *scratch = s->scratch + worker * scratch_size(s->als);
    const size_t first = share * SHARE;
    const size_t end = side->ids - first < SHARE ? side->ids : first + SHARE;

    for (size_t id = first; id < end; id++)
        if (pairs_degree(side, id) > 0 && solve(s, id, scratch) != 0)
            s->singular[share] = true;
}

int
als_step(struct als *a, enum feature_part part, struct threads *t,
         struct error *e)
{
    const size_t shares = (a->pairs->side[part].ids + SHARE - 1) / SHARE;
    const size_t threads = t != NULL ? threads_count(t) : 1;
    struct step s = { .als = a, .part = part };
    bool singular = false;

    s.scratch = mem_new(threads * scratch_size(a), sizeof *s.scratch, e);
    s.singular = mem_new(shares, sizeof *s.singular, e);
    if (s.scratch == NULL || s.singular == NULL) {
        free(s.scratch);
        free(s.singular);
        return -1;
    }
    make_gram(a, 1 - part, t);
    threads_run(t, shares, step_share, &s);
    for (size_t i = 0; i < shares; i++)
        singular |= s.singular[i];
    free(s.scratch);
    free(s.singular);
    if (singular)
        return error_set(e, "the equations of a vector are singular: it takes "
                            "a larger lambda");
    return 0;
}

struct loss {
    const struct als *als;
    double sum[PIECES];
};

/* What the pairs of some queries say, and all vectors' regularisation. */
static void
loss_piece(void *ctx, size_t piece, unsigned worker)
{
    struct loss *l = ctx;
    const struct als *a = l->als;
    const struct pairs_side *query = &a->pairs->side[PART_QUERY];
    const size_t dim = a->options.dim;
    double sum = 0;

    (void)worker;
    for (size_t p = 0; p < MODEL_PARTS; p++) {
        const struct range r = piece_of(a->pairs->side[p].ids, piece);

        for (size_t id = r.begin; id < r.end; id++) {
            const float *x = a->vector[p] + id * dim;

            if (pairs_degree(&a->pairs->side[p], id) > 0)
                sum += regularisation(a, (enum feature_part)p, id) *
                       (double)vector_dot(dim, x, x);
            if (p == PART_ITEM)
                continue;
            for (size_t k = query->start[id]; k < query->start[id + 1]; k++) {
                const float *y = a->vector[PART_ITEM] + query->other[k] * dim;
                const double miss = 1 - (double)vector_dot(dim, x, y);

                sum += miss * miss;
            }
        }
    }
    l->sum[piece] = sum;
}

/* The sum of all s_ui^2 is that of W^T W times H^T H, element by element. */
static double
squares_of_scores(struct als *a, struct threads *t)
{
    const size_t dim = a->options.dim;
    double sum = 0;

    for (size_t p = 0; p < MODEL_PARTS; p++)
        make_gram(a, (enum feature_part)p, t);
    for (size_t i = 0; i < dim; i++)
        for (size_t j = 0; j <= i; j++)
            sum += (i == j ? 1 : 2) * (double)a->gram[PART_QUERY][i * dim + j] *
                   (double)a->gram[PART_ITEM][i * dim + j];
    return sum;
}

double
als_loss(struct als *a, struct threads *t)
{
    struct loss l = { .als = a };
    double sum = a->options.alpha * squares_of_scores(a, t);

    threads_run(t, PIECES, loss_piece, &l);
    for (size_t p = 0; p < PIECES; p++)
        sum += l.sum[p];
    return sum;
}

void
als_fill_unknown(struct als *a)
{
    const struct pairs_side *s = &a->pairs->side[PART_QUERY];
    const size_t dim = a->options.dim;
    double mean[ALS_DIM_MAX] = { 0 };

    for (size_t i = 0; i < s->ids; i++)
        for (size_t k = 0; k < dim; k++)
            mean[k] += (double)a->vector[PART_QUERY][i * dim + k];
    for (size_t k = 0; k < dim && s->present > 0; k++)
        mean[k] /= (double)s->present;
    for (size_t i = 0; i < s->ids; i++)
        for (size_t k = 0; k < dim && pairs_degree(s, i) == 0; k++)
            a->vector[PART_QUERY][i * dim + k] = (float)mean[k];
}
