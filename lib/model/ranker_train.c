#include "model/ranker_train.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/bce.h"
#include "model/distinct.h"
#include "model/listwise.h"
#include "model/pieces.h"
#include "model/team.h"
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
    const uint32_t *rows;  /* of the batch */
    double loss[PIECES];
    char *names;                      /* of the average's tensors */
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

static struct dropout
dropout_of(const struct ranker_train *t)
{
    const struct ranker_options *o = &t->work->options;

    return (struct dropout){ o->drop, o->seed, t->steps + 1, o->hidden };
}

/* A batch of the N rows in w->rows; DROP is borrowed. */
static struct batch
batch_of(const struct ranker_work *w, size_t n, const struct dropout *drop)
{
    const bool drops = drop->rate != NULL || drop->hidden > 0;

    return (struct batch){ .column = w->x->column,
                           .n = n,
                           .row = w->rows,
                           .items = &w->items,
                           .drop = drops ? drop : NULL };
}

/* Learn from LISTS lists that have the N rows in w->rows, which is all a model
 * of one output does. */
static const struct gradient *
lists_gradient(struct ranker_train *t, size_t n, size_t lists,
               struct threads *threads, double *loss, struct error *e)
{
    struct ranker_work *w = t->work;
    const struct dropout drop = dropout_of(t);
    const struct batch b = batch_of(w, n, &drop);
    uint8_t *label = mem_grow(w->label, &w->label_cap, n, sizeof *label, e);
    float *logit;

    if (label == NULL)
        return NULL;
    w->label = label;
    if (distinct_find(&w->items, w->x->item, w->rows, n, e) != 0 ||
        distinct_group(&w->items, e) != 0 || floats_room(&w->dlogit, n, e) != 0)
        return NULL;
    logit = pass_forward(w->model->pass, &b, true, threads, e);
    if (logit == NULL)
        return NULL;
    team_gather(logit, n, sizeof *logit);
    team_wait();
    for (size_t i = 0; i < n; i++)
        label[i] = w->x->label[w->rows[i]];
    *loss = listwise_loss(lists, w->start.v, logit, label, w->dlogit.v);
    return pass_backward(w->model->pass, w->dlogit.v, threads);
}

/* Labels that are asked for before their turn. */
#define AHEAD_LABELS 16

/* Of the rows from BEGIN on; the mean that is minimised is over rows. */
static void
rows_loss(void *ctx, size_t piece, size_t begin, size_t n, float *y)
{
    struct ranker_work *w = ctx;
    const size_t outputs = ranker_outputs(w->model);
    const size_t rows = w->items.count; /* an item each */
    const double weight = 1 / (double)rows;
    uint8_t label[EXAMPLES_GRADES_MAX];

    for (size_t i = begin; i < begin + n; i++, y += outputs) {
        if (i + AHEAD_LABELS < begin + n)
            vector_prefetch(1, w->x->label + w->rows[i + AHEAD_LABELS]);
        labels_of(w, w->rows[i], outputs, label);
        w->loss[piece] += bce_loss(outputs, y, label, weight, y);
    }
}

/* Learn from the N rows in w->rows. */
static const struct gradient *
rows_gradient(struct ranker_train *t, size_t n, struct threads *threads,
              double *loss, struct error *e)
{
    struct ranker_work *w = t->work;
    const struct dropout drop = dropout_of(t);
    const struct pass_loss l = { rows_loss, w };
    const struct gradient *g;
    const struct batch b = batch_of(w, n, &drop);

    if (distinct_find(&w->items, w->x->item, w->rows, n, e) != 0 ||
        distinct_group(&w->items, e) != 0)
        return NULL;
    memset(w->loss, 0, sizeof w->loss);
    g = pass_both(w->model->pass, &b, &l, threads, e);
    if (g == NULL)
        return NULL;
    team_gather(w->loss, PIECES, sizeof *w->loss);
    team_wait();
    *loss = 0;
    for (size_t i = 0; i < PIECES; i++)
        *loss += w->loss[i];
    return g;
}

const struct gradient *
ranker_gradient(struct ranker_train *t, const uint32_t *row, size_t n,
                struct threads *threads, double *loss, struct error *e)
{
    struct ranker_work *w = t->work;
    const struct gradient *g;

    if (w->options.lists == NULL) {
        w->rows = row;
        g = rows_gradient(t, n, threads, loss, e);
    } else {
        if (groups_rows(w->options.lists, row, n, &w->row, &w->start, e) != 0)
            return NULL;
        w->rows = w->row.v;
        g = lists_gradient(t, w->start.v[n], n, threads, loss, e);
    }
    if (g != NULL && !isfinite(*loss)) {
        error_set(e, "step %" PRIu64 ": loss is not a number", t->steps + 1);
        return NULL;
    }
    return g;
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
