#include "model/optimizer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/pieces.h"
#include "model/vector.h"

#define EPSILON 1e-7f
#define ADAGRAD_START 0.1f
#define ADAM_MEAN 0.9f
#define ADAM_SQUARE 0.999f
/* Rows that are asked for before their turn. */
#define AHEAD 4

/* The names of the states of each kind. */
static const char *const state_name[][2] = {
    [OPTIMIZER_SGD] = { NULL, NULL },
    [OPTIMIZER_ADAGRAD] = { "accumulator", NULL },
    [OPTIMIZER_ADAM] = { "mean", "square" },
    [OPTIMIZER_LAZY_ADAM] = { "mean", "square" },
};

static bool
is_bias(const char *name)
{
    const char *dot = strrchr(name, '.');

    return dot != NULL && strcmp(dot, ".bias") == 0;
}

/* Room for a gradient by all parameters, of which tables take their part. */
static int
add_penalty(struct optimizer *o, struct error *e)
{
    size_t parameters = 0;

    for (size_t i = 0; i < o->n; i++)
        parameters += o->parameter[i].rows * o->parameter[i].cols;
    o->dense = mem_new(parameters, sizeof *o->dense, e);
    o->penalised = mem_new(o->n, sizeof *o->penalised, e);
    return o->dense != NULL && o->penalised != NULL ? 0 : -1;
}

static int
add_states(struct optimizer *o, struct error *e)
{
    const enum optimizer_kind kind = o->options.kind;
    size_t parameters = 0, at = 0, kinds = 0;

    while (kinds < 2 && state_name[kind][kinds] != NULL)
        kinds++;
    for (size_t i = 0; i < o->n; i++)
        parameters += o->parameter[i].rows * o->parameter[i].cols;
    o->states = kinds * o->n;
    o->state = mem_new(o->states, sizeof *o->state, e);
    o->value = mem_new(kinds * parameters, sizeof *o->value, e);
    o->names = mem_new(o->states, TENSOR_NAME_MAX, e);
    if (o->state == NULL || o->value == NULL || o->names == NULL)
        return -1;
    for (size_t s = 0; s < o->states; s++) {
        const struct tensor *p = &o->parameter[s % o->n];
        char *name = o->names + s * TENSOR_NAME_MAX;

        snprintf(name, TENSOR_NAME_MAX, "%s.%s", p->name,
                 state_name[kind][s / o->n]);
        o->state[s] = (struct tensor){ name, p->rows, p->cols, o->value + at };
        at += p->rows * p->cols;
    }
    if (kind == OPTIMIZER_ADAGRAD)
        for (size_t i = 0; i < at; i++)
            o->value[i] = ADAGRAD_START;
    return 0;
}

struct optimizer *
optimizer_new(const struct optimizer_options *options,
              const struct tensor *parameter, size_t n, struct error *e)
{
    struct optimizer *o = mem_new(1, sizeof *o, e);

    if (o == NULL)
        return NULL;
    o->options = *options;
    o->n = n;
    o->parameter = parameter;
    o->decays = mem_new(n, sizeof *o->decays, e);
    if (o->decays == NULL || add_states(o, e) != 0 ||
        (options->penalty > 0 && add_penalty(o, e) != 0)) {
        optimizer_free(o);
        return NULL;
    }
    for (size_t i = 0; i < n; i++)
        o->decays[i] = options->decay > 0 && !is_bias(parameter[i].name);
    return o;
}

void
optimizer_free(struct optimizer *o)
{
    if (o == NULL)
        return;
    free(o->decays);
    free(o->state);
    free(o->value);
    free(o->dense);
    free(o->penalised);
    free(o->names);
    free(o);
}

VECTORISED static void
decay(size_t n, float share, float *restrict w)
{
    for (size_t i = 0; i < n; i++)
        w[i] -= share * w[i];
}

VECTORISED static void
adagrad(size_t n, float rate, const float *restrict g, float *restrict a,
        float *restrict w)
{
    for (size_t i = 0; i < n; i++) {
        a[i] += g[i] * g[i];
        w[i] -= rate * g[i] / (sqrtf(a[i]) + EPSILON);
    }
}

VECTORISED static void
adam_decay(size_t n, float *restrict m, float *restrict v)
{
    for (size_t i = 0; i < n; i++) {
        m[i] *= ADAM_MEAN;
        v[i] *= ADAM_SQUARE;
    }
}

VECTORISED static void
adam_add(size_t n, const float *restrict g, float *restrict m,
         float *restrict v)
{
    for (size_t i = 0; i < n; i++) {
        m[i] += (1 - ADAM_MEAN) * g[i];
        v[i] += (1 - ADAM_SQUARE) * (g[i] * g[i]);
    }
}

VECTORISED static void
adam_apply(size_t n, float rate, const float *restrict m,
           const float *restrict v, float *restrict w)
{
    for (size_t i = 0; i < n; i++)
        w[i] -= rate * m[i] / (sqrtf(v[i]) + EPSILON);
}

struct penalty {
    const struct optimizer *o;
    const struct gradient *gradient;
    float *dense; /* of this table */
    size_t table;
};

static void
shrink_piece(void *ctx, size_t piece, unsigned worker)
{
    const struct penalty *p = ctx;
    const struct tensor *w = &p->o->parameter[p->table];
    const struct range r = piece_of(w->rows * w->cols, piece);

    (void)worker;
    vector_scale(r.end - r.begin, (float)p->o->options.penalty,
                 w->data + r.begin, p->dense + r.begin);
}

