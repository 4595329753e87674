/*
 * mean.h - the mean of numbers, and how far to trust it
 *
 * What is kept are exact sums, base/sum.h, so the order in which numbers come
 * does not matter, and means of parts can be merged.
 */
#ifndef METRICS_MEAN_H
#define METRICS_MEAN_H

#include <math.h>

#include "base/sum.h"

/* Start from = { 0 }. */
struct mean {
    uint64_t n;
    struct sum sum, squares;
};

static inline void
mean_add(struct mean *m, double v)
{
    m->n++;
    sum_add(&m->sum, v);
    sum_add_product(&m->squares, v, v);
}

/* N > 0. */
static inline double
mean_value(const struct mean *m)
{
    return sum_value(&m->sum) / (double)m->n;
}

/* Half the width of the 95 % confidence interval of the mean, by the normal
 * approximation: 1.96 s / sqrt(n), where s^2 is the sum of squared distances
 * from the mean by n - 1.  NaN when n < 2. */
static inline double
mean_ci95(const struct mean *m)
{
    const double n = (double)m->n;

    if (m->n < 2)
        return (double)NAN;
    return 1.96 * sqrt(sum_spread(m->n, &m->sum, &m->squares) / (n - 1)) / n;
}

#endif
