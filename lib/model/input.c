#include "model/input.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "model/gemm.h"
#include "model/network.h"
#include "model/pieces.h"
#include "model/vector.h"

/* Features whose rows are added up in one go. */
#define TERMS 16
/* Rows of dP that are made and used up at a time: 64 x 256 floats are 64 KiB,
 * which are still in the second-level cache when they are multiplied. */
#define SLOTS ((size_t)64)

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

/* Where row I of the batch is in the columns. */
static size_t
place(const struct input *in, size_t i)
{
    return in->row != NULL ? in->row[i] : i;
}

/* Rows of X and P: a slot each where a table is looked up, else a row each. */
static size_t
projected(const struct input *in, const struct input_feature *f)
{
    return feature_is_list(f->feature) ? in->n : f->distinct.n;
}

static float
drop_rate(const struct input *in, const struct input_feature *f)
{
    return in->drop != NULL ? in->drop->rate[f->column] : 0;
}

static struct rng
drop_rng(const struct input *in, const struct input_feature *f)
{
    if (in->drop == NULL)
        return (struct rng){ 0 };
    return rng_for(in->drop->seed, SEED_DROP + f->column, in->drop->step);
}

/* Which rows have which of the distinct ids. */
static int
group_lists(const struct input *in, struct input_feature *f, struct error *e)
{
    const uint32_t *start = f->start.v;
    struct distinct *d = &f->distinct;

    if (distinct_find(d, f->id.v, NULL, start[in->n], e) != 0 ||
        distinct_group(d, e) != 0)
        return -1;
    /* Sums go over rows; which id of a row it was is of no interest any more,
     * so that its slot's place is free to say the row. */
    for (size_t i = 0; i < in->n; i++)
        for (size_t t = start[i]; t < start[i + 1]; t++)
            d->slot.v[t] = (uint32_t)i;
    for (size_t t = 0; t < d->count; t++)
        d->member.v[t] = d->slot.v[d->member.v[t]];
    return floats_room(&f->list_gradient, d->n * f->feature->dim, e);
}

/* All lists of the batch, one behind the other, without what is dropped. */
static int
prepare_lists(const struct input *in, struct input_feature *f, struct error *e)
{
    const uint32_t *offset = f->values.offset;
    const float rate = drop_rate(in, f);
    struct rng rng = drop_rng(in, f);
    size_t n = 0;

    for (size_t i = 0; i < in->n; i++)
        n += offset[place(in, i) + 1] - offset[place(in, i)];
    if (n > UINT32_MAX)
        return error_set(e, "%s: too many ids in a batch", f->feature->name);
    if (ids_room(&f->id, n, e) != 0 || ids_room(&f->start, in->n + 1, e) != 0)
        return -1;
    n = 0;
    f->start.v[0] = 0;
    for (size_t i = 0; i < in->n; i++) {
        const size_t r = place(in, i);

        for (size_t t = offset[r]; t < offset[r + 1]; t++)
            if (rate <= 0 || rng_f32(&rng) >= rate)
                f->id.v[n++] = f->values.id[t];
        f->start.v[i + 1] = (uint32_t)n;
    }
    return group_lists(in, f, e);
}

static int
prepare_lookup(const struct input *in, struct input_feature *f, struct error *e)
{
    const float rate = drop_rate(in, f);
    struct rng rng = drop_rng(in, f);
    struct distinct *d = &f->distinct;
    int status;

    if (rate <= 0) {
        status = distinct_find(d, f->values.id, in->row, in->n, e);
    } else {
        if (ids_room(&f->id, in->n, e) != 0)
            return -1;
        for (size_t i = 0; i < in->n; i++)
            f->id.v[i] = rng_f32(&rng) < rate ? 0 : f->values.id[place(in, i)];
        status = distinct_find(d, f->id.v, NULL, in->n, e);
    }
    return status == 0 && in->training ? distinct_group(d, e) : status;
}

static int
prepare_feature(const struct input *in, struct input_feature *f,
                struct error *e)
{
    const size_t dim = feature_width(f->feature);

