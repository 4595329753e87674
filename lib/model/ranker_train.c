#include "model/ranker_train.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "model/bce.h"
#include "model/distinct.h"
#include "model/listwise.h"
#include "model/vector.h"

struct ranker_work {
    struct ranker *model;
    const struct examples *x;
    struct ranker_options options;
    struct optimizer *optimizer;
    struct distinct items; /* the distinct tuples of the batch */
    struct floats dlogit;
    uint8_t *label; /* of the batch */
    size_t label_cap;
    struct ids row, start; /* of the batch's lists, when there are lists */
    char *names;           /* of the average's tensors */
    float grade[EXAMPLES_GRADES_MAX]; /* the different ones, from the least */
};

static int
list_tensors(struct ranker_train *t, struct error *e)
{
    const struct network *net = t->work->model->net;
    const struct optimizer *o = t->work->optimizer;

    const struct ranker *average = t->work->options.average;
    const size_t averages = average != NULL ? net->tensors : 0;

    t->tensors = averages + net->tensors + o->states;
    t->tensor = mem_new(t->tensors, sizeof *t->tensor, e);
    t->work->names = mem_new(averages, TENSOR_NAME_MAX, e);
    if (t->tensor == NULL || t->work->names == NULL)
        return -1;
    for (size_t i = 0; i < averages; i++) {
        char *name = t->work->names + i * TENSOR_NAME_MAX;

        snprintf(name, TENSOR_NAME_MAX, "average.%s", net->tensor[i].name);
        t->tensor[i] = average->net->tensor[i];
        t->tensor[i].name = name;
    }
    for (size_t i = 0; i < net->tensors; i++)
        t->tensor[averages + i] = net->tensor[i];
    for (size_t i = 0; i < o->states; i++)
        t->tensor[averages + net->tensors + i] = o->state[i];
    return 0;
}

struct ranker_train *
ranker_train_new(struct ranker *model, const struct examples *x,
                 const struct ranker_options *options, struct error *e)
{
    struct ranker_train *t = mem_new(1, sizeof *t, e);
    struct ranker_work *w;
    size_t grades;

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
    if (ranker_outputs(model) > 1 &&
        (examples_grades(x, w->grade, &grades, e) != 0 ||
         grades != ranker_outputs(model))) {
        error_set(e, "the model has outputs for other grades");
        goto fail;
    }
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
        free(w->names);
        free(w->row.v);
        free(w->start.v);
    }
    free(w);
    free(t->tensor);
    free(t);
}

/* Row R's label, and whether its grade is at least each threshold. */
static void
labels_of(const struct ranker_work *w, uint32_t r, size_t outputs,
          uint8_t *label)
{
    label[0] = w->x->label[r];
    for (size_t k = 1; k < outputs; k++)
        label[k] = w->x->grade[r] >= w->grade[k];
}

/* Learn from N rows, or from LISTS lists that have these rows. */
static const struct gradient *
gradient(struct ranker_train *t, const uint32_t *row, size_t n, size_t lists,
         struct threads *threads, double *loss, struct error *e)
{
    struct ranker_work *w = t->work;
    const struct dropout drop = { w->options.drop, w->options.seed,
                                  t->steps + 1, w->options.hidden };
    const size_t outputs = ranker_outputs(w->model);
    const struct batch b = {
        .column = w->x->column,
        .n = n,
        .row = row,
        .items = &w->items,
        .drop = drop.rate != NULL || drop.hidden > 0 ? &drop : NULL,
    };
    uint8_t *label =
        mem_grow(w->label, &w->label_cap, n * outputs, sizeof *label, e);
    const float *logit;

    if (label == NULL)
        return NULL;
    w->label = label;
    if (distinct_find(&w->items, w->x->item, row, n, e) != 0 ||
        distinct_group(&w->items, e) != 0 ||
        floats_room(&w->dlogit, n * outputs, e) != 0)
        return NULL;
    logit = pass_forward(w->model->pass, &b, true, threads, e);
    if (logit == NULL)
        return NULL;
    for (size_t i = 0; i < n; i++)
        labels_of(w, row[i], outputs, label + i * outputs);
    *loss = w->options.lists != NULL
                ? listwise_loss(lists, w->start.v, logit, label, w->dlogit.v)
                : bce_loss(n * outputs, logit, label, w->dlogit.v);
    if (outputs > 1) /* the mean is over rows */
        vector_scale(n * outputs, (float)outputs, w->dlogit.v, w->dlogit.v);
    if (!isfinite(*loss)) {
        error_set(e, "step %" PRIu64 ": loss is not a number", t->steps + 1);
        return NULL;
    }
    return pass_backward(w->model->pass, w->dlogit.v, threads);
}

const struct gradient *
ranker_gradient(struct ranker_train *t, const uint32_t *row, size_t n,
                struct threads *threads, double *loss, struct error *e)
{
    struct ranker_work *w = t->work;

    if (w->options.lists == NULL)
        return gradient(t, row, n, 0, threads, loss, e);
    if (groups_rows(w->options.lists, row, n, &w->row, &w->start, e) != 0)
        return NULL;
    return gradient(t, w->row.v, w->start.v[n], n, threads, loss, e);
}

static void
add_to_average(const struct ranker_train *t, struct threads *threads)
{
    const struct ranker_options *o = &t->work->options;
    const double n = (double)t->steps;
    const double keep = fmin(o->keep, n / (n + 10));

    ranker_mix(o->average, (float)keep, t->work->model, threads);
}

int
ranker_step(struct ranker_train *t, const uint32_t *row, size_t n,
            struct threads *threads, double *loss, struct error *e)
{
    const struct gradient *g = ranker_gradient(t, row, n, threads, loss, e);

    if (g == NULL)
        return -1;
    optimizer_step(t->work->optimizer, g, ++t->steps, threads);
    if (t->work->options.average != NULL)
        add_to_average(t, threads);
    return 0;
}
