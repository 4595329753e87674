#include "model/input.h"

#include <stdlib.h>
#include <string.h>

#include "model/gemm.h"
#include "model/pieces.h"
#include "model/vector.h"

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
        free(f->token.v);
        free(f->token_row.v);
        free(f->token_gradient.v);
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
    return f->feature->encoder == ENCODER_TOKENIZE ? in->n : f->distinct.n;
}

/* All tokens of the batch in one list, each with the row that it is in. */
static int
prepare_tokens(const struct input *in, struct input_feature *f, struct error *e)
{
    const uint32_t *offset = f->values.offset;
    size_t n = 0;

    for (size_t i = 0; i < in->n; i++)
        n += offset[place(in, i) + 1] - offset[place(in, i)];
    if (n > UINT32_MAX)
        return error_set(e, "%s: too many tokens in a batch", f->feature->name);
    if (ids_room(&f->token, n, e) != 0 || ids_room(&f->token_row, n, e) != 0)
        return -1;
    n = 0;
    for (size_t i = 0; i < in->n; i++) {
        const size_t r = place(in, i);

        for (size_t t = offset[r]; t < offset[r + 1]; t++) {
            f->token.v[n] = f->values.id[t];
            f->token_row.v[n++] = (uint32_t)i;
        }
    }
    if (distinct_find(&f->distinct, f->token.v, NULL, n, e) != 0)
        return -1;
    return floats_room(&f->token_gradient, f->distinct.n * f->feature->dim, e);
}

static int
prepare_feature(const struct input *in, struct input_feature *f,
                struct error *e)
{
    const size_t dim = feature_width(f->feature);

    switch (f->feature->encoder) {
    case ENCODER_NORMALIZE: return floats_room(&f->x, in->n, e);
    case ENCODER_TOKENIZE:
        if (in->training && prepare_tokens(in, f, e) != 0)
            return -1;
        break;
    case ENCODER_THRESHOLD: break; /* a label is no input */
    case ENCODER_LOOKUP:
    case ENCODER_BUCKETIZE:
        if (distinct_find(&f->distinct, f->values.id, in->row, in->n, e) != 0)
            return -1;
        break;
    }
    if (in->training && distinct_group(&f->distinct, e) != 0)
        return -1;
    if (floats_room(&f->x, projected(in, f) * dim, e) != 0)
        return -1;
    return floats_room(&f->p, projected(in, f) * in->width, e);
}

int
input_prepare(struct input *in, const struct feature_values *column, size_t n,
              const uint32_t *row, bool training, struct error *e)
{
    in->n = n;
    in->row = row;
    in->training = training;
    for (size_t i = 0; i < in->features; i++) {
        struct input_feature *f = &in->feature[i];

        f->values = column[f->column];
        if (prepare_feature(in, f, e) != 0)
            return -1;
    }
    return 0;
}

/* x = the mean of the rows of row I's tokens; of none it is 0. */
static void
mean_of_tokens(const struct input *in, const struct input_feature *f, size_t i,
               float *x)
{
    const size_t dim = f->feature->dim, r = place(in, i);
    const size_t first = f->values.offset[r], end = f->values.offset[r + 1];

    memset(x, 0, dim * sizeof *x);
    for (size_t t = first; t < end; t++)
        vector_add(dim, f->table + f->values.id[t] * dim, x);
    if (end > first)
        vector_scale(dim, 1.0f / (float)(end - first), x, x);
}

