/*
 * mean.h - the mean of numbers as they come, and how far to trust it
 *
 * One pass with Welford's update, which does not cancel: B. P. Welford, "Note
 * on a method for calculating corrected sums of squares and products",
 * Technometrics 4 (1962).
 */
#ifndef METRICS_MEAN_H
#define METRICS_MEAN_H

#include <math.h>
#include <stdint.h>

/* Start from = { 0 }. */
struct mean {
    uint64_t n;
    double value;   /* the mean so far */
    double squares; /* the sum of squared distances from it */
};

static inline void
mean_add(struct mean *m, double v)
{
    const double before = v - m->value;

    m->n++;
    m->value += before / (double)m->n;
    m->squares += before * (v - m->value);
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
