#include "model/ranker_judge.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "metrics/binary.h"
#include "model/bce.h"
#include "model/distinct.h"

/* Rows that go through the network at once: bounds the scratch memory. */
#define CHUNK 4096

struct ranker_judge {
    const struct examples *x;
    float *probability;
    uint32_t *row; /* [CHUNK] */
    struct distinct items;
    bool both_labels;
};

struct ranker_judge *
ranker_judge_new(const struct examples *x, struct error *e)
{
    struct ranker_judge *j = mem_new(1, sizeof *j, e);
    size_t ones = 0;

    if (j == NULL)
        return NULL;
    j->x = x;
    j->probability = mem_new(x->rows, sizeof *j->probability, e);
    j->row = mem_new(CHUNK, sizeof *j->row, e);
    if (j->probability == NULL || j->row == NULL ||
        distinct_init(&j->items, x->tuples, e) != 0) {
        ranker_judge_free(j);
        return NULL;
    }
    for (size_t i = 0; i < x->rows; i++)
        ones += x->label[i] != 0;
    j->both_labels = ones > 0 && ones < x->rows;
    return j;
}

void
ranker_judge_free(struct ranker_judge *j)
{
    if (j == NULL)
        return;
    free(j->probability);
    free(j->row);
    distinct_free(&j->items);
    free(j);
}

static int
score(struct ranker_judge *j, struct ranker *m, struct threads *t,
      struct error *e)
{
    const struct examples *x = j->x;

    for (size_t begin = 0; begin < x->rows; begin += CHUNK) {
        const size_t n = x->rows - begin < CHUNK ? x->rows - begin : CHUNK;
        const float *logit;

        for (size_t i = 0; i < n; i++)
            j->row[i] = (uint32_t)(begin + i);
        if (distinct_find(&j->items, x->item + begin, NULL, n, e) != 0)
            return -1;
        logit = ranker_score(m, x->column, n, j->row, &j->items, t, e);
        if (logit == NULL)
            return -1;
        for (size_t i = 0; i < n; i++)
            j->probability[begin + i] =
                (float)bce_probability((double)logit[i]);
    }
    return 0;
}

int
ranker_judge_measure(struct ranker_judge *j, struct ranker *m,
                     struct threads *t, struct ranker_figures *f,
                     struct error *e)
{
    const struct examples *x = j->x;

    if (score(j, m, t, e) != 0)
        return -1;
    f->accuracy = binary_accuracy(j->probability, x->label, x->rows);
    f->log_loss = binary_log_loss(j->probability, x->label, x->rows);
    f->auc = (double)NAN;
    if (j->both_labels)
        return binary_auc(j->probability, x->label, x->rows, &f->auc, e);
    return 0;
}
