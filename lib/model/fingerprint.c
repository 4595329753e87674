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

/* N rows that are in memory, the first of all if FIRST: with these goes what
 * there is once. */
static uint64_t
hash_rows(const struct examples *x, size_t n, bool first, uint64_t h)
{
    for (size_t i = 0; i < x->features; i++) {
        const struct feature *f = &x->feature[i];
        const bool item = f->part == PART_ITEM;

        if (item && !first)
            continue;
        h = hash_feature(f, h);
        h = hash_values(f, &x->column[i], item ? x->tuples : n, h);
    }
    h = hash_bytes(x->item, n * sizeof *x->item, h);
    if (x->grade != NULL) /* then all rows are in memory */
        h = hash_bytes(x->grade, n * sizeof *x->grade, h);
    return x->label != NULL ? hash_bytes(x->label, n, h) : h;
}

int
examples_fingerprint(struct examples *x, uint64_t *hash, struct error *e)
{
    uint64_t h = hash_u64(x->rows) ^ hash_u64(~(uint64_t)x->tuples);

    for (size_t at = 0; at < x->rows; at += x->run) {
        const size_t left = x->rows - at, n = left < x->run ? left : x->run;
        const struct range r = { at, at + n };

        if (x->run < x->rows && examples_load(x, &r, 1, e) != 0)
            return -1;
        h = hash_rows(x, n, at == 0, h);
    }
    *hash = h;
    return 0;
}
