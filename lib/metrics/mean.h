/*
 * mean.h - the mean of numbers as they come, and how far to trust it
 *
 * One pass; the spread by Welford's update, which does not cancel: B. P.
 * Welford, "Note on a method for calculating corrected sums of squares and
 * products", Technometrics 4 (1962).
 */
#ifndef METRICS_MEAN_H
#define METRICS_MEAN_H

#include <math.h>
#include <stdint.h>

/* Start from = { 0 }. */
struct mean {
    uint64_t n;
    double sum;     /* exact where the numbers are whole, such as hits */
    double center;  /* the mean so far as Welford's update has it */
    double squares; /* the sum of squared distances from it */
};

static inline void
mean_add(struct mean *m, double v)
{
    const double before = v - m->center;

    m->n++;
    m->sum += v;
    m->center += before / (double)m->n;
    m->squares += before * (v - m->center);
}

/* N > 0. */
static inline double
mean_value(const struct mean *m)
{
    return m->sum / (double)m->n;
}

/* Half the width of the 95 % confidence interval of the mean, by the normal
 * approximation: 1.96 s / sqrt(n), s^2 = squares / (n - 1).  NaN when n < 2. */
static inline double
mean_ci95(const struct mean *m)
{
    if (m->n < 2)
        return (double)NAN;
    return 1.96 * sqrt(m->squares / (double)(m->n - 1) / (double)m->n);
}

#endif
