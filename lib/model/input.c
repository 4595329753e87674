#include "model/input.h"

#include <stdlib.h>
#include <string.h>

#include "model/gemm.h"
#include "model/input_work.h"
#include "model/pieces.h"
#include "model/vector.h"

/* Features whose rows are added up in one go. */
#define TERMS 16

int
input_init(struct input *in, size_t features, size_t width, struct error *e)
{
    *in = (struct input){ .width = width };
    in->feature = mem_new(features, sizeof *in->feature, e);
    return in->feature != NULL ? 0 : -1;
}

int
input_add_feature(struct input *in, const struct input_feature *f,
                  struct error *e)
{
    struct input_feature *to = &in->feature[in->features++];

    *to = *f;
    if (!feature_embedded(f->feature))
        return 0;
    return distinct_init(&to->distinct, f->feature->size, e);
}

void
input_free(struct input *in)
{
    for (size_t i = 0; i < in->features; i++) {
        struct input_feature *f = &in->feature[i];

        distinct_free(&f->distinct);
        free(f->x.v);
        free(f->p.v);
        free(f->id.v);
        free(f->start.v);
        free(f->list_gradient.v);
    }
    free(in->feature);
}

/* x = the rows of row I's list, pooled; of none it is 0. */
static void
pool_list(const struct input *in, const struct input_feature *f, size_t i,
          float *x)
{
    const size_t dim = f->feature->dim;
    size_t n;
    const uint32_t *id = input_list(in, f, i, &n);

    if (f->weight == NULL) {
        vector_sum_rows(dim, NULL, n, id, f->table, x);
    } else {
        memset(x, 0, dim * sizeof *x);
        for (size_t t = 0; t < n; t++)
            vector_add_product(dim, f->weight + input_position(f, t),
                               f->table + id[t] * dim, x);
    }
    vector_scale(dim, input_pool_factor(in, f, n), x, x);
}

static void
project_feature(struct input *in, struct input_feature *f, size_t piece)
{
    const size_t dim = f->feature->dim, width = in->width;
    const struct range r = piece_of(f->distinct.n, piece);
    float *x = f->x.v + r.begin * dim;

    for (size_t s = r.begin; s < r.end; s++)
        memcpy(x + (s - r.begin) * dim, f->table + f->distinct.id.v[s] * dim,
               dim * sizeof *x);
    gemm(r.end - r.begin, width, dim, x, dim, f->kernel, width, NULL, 0,
         f->p.v + r.begin * width, width);
}

void
input_project(struct input *in, size_t piece)
{
    for (size_t i = 0; i < in->features; i++)
        if (input_has_p(&in->feature[i]))
            project_feature(in, &in->feature[i], piece);
}

/* The id of row I in a lookup, which may have been dropped. */
static uint32_t
id_of(const struct input *in, const struct input_feature *f, size_t i)
{
    return in->training ? f->distinct.id.v[f->distinct.slot.v[i]]
                        : f->values.id[input_place(in, i)];
}

void
input_make_row(const struct input *in, const struct input_feature *f, size_t i,
               float *x)
{
    const size_t dim = f->feature->dim;

    if (!feature_embedded(f->feature))
        *x = f->values.value[input_place(in, i)];
    else if (feature_is_list(f->feature))
        pool_list(in, f, i, x);
    else
        memcpy(x, f->table + id_of(in, f, i) * dim, dim * sizeof *x);
}

/* What feature F adds to row I besides: *ROW times what is returned. */
static float
term_of(const struct input *in, const struct input_feature *f, size_t i,
        const float **row)
{
    if (input_has_p(f)) {
        *row = f->p.v + f->distinct.slot.v[i] * in->width;
        return 1;
    }
    *row = f->kernel;
    return f->x.v[i];
}

/* y[width] = max(least, y + start + the terms of row I) */
static void
add_terms(const struct input *in, size_t i, const float *start, bool made,
          float least, float *y)
{
    const float *row[TERMS] = { start };
    float factor[TERMS] = { 1 };
    size_t n = made;

    start = made ? y : start;
    for (size_t j = 0; j < in->features; j++) {
        const struct input_feature *f = &in->feature[j];

        if (f->by_row)
            continue;
        if (n == TERMS) {
            vector_combine(in->width, start, n, row, factor, -INFINITY, y);
            start = y;
            n = 0;
        }
        factor[n] = term_of(in, f, i, &row[n]);
        n++;
    }
    vector_combine(in->width, start, n, row, factor, least, y);
}

void
input_multiply(struct input *in, size_t begin, size_t end, const float *start,
               const uint32_t *place, float least, float *y)
{
    const size_t width = in->width, rows = end - begin;
    bool made = false; /* is there something in y? */

    for (size_t j = 0; j < in->features; j++) {
        struct input_feature *f = &in->feature[j];
        const size_t dim = feature_width(f->feature);
        float *x = f->x.v + begin * dim;

        if (input_has_p(f))
            continue;
        for (size_t i = begin; i < end; i++)
            input_make_row(in, f, i, f->x.v + i * dim);
        if (!f->by_row)
            continue;
        gemm(rows, width, dim, x, dim, f->kernel, width, made ? y : NULL, width,
             y, width);
        made = true;
    }
    for (size_t i = begin; i < end; i++, y += width)
        add_terms(in, i, start + (place != NULL ? place[i] : 0) * width, made,
                  least, y);
}

void
input_row(const struct input *in, size_t i, float *x)
{
    for (size_t j = 0; j < in->features; j++)
        input_make_row(in, &in->feature[j], i, x + in->feature[j].at);
}
