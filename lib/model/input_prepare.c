#include "base/rng.h"
#include "model/input_work.h"
#include "model/network.h"

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
     * but to weights, so that its slot's place is free to say the row. */
    for (size_t i = 0; i < in->n; i++)
        for (size_t t = start[i]; t < start[i + 1]; t++)
            d->slot.v[t] = (uint32_t)i;
    for (size_t t = 0; t < d->count && f->weight == NULL; t++)
        d->member.v[t] = d->slot.v[d->member.v[t]];
    return 0;
}

/* All lists of the batch, one behind the other, without what is dropped. */
static int
prepare_lists(const struct input *in, struct input_feature *f, struct error *e)
{
    const uint32_t *offset = f->values.offset;
    const float rate = input_drop_rate(in, f);
    struct rng rng = drop_rng(in, f);
    size_t n = 0;

    for (size_t i = 0; i < in->n; i++)
        n += offset[input_place(in, i) + 1] - offset[input_place(in, i)];
    if (n > UINT32_MAX)
        return error_set(e, "%s: too many ids in a batch", f->feature->name);
    if (ids_room(&f->id, n, e) != 0 || ids_room(&f->start, in->n + 1, e) != 0)
        return -1;
    n = 0;
    f->start.v[0] = 0;
    for (size_t i = 0; i < in->n; i++) {
        const size_t r = input_place(in, i);

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
    const float rate = input_drop_rate(in, f);
    struct rng rng = drop_rng(in, f);
    struct distinct *d = &f->distinct;
    int status;

    if (rate <= 0) {
        status = distinct_find(d, f->values.id, in->row, in->n, e);
    } else {
        if (ids_room(&f->id, in->n, e) != 0)
            return -1;
        for (size_t i = 0; i < in->n; i++)
            f->id.v[i] =
                rng_f32(&rng) < rate ? 0 : f->values.id[input_place(in, i)];
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
    f->by_row = feature_is_list(f->feature);
    if (!f->by_row) {
        if (prepare_lookup(in, f, e) != 0)
            return -1;
        f->by_row = f->kernel != NULL && 4 * f->distinct.n > 3 * in->n;
    } else if (in->training && prepare_lists(in, f, e) != 0) {
        return -1;
    }
    if (floats_room(&f->x, input_rows(in, f) * dim, e) != 0)
        return -1;
    if (in->training && f->by_row &&
        floats_room(&f->list_gradient, f->distinct.n * dim, e) != 0)
        return -1;
    if (f->kernel == NULL || f->by_row)
        return 0;
    return floats_room(&f->p, f->distinct.n * in->width, e);
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
