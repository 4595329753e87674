#include <string.h>

#include "model/gemm.h"
#include "model/input_work.h"
#include "model/pieces.h"
#include "model/team.h"
#include "model/vector.h"

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
                const float *dy, const float *kernel_t, float *dp,
                float *gradient)
{
    const struct range r = piece_of(f->distinct.n, piece);
    const size_t width = in->width;

    for (size_t at = r.begin; at < r.end; at += INPUT_SLOTS) {
        const size_t left = r.end - at;
        const size_t n = left < INPUT_SLOTS ? left : INPUT_SLOTS;

        for (size_t s = 0; s < n; s++)
            distinct_sum(&f->distinct, at + s, width, dy, dp + s * width);
        backward_rows(in, f, n, dp, kernel_t, f->x.v + at * f->feature->dim,
                      gradient);
    }
}

void
input_share_out(const struct input *in, struct input_feature *f, struct range r,
                float *gradient)
{
    const size_t dim = f->feature->dim;

    for (size_t i = r.begin; i < r.end; i++) {
        size_t n;
        const uint32_t *id = input_list(in, f, i, &n);
        float *x = f->x.v + i * dim;

        vector_scale(dim, input_pool_factor(in, f, n), x, x);
        for (size_t t = 0; t < n && f->weight != NULL; t++)
            vector_add_product(dim, x, f->table + id[t] * dim,
                               gradient + f->weight_at + input_position(f, t));
    }
}

void
input_transpose(const struct input *in, float *kernel_t)
{
    for (size_t i = 0; i < in->features; i++) {
        const struct input_feature *f = &in->feature[i];
        const size_t dim = feature_width(f->feature);

        gemm_pack(dim, dim, in->width, 1, f->kernel, in->width,
                  kernel_t + f->kernel_at);
    }
}

void
input_backward_rows(struct input *in, size_t begin, size_t end, const float *dy,
                    const float *kernel_t, float *gradient)
{
    const size_t rows = end - begin;

    dy += begin * in->width;
    for (size_t i = 0; i < in->features; i++) {
        struct input_feature *f = &in->feature[i];

        if (f->feature->encoder == ENCODER_NORMALIZE)
            vector_add_rows(in->width, rows, f->x.v + begin, dy,
                            gradient + f->kernel_at);
        else if (f->by_row)
            backward_rows(in, f, rows, dy, kernel_t,
                          f->x.v + begin * f->feature->dim, gradient);
        if (feature_is_list(f->feature))
            input_share_out(in, f, (struct range){ begin, end }, gradient);
    }
}

void
input_backward(struct input *in, size_t piece, const float *dy,
               const float *kernel_t, float *dp, float *gradient)
{
    for (size_t i = 0; i < in->features; i++) {
        struct input_feature *f = &in->feature[i];

        if (feature_embedded(f->feature) && !f->by_row)
            backward_lookup(in, f, piece, dy, kernel_t, dp, gradient);
    }
}

void
input_row_backward(struct input *in, size_t piece, const float *dx,
                   float *gradient)
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
            input_share_out(in, f, r, gradient);
        for (size_t s = r.begin; s < r.end && !list; s++) {
            memset(f->x.v + s * dim, 0, dim * sizeof *dx);
            for (size_t m = d->start.v[s]; m < d->start.v[s + 1]; m++)
                vector_add(dim, dx + d->member.v[m] * width + f->at,
                           f->x.v + s * dim);
        }
    }
}

/* The gradient by the row that slot S of a weighted list looks up. */
static void
sum_weighted(const struct input_feature *f, size_t s, float *sum)
{
    const struct distinct *d = &f->distinct;
    const size_t dim = f->feature->dim;

    memset(sum, 0, dim * sizeof *sum);
    for (size_t m = d->start.v[s]; m < d->start.v[s + 1]; m++) {
        const size_t t = d->member.v[m], row = d->slot.v[t];
        const size_t place = t - f->start.v[row];

        vector_add_product(dim, f->weight + input_position(f, place),
                           f->x.v + row * dim, sum);
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

        if (!f->by_row)
            continue;
        for (size_t s = r.begin; s < r.end; s++) {
            float *sum = f->list_gradient.v + s * dim;

            if (f->weight != NULL)
                sum_weighted(f, s, sum);
            else
                distinct_sum(d, s, dim, f->x.v, sum);
        }
    }
}

void
input_gather(struct input *in, bool all)
{
    for (size_t i = 0; i < in->features; i++) {
        struct input_feature *f = &in->feature[i];

        if (all || feature_embedded(f->feature))
            team_gather(f->x.v, input_rows(in, f),
                        feature_width(f->feature) * sizeof *f->x.v);
    }
}

void
input_gather_lists(struct input *in)
{
    for (size_t i = 0; i < in->features; i++) {
        struct input_feature *f = &in->feature[i];

        if (f->by_row)
            team_gather(f->list_gradient.v, f->distinct.n,
                        f->feature->dim * sizeof *f->list_gradient.v);
    }
}

struct gradient
input_gradient(const struct input *in, size_t f)
{
    const struct input_feature *at = &in->feature[f];

    return (struct gradient){ at->distinct.n, at->distinct.id.v,
                              at->by_row ? at->list_gradient.v : at->x.v };
}
