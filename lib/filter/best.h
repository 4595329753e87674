/*
 * best.h - early stopping: the parameters as they were at their best
 *
 * After each validation one figure is looked at.  When it is better than ever
 * before, the parameters are copied; when that is long ago, training ends, and
 * the copy is the model (L. Prechelt, "Early Stopping - But When?", 1998).
 *
 * Memory: another copy of the parameters.
 */
#ifndef FILTER_BEST_H
#define FILTER_BEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/tensor.h"

/* How it stands: part of a checkpoint. */
struct best_so_far {
    uint64_t epoch; /* epochs done when it was best; 0: not judged yet */
    uint64_t since; /* judgements since then */
    double value;   /* the figure, then */
};

struct best {
    const struct tensor *parameter;
    size_t n;
    struct tensor *tensor; /* [n], the copy: "best.query.0.kernel", ... */
    float *value;          /* what these point into */
    char *names;
};

/* Dies when there is no memory.  PARAMETER [N] is borrowed. */
void best_init(struct best *b, const struct tensor *parameter, size_t n);
void best_free(struct best *b); /* a zeroed one is fine */

/* The figure is VALUE, no NaN, after EPOCH epochs; the first one, and one that
 * is strictly better than SO_FAR, makes a copy.  FALLS: lower is better. */
void best_judge(struct best *b, struct best_so_far *so_far, uint64_t epoch,
                double value, bool falls);

/* Copy the best back to where they came from. */
void best_restore(const struct best *b);

#endif
