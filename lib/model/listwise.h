/*
 * listwise.h - softmax cross-entropy of lists
 *
 * With the logits s and labels y of a list's rows, of which P > 0 have the
 * label 1,
 *
 *     p[i] = exp(s[i]) / sum over j of exp(s[j])
 *     loss = -sum over i of y[i] / P ln p[i]
 *     d loss / d s[i] = p[i] - y[i] / P
 *
 * which asks of a row with label 1 only to be above those of its own list, and
 * does not change when all logits of a list rise together.
 *
 * This is the top-one loss of ListNet (Z. Cao, T. Qin, T.-Y. Liu, M.-F. Tsai
 * and H. Li, "Learning to Rank: From Pairwise Approach to Listwise Approach",
 * ICML 2007) with the labels' own distribution in the place of their softmax,
 * so that what is not relevant has a share of 0; with such labels it is a bound
 * on the mean reciprocal rank and on nDCG (S. Bruch, X. Wang, M. Bendersky and
 * M. Najork, "An Analysis of the Softmax Cross Entropy Loss for
 * Learning-to-Rank with Binary Relevance", ICTIR 2019).
 */
#ifndef MODEL_LISTWISE_H
#define MODEL_LISTWISE_H

#include <stddef.h>
#include <stdint.h>

/* The loss summed over LISTS lists, list l being the rows START[l] to START[l +
 * 1] - 1, each with a label 1 among them; GRADIENT [START[LISTS]] becomes that
 * of the mean over lists. */
double listwise_loss(size_t lists, const uint32_t *start, const float *logit,
                     const uint8_t *label, float *gradient);

/* The loss of one list of N rows. */
double listwise_loss_of(size_t n, const float *logit, const uint8_t *label);

#endif
