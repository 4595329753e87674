#include "metrics/compare.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"

enum {
    PURPOSE_INTERVAL = 0x626f6f74, /* "boot" */
    PURPOSE_P = 0x666c6970,        /* "flip" */
};

/* Samples that a thread takes at a time. */
#define PIECE ((size_t)64)

/* Differences that are equal but for the rounding of their sums. */
#define ROUNDING 1e-12

struct compare {
    size_t values;
    uint64_t queries;
    double *a, *b; /* [values]: sums */
    size_t groups, d_room, n_room;
    double *d;   /* [groups, values]: sums of b - a */
    uint32_t *n; /* [groups]: queries */
};

struct compare *
compare_new(size_t values, struct error *e)
{
    struct compare *c = mem_new(1, sizeof *c, e);

    if (c == NULL)
        return NULL;
    c->values = values;
    c->a = mem_new(values, sizeof *c->a, e);
    c->b = mem_new(values, sizeof *c->b, e);
    if (c->a == NULL || c->b == NULL) {
        compare_free(c);
        return NULL;
    }
    return c;
}

void
compare_free(struct compare *c)
{
    if (c == NULL)
        return;
    free(c->a);
    free(c->b);
    free(c->d);
    free(c->n);
    free(c);
}

/* Room for groups up to GROUP, the new ones empty. */
static int
reach(struct compare *c, uint32_t group, struct error *e)
{
    const size_t need = (size_t)group + 1;
    void *p;

    if (need <= c->groups)
        return 0;
    p = mem_grow(c->d, &c->d_room, need, c->values * sizeof *c->d, e);
    if (p == NULL)
        return -1;
    c->d = p;
    p = mem_grow(c->n, &c->n_room, need, sizeof *c->n, e);
    if (p == NULL)
        return -1;
    c->n = p;
    for (; c->groups < need; c->groups++) {
        c->n[c->groups] = 0;
        for (size_t v = 0; v < c->values; v++)
            c->d[c->groups * c->values + v] = 0;
    }
    return 0;
}

int
compare_add(struct compare *c, uint32_t group, const double *a, const double *b,
            struct error *e)
{
    if (reach(c, group, e) != 0)
        return -1;
    for (size_t v = 0; v < c->values; v++)
        if (!isfinite(a[v]) || !isfinite(b[v]))
            return error_set(e, "a value is not finite");
    for (size_t v = 0; v < c->values; v++) {
        c->a[v] += a[v];
        c->b[v] += b[v];
        c->d[group * c->values + v] += b[v] - a[v];
    }
    c->n[group]++;
    c->queries++;
    return 0;
}

uint64_t
compare_queries(const struct compare *c)
{
    return c->queries;
}

size_t
compare_groups(const struct compare *c)
{
    return c->groups;
}

struct run {
    const struct compare *c;
    size_t samples;
    uint64_t seed;
    const double *seen;  /* [values]: the sum of all differences */
    const double *slack; /* [values]: what rounding can make of it */
    double *mean;        /* [values, samples] */
    uint64_t *beyond;    /* [pieces, values] */
    double *scratch;     /* [workers, values] */
};

static void
draw_groups(const struct run *r, size_t sample, double *sum)
{
    const struct compare *c = r->c;
    struct rng rng = rng_for(r->seed, PURPOSE_INTERVAL, sample);
    uint64_t n = 0;

    for (size_t v = 0; v < c->values; v++)
        sum[v] = 0;
    for (size_t i = 0; i < c->groups; i++) {
        const size_t g = (size_t)rng_below(&rng, c->groups);
        const double *d = c->d + g * c->values;

        n += c->n[g];
        for (size_t v = 0; v < c->values; v++)
            sum[v] += d[v];
    }
    for (size_t v = 0; v < c->values; v++)
        r->mean[v * r->samples + sample] = sum[v] / (double)n;
}

