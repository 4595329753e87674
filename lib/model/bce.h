/*
 * bce.h - binary cross-entropy of logits
 *
 *     p = 1 / (1 + exp(-x))
 *     loss = -(y ln p + (1 - y) ln(1 - p))
 *          = max(x, 0) - x y + ln(1 + exp(-|x|))
 */
#ifndef MODEL_BCE_H
#define MODEL_BCE_H

#include <stddef.h>
#include <stdint.h>

/* The loss summed over the N labels of 0 and 1; GRADIENT [n], which may be
 * LOGIT, becomes WEIGHT (p - y). */
double bce_loss(size_t n, const float *logit, const uint8_t *label,
                double weight, float *gradient);

double bce_probability(double logit);

#endif
