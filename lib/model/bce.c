#include "model/bce.h"

#include <math.h>

/* SMALL is exp(-|logit|), which never overflows. */
static double
probability(double logit, double small)
{
    return (logit >= 0 ? 1 : small) / (1 + small);
}

double
bce_probability(double logit)
{
    return probability(logit, exp(-fabs(logit)));
}

double
bce_loss(size_t n, const float *logit, const uint8_t *label, double weight,
         float *gradient)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++) {
        const double x = (double)logit[i], y = label[i];
        const double small = exp(-fabs(x));

        sum += (x > 0 ? x : 0) - x * y + log1p(small);
        gradient[i] = (float)(weight * (probability(x, small) - y));
    }
    return sum;
}
