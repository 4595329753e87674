#include "model/predict.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Rows that go through the network at once: bounds the scratch memory. */
#define CHUNK 2048

struct predict {
    struct ranker *model;
    struct feature_values *column; /* [features]: from a chunk's first row on */
    uint32_t *row;                 /* [CHUNK]: 0, 1, ... */
    struct distinct items;         /* every row has its own */
};

struct predict *
predict_new(struct ranker *m, struct error *e)
{
    struct predict *p = mem_new(1, sizeof *p, e);

    if (p == NULL)
        return NULL;
    p->model = m;
    p->column = mem_new(m->net->features, sizeof *p->column, e);
    p->row = mem_new(CHUNK, sizeof *p->row, e);
    if (p->column == NULL || p->row == NULL ||
        distinct_init(&p->items, CHUNK, e) != 0) {
        predict_free(p);
        return NULL;
    }
    for (uint32_t i = 0; i < CHUNK; i++)
        p->row[i] = i;
    return p;
}

void
predict_free(struct predict *p)
{
    if (p == NULL)
        return;
    free(p->column);
    free(p->row);
    distinct_free(&p->items);
    free(p);
}

int
predict_rows(struct predict *p, const struct feature_values *column,
             size_t rows, struct threads *t, float *logit, size_t *bad,
             struct error *e)
{
    const struct network *net = p->model->net;

    *bad = 0;
    for (size_t begin = 0; begin < rows; begin += CHUNK) {
        const size_t n = rows - begin < CHUNK ? rows - begin : CHUNK;
        const float *found;

        for (size_t f = 0; f < net->features; f++)
            p->column[f] = feature_values_from(&column[f], begin);
        if (distinct_find(&p->items, p->row, NULL, n, e) != 0)
            return -1;
        found = ranker_score(p->model, p->column, n, NULL, &p->items, t, e);
        if (found == NULL)
            return -1;
        memcpy(logit + begin, found, n * sizeof *logit);
        for (size_t i = 0; i < n; i++)
            if (isnan(found[i])) {
                *bad = begin + i;
                return error_set(e, "the score is not a number");
            }
    }
    return 0;
}
