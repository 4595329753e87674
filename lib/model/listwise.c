#include "model/listwise.h"

#include <assert.h>
#include <math.h>

/* ln of the sum of exp(logit), which never overflows; *ONES labels are 1, and
 * *CHOSEN is the sum of their logits. */
static double
look(size_t n, const float *logit, const uint8_t *label, double *ones,
     double *chosen)
{
    double largest = -(double)INFINITY, sum = 0;

    assert(n > 0); /* a list without a row has no label 1 */
    *ones = *chosen = 0;
    for (size_t i = 0; i < n; i++) {
        largest = fmax(largest, (double)logit[i]);
        if (label[i] != 0) {
            *ones += 1;
            *chosen += (double)logit[i];
        }
    }
    for (size_t i = 0; i < n; i++)
        sum += exp((double)logit[i] - largest);
    return largest + log(sum);
}

double
listwise_loss_of(size_t n, const float *logit, const uint8_t *label)
{
    double ones, chosen;
    const double all = look(n, logit, label, &ones, &chosen);

    return all - chosen / ones;
}

double
listwise_loss(size_t lists, const uint32_t *start, const float *logit,
              const uint8_t *label, float *gradient)
{
    double loss = 0;

    for (size_t l = 0; l < lists; l++) {
        const size_t from = start[l], n = start[l + 1] - from;
        double ones, chosen;
        const double all = look(n, logit + from, label + from, &ones, &chosen);

        loss += all - chosen / ones;
        for (size_t i = from; i < from + n; i++) {
            const double p = exp((double)logit[i] - all);
            const double y = label[i] != 0 ? 1 / ones : 0;

            gradient[i] = (float)((p - y) / (double)lists);
        }
    }
    return loss;
}
