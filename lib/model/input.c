#include "model/input.h"

#include <stdlib.h>
#include <string.h>

#include "model/gemm.h"
#include "model/input_work.h"
#include "model/pieces.h"
#include "model/vector.h"

/* Features whose rows are added up in one go. */
#define TERMS 16
/* Rows that are asked for before their turn. */
#define AHEAD 6

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

/* What a lookup finds for row I, or where there is a P for slot I; it may have
 * been dropped. */
static const float *
looked_up(const struct input *in, const struct input_feature *f, size_t i)
{
    const struct distinct *d = &f->distinct;
    const bool slots = f->kernel != NULL && input_has_p(f);
    const uint32_t id = slots          ? d->id.v[i]
                        : in->training ? d->id.v[d->slot.v[i]]
                                       : f->values.id[input_place(in, i)];

    return f->table + (size_t)id * f->feature->dim;
}

/* X = x_f of row or slot I. */
static void
make_row(const struct input *in, const struct input_feature *f, size_t i,
         float *x)
{
    if (!feature_embedded(f->feature))
        *x = f->values.value[input_place(in, i)];
    else if (feature_is_list(f->feature))
        pool_list(in, f, i, x);
    else
        memcpy(x, looked_up(in, f, i), f->feature->dim * sizeof *x);
}

/* Rows of a table are anywhere in it. */
static void
prefetch_row(const struct input *in, const struct input_feature *f, size_t i)
{
    const size_t dim = f->feature->dim;
    const uint32_t *id;
    size_t n;

    if (!feature_embedded(f->feature))
        return;
    if (!feature_is_list(f->feature)) {
        vector_prefetch(dim, looked_up(in, f, i));
        return;
    }
    id = input_list(in, f, i, &n);
    for (size_t t = 0; t < n; t++)
        vector_prefetch(dim, f->table + id[t] * dim);
}

void
input_make_rows(const struct input *in, struct input_feature *f, struct range r)
{
    const size_t dim = feature_width(f->feature);

    for (size_t i = r.begin; i < r.end; i++) {
        if (i + AHEAD < r.end)
            prefetch_row(in, f, i + AHEAD);
        make_row(in, f, i, f->x.v + i * dim);
    }
}

static void
project_feature(struct input *in, struct input_feature *f, size_t piece)
{
    const size_t dim = f->feature->dim, width = in->width;
    const struct range r = piece_of(f->distinct.n, piece);
    const float *x = f->x.v + r.begin * dim;

    input_make_rows(in, f, r);
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

        if (input_has_p(f))
            continue;
        input_make_rows(in, f, (struct range){ begin, end });
        if (!f->by_row)
            continue;
        gemm(rows, width, dim, f->x.v + begin * dim, dim, f->kernel, width,
             made ? y : NULL, width, y, width);
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
        make_row(in, &in->feature[j], i, x + in->feature[j].at);
}