    if (f->kernel == NULL && !in->training)
        return 0; /* rows are copied from where they are */
    if (f->feature->encoder == ENCODER_NORMALIZE)
        return floats_room(&f->x, in->n, e);
    if (!feature_is_list(f->feature)) {
        if (prepare_lookup(in, f, e) != 0)
            return -1;
    } else if (in->training && prepare_lists(in, f, e) != 0) {
        return -1;
    }
    if (floats_room(&f->x, projected(in, f) * dim, e) != 0)
        return -1;
    if (f->kernel == NULL)
        return 0;
    return floats_room(&f->p, projected(in, f) * in->width, e);
}

int
input_prepare(struct input *in, const struct feature_values *column, size_t n,
              const uint32_t *row, bool training, const struct dropout *drop,
              struct error *e)
{
    in->n = n;
    in->row = row;
    in->training = training;
    in->drop = drop != NULL && drop->rate != NULL ? drop : NULL;
    for (size_t i = 0; i < in->features; i++) {
        struct input_feature *f = &in->feature[i];

        f->values = column[f->column];
        if (prepare_feature(in, f, e) != 0)
            return -1;
    }
    return 0;
}

/* The ids of row I's list, *N of them. */
static const uint32_t *
list_of(const struct input *in, const struct input_feature *f, size_t i,
        size_t *n)
{
    const uint32_t *start =
        in->training ? f->start.v + i : f->values.offset + place(in, i);

    *n = start[1] - start[0];
    return (in->training ? f->id.v : f->values.id) + start[0];
}

/* What the sum of N rows is multiplied by. */
static float
pool_factor(const struct input *in, const struct input_feature *f, size_t n)
{
    switch ((enum feature_pool)f->feature->pool) {
    case POOL_MEAN: return n > 0 ? 1.0f / (float)n : 1;
    case POOL_SQRTN: return n > 0 ? 1.0f / sqrtf((float)n) : 1;
    case POOL_SUM: return 1.0f / (1.0f - drop_rate(in, f));
    case POOL_NONE: break;
    }
    return 1;
}

/* x = the rows of row I's list, pooled; of none it is 0. */
static void
pool_list(const struct input *in, const struct input_feature *f, size_t i,
          float *x)
{
    const size_t dim = f->feature->dim;
    size_t n;
    const uint32_t *id = list_of(in, f, i, &n);

    vector_sum_rows(dim, NULL, n, id, f->table, x);
    vector_scale(dim, pool_factor(in, f, n), x, x);
}

static void
project_feature(struct input *in, struct input_feature *f, size_t piece)
{
    const size_t dim = f->feature->dim;
    const struct range r = piece_of(projected(in, f), piece);
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
                f->x.v[j] = f->values.value[place(in, j)];
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
                        : f->values.id[place(in, i)];
}

void
input_row(const struct input *in, size_t i, float *x)
{
    for (size_t j = 0; j < in->features; j++) {
        const struct input_feature *f = &in->feature[j];
        const size_t dim = f->feature->dim;

        if (!feature_embedded(f->feature))
            x[f->at] = f->values.value[place(in, i)];
        else if (feature_is_list(f->feature))
            pool_list(in, f, i, x + f->at);
        else
            memcpy(x + f->at, f->table + id_of(in, f, i) * dim,
                   dim * sizeof *x);
    }
}

/* dW_f += x^T dp, and x becomes dx = dp W_f^T, for the N rows at X and DP. */
static void
backward_rows(const struct input *in, const struct input_feature *f, size_t n,
              const float *dp, const float *kernel_t, float *x, float *gradient)
{
    const size_t dim = f->feature->dim, width = in->width;
    float *dkernel = gradient + f->kernel_at;

    gemm_tn(dim, width, n, x, dim, dp, width, dkernel, width, dkernel, width);
    gemm_packed(n, dim, width, dp, width, kernel_t + f->kernel_at, NULL, 0, x,
                dim);
}

static void
backward_lookup(struct input *in, struct input_feature *f, size_t piece,
                const float *dy, const float *kernel_t, float *gradient)
{
    const struct range r = piece_of(f->distinct.n, piece);
    const size_t width = in->width, dim = f->feature->dim;
    float *dp = f->p.v + r.begin * width; /* what was there is done with */

    for (size_t at = r.begin; at < r.end; at += SLOTS) {
        const size_t rows = r.end - at < SLOTS ? r.end - at : SLOTS;

        for (size_t s = 0; s < rows; s++)
            distinct_sum(&f->distinct, at + s, width, dy, dp + s * width);
        backward_rows(in, f, rows, dp, kernel_t, f->x.v + at * dim, gradient);
    }
}

