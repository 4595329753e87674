/*
 * input_work.h - what the files of input.h share
 */
#ifndef MODEL_INPUT_WORK_H
#define MODEL_INPUT_WORK_H

#include <math.h>

#include "model/input.h"
#include "model/pieces.h"

/* Where row I of the batch is in the columns. */
static inline size_t
input_place(const struct input *in, size_t i)
{
    return in->row != NULL ? in->row[i] : i;
}

static inline float
input_drop_rate(const struct input *in, const struct input_feature *f)
{
    return in->drop != NULL ? in->drop->rate[f->column] : 0;
}

/* Is there a P of feature F? */
static inline bool
input_has_p(const struct input_feature *f)
{
    return feature_embedded(f->feature) && !f->by_row;
}

/* Rows of X: a slot each, or a row each. */
static inline size_t
input_rows(const struct input *in, const struct input_feature *f)
{
    return input_has_p(f) ? f->distinct.n : in->n;
}

/* x_f of rows R, or of slots R where there is a P. */
void input_make_rows(const struct input *in, struct input_feature *f,
                     struct range r);
/* The gradient is an equal share for each id of a list, or that times the
 * weight of its place: X of rows R becomes the share. */
void input_share_out(const struct input *in, struct input_feature *f,
                     struct range r, float *gradient);

/* The ids of row I's list, *N of them. */
static inline const uint32_t *
input_list(const struct input *in, const struct input_feature *f, size_t i,
           size_t *n)
{
    const uint32_t *start =
        in->training ? f->start.v + i : f->values.offset + input_place(in, i);

    *n = start[1] - start[0];
    return (in->training ? f->id.v : f->values.id) + start[0];
}

/* The weights of what is in place T of a list. */
static inline size_t
input_position(const struct input_feature *f, size_t t)
{
    const size_t last = f->feature->positions - 1;

    return (t < last ? t : last) * f->feature->dim;
}

/* What the sum of N rows is multiplied by. */
static inline float
input_pool_factor(const struct input *in, const struct input_feature *f,
                  size_t n)
{
    switch ((enum feature_pool)f->feature->pool) {
    case POOL_MEAN: return n > 0 ? 1.0f / (float)n : 1;
    case POOL_SQRTN: return n > 0 ? 1.0f / sqrtf((float)n) : 1;
    case POOL_WEIGHTED:
    case POOL_SUM: return 1.0f / (1.0f - input_drop_rate(in, f));
    case POOL_NONE: break;
    }
    return 1;
}

#endif