static void
project_feature(struct input *in, struct input_feature *f, size_t piece)
{
    const size_t dim = f->feature->dim;
    const struct range r = piece_of(projected(in, f), piece);
    float *x = f->x.v;

    for (size_t i = r.begin; i < r.end; i++) {
        if (f->feature->encoder == ENCODER_TOKENIZE)
            mean_of_tokens(in, f, i, x + i * dim);
        else
            memcpy(x + i * dim, f->table + f->distinct.id.v[i] * dim,
                   dim * sizeof *x);
    }
    gemm(r.end - r.begin, in->width, dim, 1, x + r.begin * dim, dim, f->kernel,
         in->width, 0, f->p.v + r.begin * in->width, in->width);
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

void
input_add(const struct input *in, size_t i, float *y)
{
    const size_t width = in->width;

    for (size_t j = 0; j < in->features; j++) {
        const struct input_feature *f = &in->feature[j];

        switch (f->feature->encoder) {
        case ENCODER_NORMALIZE:
            vector_add_scaled(width, f->x.v[i], f->kernel, y);
            break;
        case ENCODER_TOKENIZE: vector_add(width, f->p.v + i * width, y); break;
        case ENCODER_THRESHOLD: break; /* a label is no input */
        case ENCODER_LOOKUP:
        case ENCODER_BUCKETIZE:
            vector_add(width, f->p.v + f->distinct.slot.v[i] * width, y);
            break;
        }
    }
}

/* dW_f += x^T dp, and x becomes dx = dp W_f^T, for the N rows at X and DP. */
static void
backward_rows(const struct input *in, const struct input_feature *f, size_t n,
              const float *dp, float *x, float *gradient)
{
    const size_t dim = feature_width(f->feature), width = in->width;

    gemm_tn(dim, width, n, 1, x, dim, dp, width, 1, gradient + f->kernel_at,
            width);
    if (feature_embedded(f->feature))
        gemm_nt(n, dim, width, 1, dp, width, f->kernel, width, 0, x, dim);
}

static void
backward_lookup(struct input *in, struct input_feature *f, size_t piece,
                const float *dy, float *gradient)
{
    const struct range r = piece_of(f->distinct.n, piece);
    const size_t width = in->width;

    for (size_t s = r.begin; s < r.end; s++)
        distinct_sum(&f->distinct, s, width, dy, f->p.v + s * width);
    backward_rows(in, f, r.end - r.begin, f->p.v + r.begin * width,
                  f->x.v + r.begin * f->feature->dim, gradient);
}

/* The gradient of a mean is an equal share for each token: X ends as that. */
static void
backward_mean(struct input *in, struct input_feature *f, size_t piece,
              const float *dy, float *gradient)
{
    const struct range r = piece_of(in->n, piece);
    const size_t dim = f->feature->dim;

    backward_rows(in, f, r.end - r.begin, dy + r.begin * in->width,
                  f->x.v + r.begin * dim, gradient);
    for (size_t i = r.begin; i < r.end; i++) {
        const uint32_t *offset = f->values.offset + place(in, i);

        if (offset[1] > offset[0])
            vector_scale(dim, 1.0f / (float)(offset[1] - offset[0]),
                         f->x.v + i * dim, f->x.v + i * dim);
    }
}

void
input_backward(struct input *in, size_t piece, const float *dy, float *gradient)
{
    const struct range r = piece_of(in->n, piece);

    for (size_t i = 0; i < in->features; i++) {
        struct input_feature *f = &in->feature[i];

        switch (f->feature->encoder) {
        case ENCODER_NORMALIZE:
            backward_rows(in, f, r.end - r.begin, dy + r.begin * in->width,
                          f->x.v + r.begin, gradient);
            break;
        case ENCODER_TOKENIZE: backward_mean(in, f, piece, dy, gradient); break;
        case ENCODER_THRESHOLD: break; /* a label is no input */
        case ENCODER_LOOKUP:
        case ENCODER_BUCKETIZE:
            backward_lookup(in, f, piece, dy, gradient);
            break;
        }
    }
}

void
input_backward_tokens(struct input *in, size_t piece)
{
    for (size_t i = 0; i < in->features; i++) {
        struct input_feature *f = &in->feature[i];
        const struct distinct *d = &f->distinct;
        const struct range r = piece_of(d->n, piece);
        const size_t dim = f->feature->dim;

        if (f->feature->encoder != ENCODER_TOKENIZE)
            continue;
        for (size_t s = r.begin; s < r.end; s++) {
            float *sum = f->token_gradient.v + s * dim;

            memset(sum, 0, dim * sizeof *sum);
            for (size_t m = d->start.v[s]; m < d->start.v[s + 1]; m++)
                vector_add(dim, f->x.v + f->token_row.v[d->member.v[m]] * dim,
                           sum);
        }
    }
}

struct gradient
input_gradient(const struct input *in, size_t f)
{
    const struct input_feature *at = &in->feature[f];
    const bool tokens = at->feature->encoder == ENCODER_TOKENIZE;

    return (struct gradient){ at->distinct.n, at->distinct.id.v,
                              tokens ? at->token_gradient.v : at->x.v };
}
