/*
 * compare.h - two rates, measured in turns
 *
 * Each row that is printed is a ratio of two rates, of a kernel and of sgemm or
 * of something else that is named, which take turns; what is printed is the
 * median of the ratios and of either rate.  One thread is timed by the
 * processor time that it used, so that others on the machine hardly matter; two
 * threads by the clock.  TSV: name, threads, ratio, ours, reference, unit.
 */
#ifndef BENCH_COMPARE_H
#define BENCH_COMPARE_H

#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/rng.h"
#include "base/threads.h"

enum {
    SQUARE = 1024, /* of the reference product */
    ROUNDS_MAX = 1001
};

static size_t rounds = 11;

/* End the program unless STATUS is 0. */
static inline void
must(int status, const struct error *e)
{
    if (status != 0) {
        fprintf(stderr, "bench: %s\n", e->text);
        exit(EXIT_FAILURE);
    }
}

/* A side: work that is done again and again, and how much it is. */
struct side {
    void (*run)(void *ctx, struct threads *t);
    void *ctx;
    double work; /* in a run: operations, or 1 */
};

static inline double
now(const struct threads *t)
{
    const clockid_t clock =
        threads_count(t) == 1 ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC;
    struct timespec at;

    (void)clock_gettime(clock, &at);
    return (double)at.tv_sec + (double)at.tv_nsec * 1e-9;
}

static inline double
rate(const struct side *s, struct threads *t)
{
    const double start = now(t);

    s->run(s->ctx, t);
    return s->work / (now(t) - start);
}

static inline int
ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static inline double
median(double *v)
{
    qsort(v, rounds, sizeof *v, ascending);
    return v[rounds / 2];
}

/* Print a row; SCALE turns a rate into UNIT. */
static inline void
compare(const char *name, const struct side *ours, struct threads *ours_on,
        const struct side *reference, struct threads *reference_on,
        double scale, const char *unit)
{
    double ratio[ROUNDS_MAX], a[ROUNDS_MAX], b[ROUNDS_MAX];

    (void)rate(ours, ours_on);
    (void)rate(reference, reference_on);
    for (size_t i = 0; i < rounds; i++) {
        a[i] = rate(ours, ours_on);
        b[i] = rate(reference, reference_on);
        ratio[i] = a[i] / b[i];
    }
    printf("%s\t%u\t%.3f\t%.3f\t%.3f\t%s\n", name, threads_count(ours_on),
           median(ratio), median(a) * scale, median(b) * scale, unit);
    (void)fflush(stdout);
}

/* c[m, n] = a b + beta c; all matrices as they come. */
static inline void
sgemm(enum CBLAS_TRANSPOSE ta, enum CBLAS_TRANSPOSE tb, size_t m, size_t n,
      size_t k, const float *a, size_t lda, const float *b, size_t ldb,
      float beta, float *c, size_t ldc)
{
    cblas_sgemm(CblasRowMajor, ta, tb, (int)m, (int)n, (int)k, 1, a, (int)lda,
                b, (int)ldb, beta, c, (int)ldc);
}

/* The reference: each of two threads does half of the products. */

struct products {
    size_t times;
    float *a, *b, *c; /* c: of each thread */
};

static inline void
square_piece(void *ctx, size_t piece, unsigned worker)
{
    const struct products *p = ctx;

    (void)piece;
    sgemm(CblasNoTrans, CblasNoTrans, SQUARE, SQUARE, SQUARE, p->a, SQUARE,
          p->b, SQUARE, 0, p->c + worker * (size_t)SQUARE * SQUARE, SQUARE);
}

static inline void
square(void *ctx, struct threads *t)
{
    const struct products *p = ctx;

    threads_run(t, p->times, square_piece, ctx);
}

static inline float *
new_floats(size_t n)
{
    struct error e;
    struct rng r = rng_for(1, 2, 3);
    float *v = mem_new(n, sizeof *v, &e);

    must(v != NULL ? 0 : -1, &e);
    for (size_t i = 0; i < n; i++)
        v[i] = rng_f32(&r) - 0.5f;
    return v;
}

#endif
