#include "model/bce.h"

#include <math.h>

double
bce_probability(double logit)
{
    const double small = exp(-fabs(logit)); /* never overflows */

    return logit >= 0 ? 1 / (1 + small) : small / (1 + small);
}

double
bce_loss(size_t n, const float *logit, const uint8_t *label, double weight,
         float *gradient)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++) {
        const double x = (double)logit[i], y = label[i];

        sum += (x > 0 ? x : 0) - x * y + log1p(exp(-fabs(x)));
        gradient[i] = (float)(weight * (bce_probability(x) - y));
    }
    return sum;
}
