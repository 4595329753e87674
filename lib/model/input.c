#include "model/input.h"

#include <stdlib.h>
#include <string.h>

#include "model/gemm.h"
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
    if (in->training && f->feature->encoder == ENCODER_TOKENIZE)
        /* Sums go over rows; which token of a row it was is of no interest. */
        for (size_t i = 0; i < f->distinct.count; i++)
            f->distinct.member.v[i] = f->token_row.v[f->distinct.member.v[i]];
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

    vector_sum_rows(dim, NULL, end - first, f->values.id + first, f->table, x);
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
    switch (f->feature->encoder) {
    case ENCODER_NORMALIZE: *row = f->kernel; return f->x.v[i];
    case ENCODER_TOKENIZE: *row = f->p.v + i * in->width; return 1;
    case ENCODER_THRESHOLD: break; /* a label is no input */
    case ENCODER_LOOKUP:
    case ENCODER_BUCKETIZE:
        *row = f->p.v + f->distinct.slot.v[i] * in->width;
        return 1;
    }
    *row = f->kernel;
    return 0;
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

/* The gradient of a mean is an equal share for each token: X ends as that. */
static void
backward_mean(struct input *in, struct input_feature *f, size_t piece,
              const float *dy, const float *kernel_t, float *gradient)
{
    const struct range r = piece_of(in->n, piece);
    const size_t dim = f->feature->dim;

    backward_rows(in, f, r.end - r.begin, dy + r.begin * in->width, kernel_t,
                  f->x.v + r.begin * dim, gradient);
    for (size_t i = r.begin; i < r.end; i++) {
        const uint32_t *offset = f->values.offset + place(in, i);

        if (offset[1] > offset[0])
            vector_scale(dim, 1.0f / (float)(offset[1] - offset[0]),
                         f->x.v + i * dim, f->x.v + i * dim);
    }
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

        switch (f->feature->encoder) {
        case ENCODER_NORMALIZE: break; /* input_backward_numbers() */
        case ENCODER_TOKENIZE:
            backward_mean(in, f, piece, dy, kernel_t, gradient);
            break;
        case ENCODER_THRESHOLD: break; /* a label is no input */
        case ENCODER_LOOKUP:
        case ENCODER_BUCKETIZE:
            backward_lookup(in, f, piece, dy, kernel_t, gradient);
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
        for (size_t s = r.begin; s < r.end; s++)
            distinct_sum(d, s, dim, f->x.v, f->token_gradient.v + s * dim);
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
