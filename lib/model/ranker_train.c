#include "model/ranker_train.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "model/bce.h"
#include "model/distinct.h"

struct ranker_work {
    struct ranker *model;
    const struct examples *x;
    struct ranker_options options;
    struct optimizer *optimizer;
    struct distinct items; /* the distinct tuples of the batch */
    struct floats dlogit;
    uint8_t *label; /* of the batch */
    size_t label_cap;
};

static int
list_tensors(struct ranker_train *t, struct error *e)
{
    const struct network *net = t->work->model->net;
    const struct optimizer *o = t->work->optimizer;

    t->tensors = net->tensors + o->states;
    t->tensor = mem_new(t->tensors, sizeof *t->tensor, e);
    if (t->tensor == NULL)
        return -1;
    for (size_t i = 0; i < net->tensors; i++)
        t->tensor[i] = net->tensor[i];
    for (size_t i = 0; i < o->states; i++)
        t->tensor[net->tensors + i] = o->state[i];
    return 0;
}

struct ranker_train *
ranker_train_new(struct ranker *model, const struct examples *x,
                 const struct ranker_options *options, struct error *e)
{
    struct ranker_train *t = mem_new(1, sizeof *t, e);
    struct ranker_work *w;

    assert(x->label != NULL);
    if (t == NULL)
        return NULL;
    t->work = w = mem_new(1, sizeof *w, e);
    if (w == NULL)
        goto fail;
    w->model = model;
    w->x = x;
    w->options = *options;
    w->optimizer = optimizer_new(&options->optimizer, model->net->tensor,
                                 model->net->tensors, e);
    if (w->optimizer == NULL || distinct_init(&w->items, x->tuples, e) != 0 ||
        list_tensors(t, e) != 0)
        goto fail;
    return t;
fail:
    ranker_train_free(t);
    return NULL;
}

void
ranker_train_free(struct ranker_train *t)
{
    struct ranker_work *w;

    if (t == NULL)
        return;
    w = t->work;
    if (w != NULL) {
        optimizer_free(w->optimizer);
        distinct_free(&w->items);
        free(w->dlogit.v);
        free(w->label);
    }
    free(w);
    free(t->tensor);
    free(t);
}

const struct gradient *
ranker_gradient(struct ranker_train *t, const uint32_t *row, size_t n,
                struct threads *threads, double *loss, struct error *e)
{
    struct ranker_work *w = t->work;
    const struct dropout drop = { w->options.drop, w->options.seed,
                                  t->steps + 1 };
    const struct batch b = {
        .column = w->x->column,
        .n = n,
        .row = row,
        .items = &w->items,
        .drop = w->options.drop != NULL ? &drop : NULL,
    };
    uint8_t *label = mem_grow(w->label, &w->label_cap, n, sizeof *label, e);
    const float *logit;

    if (label == NULL)
        return NULL;
    w->label = label;
    if (distinct_find(&w->items, w->x->item, row, n, e) != 0 ||
        distinct_group(&w->items, e) != 0 || floats_room(&w->dlogit, n, e) != 0)
        return NULL;
    logit = pass_forward(w->model->pass, &b, true, threads, e);
    if (logit == NULL)
        return NULL;
    for (size_t i = 0; i < n; i++)
        label[i] = w->x->label[row[i]];
    *loss = bce_loss(n, logit, label, w->dlogit.v);
    if (!isfinite(*loss)) {
        error_set(e, "step %" PRIu64 ": loss is not a number", t->steps + 1);
        return NULL;
    }
    return pass_backward(w->model->pass, w->dlogit.v, threads);
}

int
ranker_step(struct ranker_train *t, const uint32_t *row, size_t n,
            struct threads *threads, double *loss, struct error *e)
{
    const struct gradient *gradient =
        ranker_gradient(t, row, n, threads, loss, e);

    if (gradient == NULL)
        return -1;
    optimizer_step(t->work->optimizer, gradient, ++t->steps, threads);
    return 0;
}
