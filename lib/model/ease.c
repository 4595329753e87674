#include "model/ease.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/cholesky.h"
#include "model/gemm.h"

/* Items that a thread takes at a time. */
#define SHARE ((size_t)16)

struct solving {
    const struct pairs *pairs;
    double lambda;
    size_t n;  /* items, numbered from 0: the ids less 1 */
    double *p; /* [n, n], the lower triangle */
    float *b;  /* [n + 1, n] */
};

static size_t
shares_of(size_t n)
{
    return (n + SHARE - 1) / SHARE;
}

/* Rows of X^T X + lambda I: how many queries have both items. */
static void
count_share(void *ctx, size_t share, unsigned worker)
{
    const struct solving *s = ctx;
    const struct pairs_side *item = &s->pairs->side[PART_ITEM];
    const struct pairs_side *query = &s->pairs->side[PART_QUERY];
    const size_t end =
        s->n - share * SHARE < SHARE ? s->n : (share + 1) * SHARE;

    (void)worker;
    for (size_t i = share * SHARE; i < end; i++) {
        double *row = s->p + i * s->n;

        for (size_t k = item->start[i + 1]; k < item->start[i + 2]; k++) {
            const size_t q = item->other[k];

            /* Ascending, so item i itself is the last one of interest. */
            for (size_t m = query->start[q]; query->other[m] <= i; m++)
                row[query->other[m] - 1]++;
        }
        row[i] = (double)pairs_degree(item, i + 1) + s->lambda;
    }
}

static void
divide_share(void *ctx, size_t share, unsigned worker)
{
    const struct solving *s = ctx;
    const size_t n = s->n;
    const size_t end = n - share * SHARE < SHARE ? n : (share + 1) * SHARE;

    (void)worker;
    for (size_t i = share * SHARE; i < end; i++)
        for (size_t j = 0; j < n; j++) {
            const double p = j <= i ? s->p[i * n + j] : s->p[j * n + i];

            s->b[(i + 1) * n + j] = i == j ? 0 : (float)(-p / s->p[j * n + j]);
        }
}

int
ease_check(size_t ids, struct error *e)
{
    if (ids < 2)
        return error_set(e, "there is no item");
    if (ids - 1 > EASE_ITEMS_MAX)
        return error_set(e,
                         "%zu items: a square matrix of more than %d is too "
                         "large",
                         ids - 1, EASE_ITEMS_MAX);
    return 0;
}

int
ease_solve(const struct pairs *p, double lambda, float *b, struct threads *t,
           struct error *e)
{
    const size_t ids = p->side[PART_ITEM].ids;
    struct solving s = { .pairs = p, .lambda = lambda, .n = ids - 1, .b = b };

    if (ease_check(ids, e) != 0)
        return -1;
    s.p = mem_new(s.n * s.n, sizeof *s.p, e);
    if (s.p == NULL)
        return -1;
    gemm_single();
    threads_run(t, shares_of(s.n), count_share, &s);
    if (cholesky_invert(s.n, s.p) != 0) {
        free(s.p);
        return error_set(e, "the matrix has no inverse: it takes a larger "
                            "lambda");
    }
    memset(b, 0, s.n * sizeof *b);
    threads_run(t, shares_of(s.n), divide_share, &s);
    free(s.p);
    return 0;
}

void
ease_identity(size_t ids, float *x)
{
    const size_t n = ids - 1;

    memset(x, 0, ids * n * sizeof *x);
    for (size_t i = 0; i < n; i++)
        x[(i + 1) * n + i] = 1;
}