/* The gradient is an equal share for each id of a list: X becomes that. */
static void
share_out(const struct input *in, struct input_feature *f, struct range r)
{
    const size_t dim = f->feature->dim;

    for (size_t i = r.begin; i < r.end; i++) {
        size_t n;

        (void)list_of(in, f, i, &n);
        vector_scale(dim, pool_factor(in, f, n), f->x.v + i * dim,
                     f->x.v + i * dim);
    }
}

static void
backward_lists(struct input *in, struct input_feature *f, size_t piece,
               const float *dy, const float *kernel_t, float *gradient)
{
    const struct range r = piece_of(in->n, piece);

    backward_rows(in, f, r.end - r.begin, dy + r.begin * in->width, kernel_t,
                  f->x.v + r.begin * f->feature->dim, gradient);
    share_out(in, f, r);
}

void
input_transpose(const struct input *in, float *kernel_t)
{
    for (size_t i = 0; i < in->features; i++) {
        const struct input_feature *f = &in->feature[i];
        const size_t dim = feature_width(f->feature);

        gemm_pack(dim, dim, in->width, 1, f->kernel, kernel_t + f->kernel_at);
    }
}

void
input_backward_numbers(const struct input *in, size_t begin, size_t end,
                       const float *dy, float *gradient)
{
    for (size_t i = 0; i < in->features; i++) {
        const struct input_feature *f = &in->feature[i];

        if (f->feature->encoder == ENCODER_NORMALIZE)
            vector_add_rows(in->width, end - begin, f->x.v + begin,
                            dy + begin * in->width, gradient + f->kernel_at);
    }
}

void
input_backward(struct input *in, size_t piece, const float *dy,
               const float *kernel_t, float *gradient)
{
    for (size_t i = 0; i < in->features; i++) {
        struct input_feature *f = &in->feature[i];

        if (f->feature->encoder == ENCODER_NORMALIZE)
            continue; /* input_backward_numbers() */
        if (feature_is_list(f->feature))
            backward_lists(in, f, piece, dy, kernel_t, gradient);
        else
            backward_lookup(in, f, piece, dy, kernel_t, gradient);
    }
}

void
input_row_backward(struct input *in, size_t piece, const float *dx)
{
    for (size_t j = 0; j < in->features; j++) {
        struct input_feature *f = &in->feature[j];
        const struct distinct *d = &f->distinct;
        const size_t dim = f->feature->dim, width = in->width;
        const bool list = feature_is_list(f->feature);
        const struct range r = piece_of(list ? in->n : d->n, piece);

        if (!feature_embedded(f->feature))
            continue;
        for (size_t i = r.begin; i < r.end && list; i++)
            memcpy(f->x.v + i * dim, dx + i * width + f->at, dim * sizeof *dx);
        if (list)
            share_out(in, f, r);
        for (size_t s = r.begin; s < r.end && !list; s++) {
            memset(f->x.v + s * dim, 0, dim * sizeof *dx);
            for (size_t m = d->start.v[s]; m < d->start.v[s + 1]; m++)
                vector_add(dim, dx + d->member.v[m] * width + f->at,
                           f->x.v + s * dim);
        }
    }
}

void
input_backward_lists(struct input *in, size_t piece)
{
    for (size_t i = 0; i < in->features; i++) {
        struct input_feature *f = &in->feature[i];
        const struct distinct *d = &f->distinct;
        const struct range r = piece_of(d->n, piece);
        const size_t dim = f->feature->dim;

        if (!feature_is_list(f->feature))
            continue;
        for (size_t s = r.begin; s < r.end; s++)
            distinct_sum(d, s, dim, f->x.v, f->list_gradient.v + s * dim);
    }
}

struct gradient
input_gradient(const struct input *in, size_t f)
{
    const struct input_feature *at = &in->feature[f];
    const bool list = feature_is_list(at->feature);

    return (struct gradient){ at->distinct.n, at->distinct.id.v,
                              list ? at->list_gradient.v : at->x.v };
}
