/*
 * reference_model.h - networks and losses as one writes them first
 *
 * In double, row by row, features put side by side, all rows against all rows:
 * nothing of lib/model but the layout of the parameters.  Parameters come as
 * doubles in the order of network->value, so that slopes can be measured.
 */
#ifndef REFERENCE_MODEL_H
#define REFERENCE_MODEL_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "model/examples.h"
#include "model/network.h"

#define REFERENCE_WIDTH_MAX 64
#define REFERENCE_BATCH_MAX 64

static inline size_t
reference_feature(const struct feature *f, const struct feature_values *v,
                  size_t at, const double *table, const double *weight,
                  double *x)
{
    size_t first = at, end = at + 1;
    double share = 1;

    if (f->encoder == ENCODER_NORMALIZE) {
        x[0] = (double)v->value[at];
        return 1;
    }
    if (f->pool != POOL_NONE) {
        first = v->offset[at];
        end = v->offset[at + 1];
    }
    if (f->pool == POOL_MEAN)
        share = 1 / (double)(end - first);
    if (f->pool == POOL_SQRTN)
        share = 1 / sqrt((double)(end - first));
    for (size_t d = 0; d < f->dim; d++) {
        x[d] = 0;
        for (size_t i = first; i < end; i++) {
            const size_t place =
                i - first < f->positions ? i - first : f->positions - 1;

            x[d] += table[v->id[i] * f->dim + d] * share *
                    (f->pool == POOL_WEIGHTED ? weight[place * f->dim + d] : 1);
        }
    }
    return f->dim;
}

/* Products and cross layers, in place. */
static inline void
reference_interact(const struct network *n, const double *value, double *in)
{
    const size_t width = n->width[0];
    double first[REFERENCE_WIDTH_MAX];

    for (size_t k = 0; k < n->products; k++)
        for (size_t d = 0; d < n->product[k].width; d++)
            in[n->product[k].at + d] *= in[n->product[k].by + d];
    for (size_t k = 0; k < n->products; k++)
        memset(in + n->product[k].by, 0, n->product[k].width * sizeof *in);
    memcpy(first, in, sizeof first);
    for (size_t l = 0; l < n->cross; l++) {
        const double *kernel = value + (network_cross_kernel(n, l) - n->value);
        const double *bias = value + (network_cross_bias(n, l) - n->value);
        double x[REFERENCE_WIDTH_MAX];

        memcpy(x, in, sizeof x);
        for (size_t o = 0; o < width; o++) {
            double u = bias[o];

            for (size_t i = 0; i < width; i++)
                u += x[i] * kernel[i * width + o];
            in[o] = first[o] * u + x[o];
        }
    }
}

/* What the network with parameters VALUE says of row ROW of X. */
static inline void
reference_network(const struct network *n, const double *value,
                  const struct examples *x, size_t row, double *out)
{
    double in[REFERENCE_WIDTH_MAX] = { 0 };
    size_t width = 0, table = 0, pool = 0;

    for (size_t f = 0; f < n->features; f++) {
        const struct feature *v = &n->feature[f];
        const size_t at = v->part == PART_ITEM ? x->item[row] : row;
        const double *of = NULL, *weight = NULL;

        if (!n->looks_at[v->part])
            continue;
        if (feature_embedded(v))
            of = value + (n->tensor[table++].data - n->value);
        if (v->pool == POOL_WEIGHTED)
            weight = value + (network_positions(n, pool++)->data - n->value);
        width +=
            reference_feature(v, &x->column[f], at, of, weight, in + width);
    }
    reference_interact(n, value, in);
    for (size_t l = 0; l < n->layers; l++) {
        const double *kernel = value + (network_kernel(n, l) - n->value);
        const double *bias = value + (network_bias(n, l) - n->value);
        double y[REFERENCE_WIDTH_MAX] = { 0 };

        for (size_t o = 0; o < n->width[l + 1]; o++) {
            y[o] = bias[o];
            for (size_t i = 0; i < n->width[l]; i++)
                y[o] += in[i] * kernel[i * n->width[l + 1] + o];
            if (l + 1 < n->layers && y[o] < 0)
                y[o] = 0;
        }
        memcpy(in, y, sizeof in);
    }
    memcpy(out, in, n->width[n->layers] * sizeof *out);
}

/* The softmax loss of rows Q [b, d] and the items C [b, d] of the same rows.
 * LOGQ by row or NULL; ITEM by row, and if MASKED its repeats are left out. */
static inline double
reference_softmax(size_t b, size_t d, const double *q, const double *c,
                  const uint32_t *item, const double *logq, double temperature,
                  bool masked)
{
    double loss = 0;

    for (size_t i = 0; i < b; i++) {
        double score[REFERENCE_BATCH_MAX], max = -HUGE_VAL, sum = 0;

        for (size_t j = 0; j < b; j++) {
            score[j] = 0;
            for (size_t k = 0; k < d; k++)
                score[j] += q[i * d + k] * c[j * d + k];
            score[j] /= temperature;
            if (logq != NULL)
                score[j] -= logq[j];
            if (masked && j != i && item[j] == item[i])
                score[j] = -HUGE_VAL;
            max = fmax(max, score[j]);
        }
        for (size_t j = 0; j < b; j++)
            sum += exp(score[j] - max);
        loss += max + log(sum) - score[i];
    }
    return loss;
}

/*
 * Compare GRADIENT with the slopes of LOSS at all of N's parameters, which the
 * function reads in VALUE.  A small gradient is compared as one of FLOOR.
 */
static inline void
check_slopes(const char *what, const struct network *n,
             const struct gradient *gradient, double *value,
             double (*loss)(void *ctx), void *ctx, double floor)
{
    const double h = 1e-5;

    for (size_t i = 0; i < n->tensors; i++) {
        const struct tensor *t = &n->tensor[i];
        const size_t size = t->rows * t->cols, cols = t->cols;
        double *at = value + (t->data - n->value);
        double *dense = calloc(size, sizeof *dense);

        if (dense == NULL)
            exit(EXIT_FAILURE);
        for (size_t r = 0; r < gradient[i].n; r++)
            for (size_t k = 0; k < cols; k++)
                dense[(gradient[i].row ? gradient[i].row[r] : r) * cols + k] +=
                    (double)gradient[i].value[r * cols + k];
        for (size_t k = 0; k < size; k++) {
            const double saved = at[k];
            double above, slope;

            at[k] = saved + h;
            above = loss(ctx);
            at[k] = saved - h;
            slope = (above - loss(ctx)) / (2 * h);
            at[k] = saved;
            CHECK(fabs(slope - dense[k]) <= 1e-3 * fmax(fabs(slope), floor),
                  "%s: %s[%zu]: measured %.9g, computed %.9g", what, t->name, k,
                  slope, dense[k]);
        }
        free(dense);
    }
}

static inline double *
reference_value(const struct network *n)
{
    double *v = malloc(n->parameters * sizeof *v);

    if (v == NULL)
        exit(EXIT_FAILURE);
    for (size_t i = 0; i < n->parameters; i++)
        v[i] = (double)n->value[i];
    return v;
}

#endif
