/*
 * Intervals and p-values against what they estimate: against the exact answer
 * where it can be enumerated, against the normal law where it holds, and
 * against their promise over many experiments.
 */
#include "base/rng.h"
#include "check.h"
#include "metrics/compare.h"

/* One value a query: A is 0.5, B that and D. */
static struct comparison
run(const double *d, const uint32_t *group, size_t n, size_t samples,
    unsigned threads)
{
    struct error e;
    struct compare *c = compare_new(1, &e);
    struct threads *t = threads_new(threads, &e);
    struct comparison out;

    for (size_t i = 0; i < n; i++) {
        const double a = 0.5, b = 0.5 + d[i];

        or_stop(
            compare_add(c, group != NULL ? group[i] : (uint32_t)i, &a, &b, &e),
            &e);
    }
    or_stop(compare_run(c, samples, 1, t, &out, &e), &e);
    threads_free(t);
    compare_free(c);
    return out;
}

/* Ten differences, all 1,024 ways to exchange the names; some sums are equal.
 */
static void
check_p(void)
{
    enum { N = 10, SAMPLES = 40000 };
    static const double d[N] = { .1, .2, -.1, .3, .1, 0, .2, -.2, .4, .1 };
    struct comparison c;
    double seen = 0, beyond = 0, exact;

    for (int i = 0; i < N; i++)
        seen += d[i];
    for (int way = 0; way < 1 << N; way++) {
        double sum = 0;

        for (int i = 0; i < N; i++)
            sum += way >> i & 1 ? d[i] : -d[i];
        beyond += fabs(sum) > fabs(seen) - 1e-9;
    }
    exact = beyond / (1 << N);
    c = run(d, NULL, N, SAMPLES, 1);
    CHECK(fabs(c.p - exact) < 4 * sqrt(exact * (1 - exact) / SAMPLES),
          "p is %g, not %g", c.p, exact);
    check_close("difference", c.difference, seen / N, 1e-12);
    check_close("a", c.a, 0.5, 1e-12);
    check_close("b", c.b, 0.5 + seen / N, 1e-12);
}

/* The percentiles of the means of three from three, each of 27 draws alike. */
static void
check_small_interval(void)
{
    static const double d[] = { 0, 3, 30 };
    const struct comparison c = run(d, NULL, 3, 20000, 1);

    /* Below 2.5 % there is none: the smallest, 0 three times, has 1/27. */
    check_close("low", c.low, 0, 1e-9);
    check_close("high", c.high, 30, 1e-9);
}

static void
check_interval(void)
{
    enum { N = 800 };
    static double d[4 * N];
    static uint32_t group[4 * N];
    struct rng r = { 11 };
    struct comparison alone, grouped, again;
    double mean = 0, squares = 0, half;

    for (size_t i = 0; i < N; i++) {
        d[i] = 0.02 + 0.2 * rng_normal(&r);
        mean += d[i] / N;
    }
    for (size_t i = 0; i < N; i++)
        squares += (d[i] - mean) * (d[i] - mean);
    half = 1.96 * sqrt(squares / (N - 1) / N);
    alone = run(d, NULL, N, 10000, 1);
    check_close("half", (alone.high - alone.low) / 2, half, 0.05);
    check_close("middle", (alone.high + alone.low) / 2, mean, 0.05);
    /* Normal theory again: p = 2 (1 - Phi(mean / se)). */
    check_close("p", alone.p, erfc(mean / (half / 1.96) / sqrt(2)), 0.3);

    /* Every query four times teaches nothing when that is known ... */
    for (size_t i = N; i-- > 0;)
        for (size_t j = 0; j < 4; j++) {
            d[4 * i + j] = d[i];
            group[4 * i + j] = (uint32_t)i;
        }
    grouped = run(d, group, 4 * N, 10000, 1);
    check_close("grouped low", grouped.low, alone.low, 1e-9);
    check_close("grouped high", grouped.high, alone.high, 1e-9);
    check_close("grouped p", grouped.p, alone.p, 0);
    /* ... and looks like four times the data when not. */
    again = run(d, NULL, 4 * N, 10000, 3);
    check_close("ungrouped", again.high - again.low,
                (alone.high - alone.low) / 2, 0.05);
    again = run(d, group, 4 * N, 10000, 3);
    CHECK(again.low == grouped.low && again.high == grouped.high &&
              again.p == grouped.p,
          "another number of threads, another result");
}

/* Where there is no difference, one experiment in twenty finds one at .05, and
 * one interval in twenty or somewhat more misses 0. */
static void
check_promise(void)
{
    enum { EXPERIMENTS = 600, N = 30 };
    struct rng r = { 5 };
    int significant = 0, missed = 0;

    for (int x = 0; x < EXPERIMENTS; x++) {
        double d[N];
        struct comparison c;

        for (int i = 0; i < N; i++)
            d[i] = rng_normal(&r);
        c = run(d, NULL, N, 400, 1);
        significant += c.p <= 0.05;
        missed += c.low > 0 || c.high < 0;
    }
    /* 30 expected, standard deviation 5.3 */
    CHECK(significant > 9 && significant < 51, "%d of %d are significant",
          significant, EXPERIMENTS);
    CHECK(missed > 9 && missed < 60, "%d of %d intervals miss 0", missed,
          EXPERIMENTS);
}

int
main(void)
{
    check_p();
    check_small_interval();
    check_interval();
    check_promise();
    return check_status();
}