static void
add_rows_piece(void *ctx, size_t piece, unsigned worker)
{
    const struct penalty *p = ctx;
    const struct gradient *g = p->gradient;
    const size_t cols = p->o->parameter[p->table].cols;
    const struct range r = piece_of(g->n, piece);

    (void)worker;
    for (size_t k = r.begin; k < r.end; k++)
        vector_add(cols, g->value + k * cols, p->dense + g->row[k] * cols);
}

/* The gradients with the penalty's, by whole tables. */
static const struct gradient *
penalise(struct optimizer *o, const struct gradient *gradient,
         struct threads *t)
{
    size_t at = 0;

    for (size_t i = 0; i < o->n; i++) {
        const struct tensor *w = &o->parameter[i];
        struct penalty p = { o, &gradient[i], o->dense + at, i };

        o->penalised[i] = gradient[i];
        if (gradient[i].row == NULL)
            continue;
        threads_run(t, PIECES, shrink_piece, &p);
        threads_run(t, PIECES, add_rows_piece, &p);
        o->penalised[i] = (struct gradient){ w->rows, NULL, p.dense };
        at += w->rows * w->cols;
    }
    return o->penalised;
}

/* Adam in three rounds, as rows with a gradient are anywhere in a table; the
 * other kinds know only the second. */
enum round { DECAY, GRADIENT, APPLY };

struct step {
    struct optimizer *o;
    const struct gradient *gradient;
    enum round round;
    float rate;  /* r */
    float decay; /* r L */
    float adam;  /* r of Adam, with the correction of the means */
};

/* N elements with gradient G from element AT of tensor I on. */
static void
change(const struct step *s, size_t i, size_t at, size_t n, const float *g)
{
    const struct optimizer *o = s->o;
    float *w = o->parameter[i].data + at, *m, *v;

    if (o->decays[i])
        decay(n, s->decay, w);
    switch (o->options.kind) {
    case OPTIMIZER_SGD: vector_add_scaled(n, -s->rate, g, w); break;
    case OPTIMIZER_ADAGRAD:
        adagrad(n, s->rate, g, o->state[i].data + at, w);
        break;
    case OPTIMIZER_ADAM:
        adam_add(n, g, o->state[i].data + at, o->state[o->n + i].data + at);
        break;
    case OPTIMIZER_LAZY_ADAM:
        m = o->state[i].data + at;
        v = o->state[o->n + i].data + at;
        adam_decay(n, m, v);
        adam_add(n, g, m, v);
        adam_apply(n, s->adam, m, v, w);
        break;
    }
}

/* Rows of a table are anywhere in it. */
static void
prefetch_row(const struct optimizer *o, size_t i, size_t row)
{
    const size_t cols = o->parameter[i].cols;

    vector_prefetch(cols, o->parameter[i].data + row * cols);
    for (size_t s = i; s < o->states; s += o->n)
        vector_prefetch(cols, o->state[s].data + row * cols);
}

static void
change_rows(const struct step *s, size_t i, size_t piece)
{
    const struct gradient *g = &s->gradient[i];
    const size_t cols = s->o->parameter[i].cols;

    if (g->row == NULL) {
        const struct range r = piece_of(g->n * cols, piece);

        change(s, i, r.begin, r.end - r.begin, g->value + r.begin);
    } else {
        const struct range r = piece_of(g->n, piece);

        for (size_t k = r.begin; k < r.end; k++) {
            if (k + AHEAD < r.end)
                prefetch_row(s->o, i, g->row[k + AHEAD]);
            change(s, i, g->row[k] * cols, cols, g->value + k * cols);
        }
    }
}

static void
step_piece(void *ctx, size_t piece, unsigned worker)
{
    const struct step *s = ctx;
    const struct optimizer *o = s->o;

    (void)worker;
    for (size_t i = 0; i < o->n; i++) {
        const struct tensor *p = &o->parameter[i];
        const struct range r = piece_of(p->rows * p->cols, piece);
        const size_t n = r.end - r.begin;

        switch (s->round) {
        case DECAY:
            adam_decay(n, o->state[i].data + r.begin,
                       o->state[o->n + i].data + r.begin);
            break;
        case GRADIENT: change_rows(s, i, piece); break;
        case APPLY:
            adam_apply(n, s->adam, o->state[i].data + r.begin,
                       o->state[o->n + i].data + r.begin, p->data + r.begin);
            break;
        }
    }
}

void
optimizer_step(struct optimizer *o, const struct gradient *gradient,
               uint64_t step, struct threads *t)
{
    const struct optimizer_options *options = &o->options;
    const double n = (double)step;
    const double correction =
        sqrt(1 - pow((double)ADAM_SQUARE, n)) / (1 - pow((double)ADAM_MEAN, n));
    const double factor = schedule_factor(&options->schedule, step);
    struct step s = { .o = o, .gradient = gradient, .round = DECAY };

    s.rate = (float)options->rate * (float)factor;
    s.decay = s.rate * (float)options->decay;
    s.adam = s.rate * (float)correction;
    if (options->penalty > 0)
        s.gradient = penalise(o, gradient, t);
    if (options->kind == OPTIMIZER_ADAM)
        threads_run(t, PIECES, step_piece, &s);
    s.round = GRADIENT;
    threads_run(t, PIECES, step_piece, &s);
    s.round = APPLY;
    if (options->kind == OPTIMIZER_ADAM)
        threads_run(t, PIECES, step_piece, &s);
}
