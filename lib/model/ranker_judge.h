/*
 * ranker_judge.h - how well the ranker tells labels apart, while it learns
 */
#ifndef MODEL_RANKER_JUDGE_H
#define MODEL_RANKER_JUDGE_H

#include "base/threads.h"
#include "model/examples.h"
#include "model/groups.h"
#include "model/ranker.h"

struct ranker_figures {
    double accuracy, log_loss; /* metrics/binary.h */
    double auc;                /* NaN when all labels are the same */
    /* Of the rows' lists, NaN when there are none: */
    double list_loss; /* the mean of listwise.h's */
    double ndcg_10;   /* the mean nDCG at 10 of the lists in the order of the
                         logits, equal ones as they come; what is relevant and
                         in no row is not known */
};

struct ranker_judge; /* opaque */

/* X has labels and the model's features; its LISTS may be NULL.  Both are
 * borrowed.  Memory: 12 bytes a row, 4 more with lists. */
struct ranker_judge *ranker_judge_new(const struct examples *x,
                                      const struct groups *lists,
                                      struct error *e);
void ranker_judge_free(struct ranker_judge *j); /* NULL is fine */

int ranker_judge_measure(struct ranker_judge *j, struct ranker *m,
                         struct threads *t, struct ranker_figures *f,
                         struct error *e);

#endif
