#include "model/towers_train.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/pieces.h"
#include "model/scratch.h"
#include "model/softmax.h"
#include "model/team.h"
#include "model/unit.h"

/* What one tower has in a step. */
struct side {
    struct optimizer *optimizer;
    size_t n;
    float *y;             /* [n, dim] embeddings, the pass's memory */
    struct floats dy;     /* [n, dim] */
    struct floats length; /* [n] before they were made 1, for cosine */
};

struct towers_work {
    struct towers *model;
    const struct examples *x;
    struct towers_options options;
    struct softmax *softmax;
    struct negatives items; /* of the batch */
    struct side side[MODEL_PARTS];
};

static int
list_tensors(struct towers_train *t, struct error *e)
{
    const struct towers_work *w = t->work;
    size_t n = 0;

    for (size_t p = 0; p < MODEL_PARTS; p++)
        t->tensors += w->model->net[p]->tensors + w->side[p].optimizer->states;
    t->tensor = mem_new(t->tensors, sizeof *t->tensor, e);
    if (t->tensor == NULL)
        return -1;
    for (size_t p = 0; p < MODEL_PARTS; p++)
        for (size_t i = 0; i < w->model->net[p]->tensors; i++)
            t->tensor[n++] = w->model->net[p]->tensor[i];
    for (size_t p = 0; p < MODEL_PARTS; p++)
        for (size_t i = 0; i < w->side[p].optimizer->states; i++)
            t->tensor[n++] = w->side[p].optimizer->state[i];
    return 0;
}

struct towers_train *
towers_train_new(struct towers *model, const struct examples *x,
                 const struct towers_options *options, struct error *e)
{
    struct towers_train *t = mem_new(1, sizeof *t, e);
    struct towers_work *w;

    if (t == NULL)
        return NULL;
    t->work = w = mem_new(1, sizeof *w, e);
    if (w == NULL)
        goto fail;
    w->model = model;
    w->x = x;
    w->options = *options;
    w->softmax = softmax_new(e);
    if (w->softmax == NULL ||
        negatives_init(&w->items, x, &options->negatives, e) != 0)
        goto fail;
    for (size_t p = 0; p < MODEL_PARTS; p++) {
        const struct network *net = model->net[p];

        w->side[p].optimizer =
            optimizer_new(&options->optimizer, net->tensor, net->tensors, e);
        if (w->side[p].optimizer == NULL)
            goto fail;
    }
    if (list_tensors(t, e) != 0)
        goto fail;
    return t;
fail:
    towers_train_free(t);
    return NULL;
}

void
towers_train_free(struct towers_train *t)
{
    struct towers_work *w;

    if (t == NULL)
        return;
    w = t->work;
    if (w != NULL) {
        softmax_free(w->softmax);
        negatives_free(&w->items);
        for (size_t p = 0; p < MODEL_PARTS; p++) {
            optimizer_free(w->side[p].optimizer);
            free(w->side[p].dy.v);
            free(w->side[p].length.v);
        }
    }
    free(w);
    free(t->tensor);
    free(t);
}

static int
forward(struct towers_work *w, enum feature_part part, const uint32_t *row,
        size_t n, const struct dropout *drop, struct threads *threads,
        struct error *e)
{
    const struct batch b = {
        .column = w->x->column, .n = n, .row = row, .drop = drop
    };
    const size_t dim = w->model->dim;
    struct side *s = &w->side[part];

    s->n = n;
    s->y = pass_forward(w->model->pass[part], &b, true, threads, e);
    if (s->y == NULL || floats_room(&s->dy, n * dim, e) != 0 ||
        floats_room(&s->length, n, e) != 0)
        return -1;
    return 0;
}

static void
unit_piece(void *ctx, size_t piece, unsigned worker)
{
    struct towers_work *w = ctx;
    const size_t dim = w->model->dim;

    (void)worker;
    for (size_t p = 0; p < MODEL_PARTS; p++) {
        const struct side *s = &w->side[p];
        const struct range r = piece_of(s->n, piece);

        unit_forward(r.end - r.begin, dim, s->y + r.begin * dim,
                     s->length.v + r.begin);
    }
}

static void
unit_backward_piece(void *ctx, size_t piece, unsigned worker)
{
    struct towers_work *w = ctx;
    const size_t dim = w->model->dim;

    (void)worker;
    for (size_t p = 0; p < MODEL_PARTS; p++) {
        const struct side *s = &w->side[p];
        const struct range r = piece_of(s->n, piece);

        unit_backward(r.end - r.begin, dim, s->y + r.begin * dim,
                      s->length.v + r.begin, s->dy.v + r.begin * dim);
    }
}

int
towers_gradient(struct towers_train *t, const uint32_t *row, size_t n,
                struct threads *threads, double *loss,
                const struct gradient *gradient[MODEL_PARTS], struct error *e)
{
    struct towers_work *w = t->work;
    struct side *query = &w->side[PART_QUERY], *item = &w->side[PART_ITEM];
    const struct dropout rates = { w->options.drop, w->options.seed,
                                   t->steps + 1, 0 };
    const struct dropout *drop = w->options.drop != NULL ? &rates : NULL;
    const struct negatives *items = &w->items;
    struct softmax_batch b;

    if (negatives_find(&w->items, row, n, t->steps + 1, e) != 0 ||
        forward(w, PART_QUERY, row, n, drop, threads, e) != 0 ||
        forward(w, PART_ITEM, items->id, items->n, drop, threads, e) != 0)
        return -1;
    if (w->model->cosine)
        team_run(threads, PIECES, unit_piece, w);
    team_gather(item->y, item->n, w->model->dim * sizeof *item->y);
    team_wait();
    b = (struct softmax_batch){
        .rows = n,
        .candidates = item->n,
        .dim = w->model->dim,
        .query = query->y,
        .candidate = item->y,
        .positive = items->positive,
        .count = items->count.v,
        .key = w->options.accidental ? items->key.v : NULL,
        .logq = w->options.negatives.logq ? items->logq.v : NULL,
        .hardest = w->options.hardest,
        .temperature = w->options.temperature,
    };
    if (softmax_loss(w->softmax, &b, threads, loss, query->dy.v, item->dy.v,
                     e) != 0)
        return -1;
    if (!isfinite(*loss)) {
        error_set(e, "step %" PRIu64 ": loss is not a number", t->steps + 1);
        return -1;
    }
    if (w->model->cosine)
        team_run(threads, PIECES, unit_backward_piece, w);
    for (size_t p = 0; p < MODEL_PARTS; p++)
        gradient[p] =
            pass_backward(w->model->pass[p], w->side[p].dy.v, threads);
    return 0;
}

int
towers_step(struct towers_train *t, const uint32_t *row, size_t n,
            struct threads *threads, double *loss, struct error *e)
{
    const struct gradient *gradient[MODEL_PARTS];

    if (towers_gradient(t, row, n, threads, loss, gradient, e) != 0)
        return -1;
    t->steps++;
    for (size_t p = 0; p < MODEL_PARTS; p++)
        optimizer_step(t->work->side[p].optimizer, gradient[p], t->steps,
                       threads);
    return 0;
}
