#include "model/fingerprint.h"

#include <string.h>

#include "base/hash.h"

static uint64_t
hash_feature(const struct feature *f, uint64_t h)
{
    char line[FEATURE_LINE_MAX];

    feature_format(f, line);
    return hash_bytes(line, strlen(line), h);
}

static uint64_t
hash_values(const struct feature *f, const struct feature_values *v,
            size_t rows, uint64_t h)
{
    if (f->encoder == ENCODER_NORMALIZE)
        return hash_bytes(v->value, rows * sizeof *v->value, h);
    if (v->offset == NULL)
        return hash_bytes(v->id, rows * sizeof *v->id, h);
    h = hash_bytes(v->offset, (rows + 1) * sizeof *v->offset, h);
    return hash_bytes(v->id, v->offset[rows] * sizeof *v->id, h);
}

uint64_t
examples_fingerprint(const struct examples *x)
{
    uint64_t h = hash_u64(x->rows) ^ hash_u64(~(uint64_t)x->tuples);

    for (size_t i = 0; i < x->features; i++) {
        const struct feature *f = &x->feature[i];

        h = hash_feature(f, h);
        h = hash_values(f, &x->column[i],
                        f->part == PART_ITEM ? x->tuples : x->rows, h);
    }
    h = hash_bytes(x->item, x->rows * sizeof *x->item, h);
    if (x->grade != NULL)
        h = hash_bytes(x->grade, x->rows * sizeof *x->grade, h);
    return x->label != NULL ? hash_bytes(x->label, x->rows, h) : h;
}
