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
    const size_t dim = f->feature->dim;
    const struct range r = piece_of(input_projected(in, f), piece);
    float *x = f->x.v;

    for (size_t i = r.begin; i < r.end; i++) {
        if (feature_is_list(f->feature))
            pool_list(in, f, i, x + i * dim);
        else
            memcpy(x + i * dim, f->table + f->distinct.id.v[i] * dim,
                   dim * sizeof *x);
    }
    gemm(r.end - r.begin, in->width, dim, x + r.begin * dim, dim, f->kernel,
         in->width, NULL, 0, f->p.v + r.begin * in->width, in->width);
}

void
input_project(struct input *in, size_t piece)
{
    for (size_t i = 0; i < in->features; i++) {
        struct input_feature *f = &in->feature[i];

        if (feature_embedded(f->feature)) {
            project_feature(in, f, piece);
        } else {
            const struct range r = piece_of(in->n, piece);

            for (size_t j = r.begin; j < r.end; j++)
                f->x.v[j] = f->values.value[input_place(in, j)];
        }
    }
}

/* What feature F adds to row I: *ROW times what is returned. */
static float
term_of(const struct input *in, const struct input_feature *f, size_t i,
        const float **row)
{
    if (f->feature->encoder == ENCODER_NORMALIZE) {
        *row = f->kernel;
        return f->x.v[i];
    }
    *row = f->p.v + (feature_is_list(f->feature) ? i : f->distinct.slot.v[i]) *
                        in->width;
    return 1;
}

void
input_add(const struct input *in, size_t i, const float *start, float *y)
{
    const float *row[TERMS];
    float factor[TERMS];
    size_t n = 0;

    for (size_t j = 0; j < in->features; j++) {
        if (n == TERMS) {
            vector_combine(in->width, start, n, row, factor, y);
            start = y;
            n = 0;
        }
        factor[n] = term_of(in, &in->feature[j], i, &row[n]);
        n++;
    }
    vector_combine(in->width, start, n, row, factor, y);
}

/* The id of row I in a lookup, which may have been dropped. */
static uint32_t
id_of(const struct input *in, const struct input_feature *f, size_t i)
{
    return in->training ? f->distinct.id.v[f->distinct.slot.v[i]]
                        : f->values.id[input_place(in, i)];
}

void
input_row(const struct input *in, size_t i, float *x)
{
    for (size_t j = 0; j < in->features; j++) {
        const struct input_feature *f = &in->feature[j];
        const size_t dim = f->feature->dim;

        if (!feature_embedded(f->feature))
            x[f->at] = f->values.value[input_place(in, i)];
        else if (feature_is_list(f->feature))
            pool_list(in, f, i, x + f->at);
        else
            memcpy(x + f->at, f->table + id_of(in, f, i) * dim,
                   dim * sizeof *x);
    }
}
