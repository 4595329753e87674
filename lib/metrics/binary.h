/*
 * binary.h - how good scores of yes-or-no questions are
 *
 * LABEL is 0 or 1, anything but 0 counting as 1.
 */
#ifndef METRICS_BINARY_H
#define METRICS_BINARY_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/*
 * The area under the ROC curve: the chance that a random positive row has a
 * higher score than a random negative one, ties counted half.  Taken by ranks
 * in n log n (J. Hanley and B. McNeil, "The meaning and use of the area under
 * a receiver operating characteristic (ROC) curve", Radiology 143, 1982; the
 * statistic of Mann and Whitney).  -1 when there is a NaN, or when only one of
 * the two labels is there.  Memory: 8 bytes a row.
 */
int binary_auc(const float *score, const uint8_t *label, size_t n, double *auc,
               struct error *e);

/* Share of rows where (probability > 0.5) is the label: Keras' BinaryAccuracy.
 * N > 0. */
double binary_accuracy(const float *probability, const uint8_t *label,
                       size_t n);

/*
 * Mean of -ln p over positive and of -ln(1 - p) over negative rows, where p is
 * the probability brought into [1e-7, 1 - 1e-7] as Keras does.  N > 0.
 */
double binary_log_loss(const float *probability, const uint8_t *label,
                       size_t n);

#endif