static void
exchange_names(const struct run *r, size_t sample, double *sum,
               uint64_t *beyond)
{
    const struct compare *c = r->c;
    struct rng rng = rng_for(r->seed, PURPOSE_P, sample);
    uint64_t bits = 0;

    for (size_t v = 0; v < c->values; v++)
        sum[v] = 0;
    for (size_t g = 0; g < c->groups; g++, bits >>= 1) {
        const double *d = c->d + g * c->values;
        double sign;

        if (g % 64 == 0)
            bits = rng_u64(&rng);
        sign = bits & 1 ? 1 : -1;
        for (size_t v = 0; v < c->values; v++)
            sum[v] += sign * d[v];
    }
    for (size_t v = 0; v < c->values; v++)
        beyond[v] += fabs(sum[v]) >= fabs(r->seen[v]) - r->slack[v];
}

static void
run_piece(void *ctx, size_t piece, unsigned worker)
{
    const struct run *r = ctx;
    const size_t first = piece * PIECE;
    const size_t end = first + PIECE < r->samples ? first + PIECE : r->samples;
    double *sum = r->scratch + worker * r->c->values;

    for (size_t s = first; s < end; s++) {
        draw_groups(r, s, sum);
        exchange_names(r, s, sum, r->beyond + piece * r->c->values);
    }
}

static int
compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* The Q-quantile of N sorted numbers, linear between two of them. */
static double
quantile(const double *sorted, size_t n, double q)
{
    const double at = q * (double)(n - 1), whole = floor(at);
    const size_t i = (size_t)whole;

    if (i + 1 == n)
        return sorted[i];
    return sorted[i] + (at - whole) * (sorted[i + 1] - sorted[i]);
}

static void
conclude(const struct run *r, size_t pieces, struct comparison *out)
{
    const struct compare *c = r->c;
    const double queries = (double)c->queries;

    for (size_t v = 0; v < c->values; v++) {
        double *mean = r->mean + v * r->samples;
        uint64_t beyond = 0;

        for (size_t p = 0; p < pieces; p++)
            beyond += r->beyond[p * c->values + v];
        qsort(mean, r->samples, sizeof *mean, compare_doubles);
        out[v] = (struct comparison){
            .a = c->a[v] / queries,
            .b = c->b[v] / queries,
            .difference = r->seen[v] / queries,
            .low = quantile(mean, r->samples, 0.025),
            .high = quantile(mean, r->samples, 0.975),
            .p = (double)(1 + beyond) / (double)(1 + r->samples),
        };
    }
}

int
compare_run(const struct compare *c, size_t samples, uint64_t seed,
            struct threads *t, struct comparison *out, struct error *e)
{
    const size_t pieces = (samples + PIECE - 1) / PIECE;
    const size_t workers = t != NULL ? threads_count(t) : 1;
    double *seen = mem_new(c->values, sizeof *seen, e);
    double *slack = mem_new(c->values, sizeof *slack, e);
    struct run r = { c, samples, seed, seen, slack, NULL, NULL, NULL };
    int status = -1;

    assert(c->queries > 0 && samples > 0);
    r.mean = mem_new(c->values, samples * sizeof *r.mean, e);
    r.beyond = mem_new(pieces, c->values * sizeof *r.beyond, e);
    r.scratch = mem_new(workers, c->values * sizeof *r.scratch, e);
    if (seen != NULL && slack != NULL && r.mean != NULL && r.beyond != NULL &&
        r.scratch != NULL) {
        for (size_t i = 0; i < c->groups * c->values; i++) {
            seen[i % c->values] += c->d[i];
            slack[i % c->values] += ROUNDING * fabs(c->d[i]);
        }
        threads_run(t, pieces, run_piece, &r);
        conclude(&r, pieces, out);
        status = 0;
    }
    free(seen);
    free(slack);
    free(r.mean);
    free(r.beyond);
    free(r.scratch);
    return status;
}
