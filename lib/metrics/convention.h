/*
 * convention.h - what is meant by nDCG, recall, precision and MAP
 *
 * These names are given to different numbers.  Let R be the number of relevant
 * items of a query, g >= 0 an item's gain (above 0: relevant), k the depth, L
 * the length of the list, n its hits up to rank k, and
 *
 *     DCG(g_1, g_2, ... g_m) = sum over i = 1 .. m of G(g_i) / log2(i + 1)
 *
 *                trec      ms      exp        dacrema        liang
 *     G(g)        g        1     2^g - 1      2^g - 1          1
 *     ideal DCG of the largest gains, as many as
 *              min(k, R) min(k, R) min(k, R)     R         min(k, R)
 *     recall     n / R   n / R    n / R        n / R      n / min(k, R)
 *     precision  n / k   n / k    n / k     n / min(k, L)    n / k
 *     AP is the sum of the precisions at the hits up to rank k, over
 *                 R        R        R      min(k, L, R)    min(k, R)
 *
 * and where every gain is 1, trec, ms and exp are the same.
 *
 *     trec     trec_eval's ndcg_cut, recall, P and map_cut: K. Jarvelin and
 *              J. Kekalainen, ACM TOIS 20 (2002)
 *     ms       Microsoft recommenders, python_evaluation.py: ndcg_at_k
 *              (binary), recall_at_k, precision_at_k and map; the nDCG of
 *              RecBole and implicit
 *     exp      C. Burges et al., "Learning to rank using gradient descent",
 *              ICML 2005; LightGBM, XGBoost
 *     dacrema  M. Ferrari Dacrema et al., "A troubling analysis of
 *              reproducibility and progress in recommender systems research",
 *              ACM TOIS 39 (2021), and their Base/Evaluation/metrics.py
 *     liang    D. Liang et al., "Variational autoencoders for collaborative
 *              filtering", WWW 2018: Recall@k and NDCG@k.  AP by min(k, R) is
 *              map_at_k of Microsoft recommenders, and Kaggle's
 *     hit      each relevant item is a case of its own, in which it is the only
 *              one: recall@k and hit@k are then the hit rate, and nDCG is
 *              1 / log2(1 + rank).  X. He et al., "Neural collaborative
 *              filtering", WWW 2017, and others who leave one out
 */
#ifndef METRICS_CONVENTION_H
#define METRICS_CONVENTION_H

#include <stdbool.h>

enum gain { GAIN_LINEAR, GAIN_BINARY, GAIN_EXPONENTIAL };

struct convention {
    const char *name;
    enum gain gain;           /* G */
    bool ideal_of_all;        /* ideal: R, not min(k, R) */
    bool recall_by_depth;     /* over min(k, R), not R */
    bool precision_by_length; /* over min(k, L), not k */
    bool map_by_depth;        /* over min(k, R), not R */
    bool each;                /* relevant item is a case of its own */
};

#define CONVENTIONS 6
extern const struct convention conventions[CONVENTIONS]; /* trec first */

#endif
