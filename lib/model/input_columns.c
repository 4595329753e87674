#include "model/input_columns.h"

#include <math.h>
#include <string.h>

#include "model/gemm.h"
#include "model/input_work.h"
#include "model/pieces.h"
#include "model/team.h"

void
input_columns_rows(struct input *in, size_t piece)
{
    for (size_t i = 0; i < in->features; i++) {
        struct input_feature *f = &in->feature[i];

        input_make_rows(in, f, piece_of(input_rows(in, f), piece));
    }
}

size_t
input_columns_size(const struct input *in)
{
    size_t size = 0;

    for (size_t i = 0; i < in->features; i++)
        if (feature_embedded(in->feature[i].feature))
            size +=
                input_rows(in, &in->feature[i]) * in->feature[i].feature->dim;
    return size;
}

size_t
input_columns_slots(const struct input *in)
{
    size_t slots = 0;

    for (size_t i = 0; i < in->features; i++)
        if (input_has_p(&in->feature[i]))
            slots += in->feature[i].distinct.n;
    return slots;
}

/* x_f W_f in columns C, added to what is at ADD_TO if that is not NULL. */
static void
multiply(const struct input *in, const struct input_feature *f,
         struct columns c, const float *add_to, float *y)
{
    const size_t dim = f->feature->dim;

    gemm(input_rows(in, f), c.width, dim, f->x.v, dim, f->kernel + c.at,
         in->width, add_to, c.width, y, c.width);
}

/* Y has the products of all that is made row by row, if there is any. */
static bool
multiply_rows(const struct input *in, struct columns c, float *y)
{
    bool made = false;

    for (size_t i = 0; i < in->features; i++) {
        const struct input_feature *f = &in->feature[i];

        if (!f->by_row)
            continue;
        multiply(in, f, c, made ? y : NULL, y);
        made = true;
    }
    return made;
}

void
input_columns(const struct input *in, struct columns c, const float *start,
              const uint32_t *place, float least, float *p, float *y)
{
    struct vector_term term[VECTOR_GATHER_TERMS] = { { .row = y } };
    size_t n = multiply_rows(in, c, y);

    term[n++] = (struct vector_term){ start, place, NULL, place == NULL };
    for (size_t i = 0; i < in->features; i++) {
        const struct input_feature *f = &in->feature[i];

        if (f->by_row)
            continue;
        if (n == VECTOR_GATHER_TERMS) {
            vector_gather(c.width, in->n, n, term, -INFINITY, y);
            term[0] = (struct vector_term){ .row = y };
            n = 1;
        }
        if (input_has_p(f)) {
            multiply(in, f, c, NULL, p);
            term[n++] = (struct vector_term){ p, f->distinct.slot.v, NULL, 0 };
            p += f->distinct.n * c.width;
        } else {
            term[n++] =
                (struct vector_term){ f->kernel + c.at, NULL, f->x.v, true };
        }
    }
    vector_gather(c.width, in->n, n, term, least, y);
}

void
input_columns_backward(const struct input *in, struct columns c,
                       const float *dy, float *kernel_t, float *p,
                       float *gradient, bool first, float *dx)
{
    for (size_t i = 0; i < in->features; i++) {
        const struct input_feature *f = &in->feature[i];
        const size_t dim = feature_width(f->feature), rows = input_rows(in, f);
        float *dkernel = gradient + f->kernel_at + c.at;
        float *t = kernel_t + f->kernel_at + c.at * dim;
        const float *dp = dy;

        if (!feature_embedded(f->feature)) {
            vector_sum_all(c.width, rows, f->x.v, dy, dkernel);
            continue;
        }
        if (input_has_p(f)) {
            memset(p, 0, rows * c.width * sizeof *p);
            vector_scatter(c.width, in->n, f->distinct.slot.v, dy, p);
            dp = p;
        }
        gemm_tn(dim, c.width, rows, f->x.v, dim, dp, c.width, NULL, 0, dkernel,
                in->width);
        gemm_pack(dim, dim, c.width, 1, f->kernel + c.at, in->width, t);
        gemm_packed(rows, dim, c.width, dp, c.width, t, first ? NULL : dx, dim,
                    dx, dim);
        dx += rows * dim;
    }
}

void
input_columns_spread(const struct input *in, unsigned from, float *dx)
{
    for (size_t i = 0; i < in->features; i++) {
        const struct input_feature *f = &in->feature[i];
        const size_t dim = feature_width(f->feature), rows = input_rows(in, f);

        if (!feature_embedded(f->feature))
            continue;
        team_spread(from, dx, rows, dim * sizeof *dx);
        dx += rows * dim;
    }
}

void
input_columns_sum(struct input *in, size_t piece, size_t blocks,
                  const float *dx, float *gradient)
{
    const size_t size = input_columns_size(in);

    for (size_t i = 0; i < in->features; i++) {
        struct input_feature *f = &in->feature[i];
        const size_t dim = feature_width(f->feature), rows = input_rows(in, f);
        const struct range r = piece_of(rows, piece);
        const size_t n = (r.end - r.begin) * dim;
        float *sum = f->x.v + r.begin * dim;

        if (!feature_embedded(f->feature))
            continue;
        memcpy(sum, dx + r.begin * dim, n * sizeof *sum);
        for (size_t b = 1; b < blocks; b++)
            vector_add(n, dx + b * size + r.begin * dim, sum);
        if (feature_is_list(f->feature))
            input_share_out(in, f, r, gradient);
        dx += rows * dim;
    }
}
