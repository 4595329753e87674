#include "model/ranker_judge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "metrics/binary.h"
#include "metrics/ranking.h"
#include "model/bce.h"
#include "model/distinct.h"
#include "model/listwise.h"
#include "retrieval/topk.h"

/* Rows that go through the network at once: bounds the scratch memory. */
#define CHUNK 4096

#define NDCG_DEPTH 10

struct ranker_judge {
    const struct examples *x;
    const struct groups *lists; /* or NULL */
    float *probability;
    float *logit;  /* with lists */
    uint32_t *row; /* [CHUNK] */
    struct distinct items;
    bool both_labels;
    /* For the order of a list: */
    uint64_t *key;
    size_t key_cap;
    struct ids order, relevant;
    struct hits hits;
};

struct ranker_judge *
ranker_judge_new(const struct examples *x, const struct groups *lists,
                 struct error *e)
{
    struct ranker_judge *j = mem_new(1, sizeof *j, e);
    size_t ones = 0;

    if (j == NULL)
        return NULL;
    j->x = x;
    j->lists = lists;
    if (lists != NULL)
        j->logit = mem_new(x->rows, sizeof *j->logit, e);
    j->probability = mem_new(x->rows, sizeof *j->probability, e);
    j->row = mem_new(CHUNK, sizeof *j->row, e);
    if (j->probability == NULL || j->row == NULL ||
        (lists != NULL && j->logit == NULL) ||
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
    free(j->logit);
    free(j->key);
    free(j->order.v);
    free(j->relevant.v);
    hits_free(&j->hits);
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
        if (j->lists != NULL)
            memcpy(j->logit + begin, logit, n * sizeof *logit);
        for (size_t i = 0; i < n; i++)
            j->probability[begin + i] =
                (float)bce_probability((double)logit[i]);
    }
    return 0;
}

/* nDCG of the rows BEGIN to END - 1, called 1, 2, ... as they come. */
static int
list_ndcg(struct ranker_judge *j, size_t begin, size_t end, double *ndcg,
          struct error *e)
{
    const size_t n = end - begin;
    uint64_t *key = mem_grow(j->key, &j->key_cap, n, sizeof *key, e);
    size_t relevant = 0;

    if (key == NULL)
        return -1;
    j->key = key;
    if (ids_room(&j->order, n, e) != 0 || ids_room(&j->relevant, n, e) != 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        if (isnan(j->logit[begin + i]))
            return error_set(e, "a score is not a number");
        key[i] = topk_key(j->logit[begin + i], (uint32_t)i + 1);
        if (j->x->label[begin + i] != 0)
            j->relevant.v[relevant++] = (uint32_t)i + 1;
    }
    topk_sort(key, n);
    for (size_t i = 0; i < n; i++)
        j->order.v[i] = topk_key_id(key[i]);
    if (hits_relevant(&j->hits, j->relevant.v, NULL, relevant, e) != 0)
        return -1;
    hits_find(&j->hits, j->order.v, n);
    *ndcg = metric_ndcg(&j->hits, NDCG_DEPTH, &conventions[0]); /* trec */
    return 0;
}

static int
measure_lists(struct ranker_judge *j, struct ranker_figures *f, struct error *e)
{
    const struct groups *g = j->lists;
    double loss = 0, ndcg = 0;

    for (size_t l = 0; l < g->n; l++) {
        const size_t begin = g->begin.v[l], end = g->end.v[l];
        double one = 0;

        if (list_ndcg(j, begin, end, &one, e) != 0)
            return -1;
        ndcg += one;
        loss += listwise_loss_of(end - begin, j->logit + begin,
                                 j->x->label + begin);
    }
    f->list_loss = loss / (double)g->n;
    f->ndcg_10 = ndcg / (double)g->n;
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
    f->auc = f->list_loss = f->ndcg_10 = (double)NAN;
    if (j->lists != NULL && measure_lists(j, f, e) != 0)
        return -1;
    if (j->both_labels)
        return binary_auc(j->probability, x->label, x->rows, &f->auc, e);
    return 0;
}
