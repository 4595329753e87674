#include "model/examples.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/intern.h"
#include "base/mem.h"
#include "model/scratch.h"

/* One column of the store; which arrays it uses depends on the encoder. */
struct packed {
    struct ids id, offset;
    struct floats value;
    size_t ids; /* in ID */
};

struct examples_store {
    struct feature *feature;
    struct packed *packed;         /* [features] */
    struct feature_values *column; /* [features], views of PACKED */
    const struct feature *key_feature;
    size_t key_column;
    struct ids item, key, key_rows;
    uint8_t *label;
    size_t label_cap;
    struct floats grade;
    struct intern *tuples;
    struct buffer tuple; /* the bytes of one */
};

struct examples *
examples_new(const struct feature *feature, size_t features, bool labelled,
             struct error *e)
{
    struct examples *x = mem_new(1, sizeof *x, e);
    struct examples_store *s = mem_new(1, sizeof *s, e);

    if (x == NULL || s == NULL) {
        free(x);
        free(s);
        return NULL;
    }
    x->store = s;
    x->features = features;
    x->feature = s->feature = mem_new(features, sizeof *s->feature, e);
    s->packed = mem_new(features, sizeof *s->packed, e);
    x->column = s->column = mem_new(features, sizeof *s->column, e);
    s->tuples = intern_new(e);
    if (s->feature == NULL || s->packed == NULL || s->column == NULL ||
        s->tuples == NULL)
        goto fail;
    if (labelled) {
        s->label = mem_grow(NULL, &s->label_cap, 1, 1, e);
        if (s->label == NULL)
            goto fail;
    }
    memcpy(s->feature, feature, features * sizeof *feature);
    for (size_t f = 0; f < features; f++) {
        struct packed *p = &s->packed[f];

        if (feature_is_list(&feature[f])) {
            if (ids_room(&p->offset, 1, e) != 0)
                goto fail;
            p->offset.v[0] = 0;
        }
        if (feature[f].key) {
            assert(s->key_feature == NULL && feature[f].part == PART_ITEM &&
                   feature[f].encoder == ENCODER_LOOKUP);
            s->key_feature = &s->feature[f];
            s->key_column = f;
        }
    }
    return x;
fail:
    examples_free(x);
    return NULL;
}

void
examples_free(struct examples *x)
{
    struct examples_store *s;

    if (x == NULL)
        return;
    s = x->store;
    for (size_t f = 0; s->packed != NULL && f < x->features; f++) {
        free(s->packed[f].id.v);
        free(s->packed[f].offset.v);
        free(s->packed[f].value.v);
    }
    free(s->packed);
    free(s->feature);
    free(s->column);
    free(s->item.v);
    free(s->key.v);
    free(s->key_rows.v);
    free(s->label);
    free(s->grade.v);
    intern_free(s->tuples);
    buffer_free(&s->tuple);
    free(s);
    free(x);
}

/* Append rows FIRST .. FIRST + N - 1 of V to a column that has ROWS rows. */
static int
pack(struct packed *p, const struct feature *f, size_t rows,
     const struct feature_values *v, size_t first, size_t n, struct error *e)
{
    size_t from = first, count = n;

    if (f->encoder == ENCODER_NORMALIZE) {
        if (floats_room(&p->value, rows + n, e) != 0)
            return -1;
        memcpy(p->value.v + rows, v->value + first, n * sizeof *p->value.v);
        return 0;
    }
    if (feature_is_list(f)) {
        from = v->offset[first];
        count = v->offset[first + n] - from;
        if (count > UINT32_MAX - p->ids)
            return error_set(e, "%s: more than %u ids in lists", f->name,
                             UINT32_MAX);
        if (ids_room(&p->offset, rows + n + 1, e) != 0)
            return -1;
        for (size_t i = 1; i <= n; i++)
            p->offset.v[rows + i] =
                (uint32_t)(p->ids + (v->offset[first + i] - from));
    }
    if (ids_room(&p->id, p->ids + count, e) != 0)
        return -1;
    memcpy(p->id.v + p->ids, v->id + from, count * sizeof *p->id.v);
    p->ids += count;
    return 0;
}

/* The item features of row R as bytes: equal bytes, equal tuple.  A list has
 * its length before it, so no two tuples run into the same bytes. */
static int
tuple_bytes(const struct examples *x, const struct feature_values *values,
            size_t r, struct error *e)
{
    struct buffer *b = &x->store->tuple;

    b->len = 0;
    for (size_t f = 0; f < x->features; f++) {
        const struct feature_values *v = &values[f];
        const void *from;
        uint32_t n = 1;

        if (x->feature[f].part != PART_ITEM)
            continue;
        if (feature_is_list(&x->feature[f])) {
            n = v->offset[r + 1] - v->offset[r];
            if (buffer_append(b, &n, sizeof n, e) != 0)
                return -1;
            from = v->id + v->offset[r];
        } else if (x->feature[f].encoder == ENCODER_NORMALIZE) {
            from = v->value + r;
        } else {
            from = v->id + r;
        }
        if (buffer_append(b, from, n * sizeof n, e) != 0)
            return -1;
    }
    return 0;
}

/* Store the tuple of row R, which is new. */
static int
add_tuple(struct examples *x, const struct feature_values *values, size_t r,
          struct error *e)
{
    struct examples_store *s = x->store;

    for (size_t f = 0; f < x->features; f++)
        if (x->feature[f].part == PART_ITEM &&
            pack(&s->packed[f], &x->feature[f], x->tuples, &values[f], r, 1,
                 e) != 0)
            return -1;
    if (ids_room(&s->key, x->tuples + 1, e) != 0)
        return -1;
    s->key.v[x->tuples] = s->key_feature != NULL ? values[s->key_column].id[r]
                                                 : (uint32_t)x->tuples;
    x->tuples++;
    return 0;
}

static int
append_items(struct examples *x, size_t rows,
             const struct feature_values *values, struct error *e)
{
    struct examples_store *s = x->store;

    if (ids_room(&s->item, x->rows + rows, e) != 0)
        return -1;
    for (size_t r = 0; r < rows; r++) {
        uint32_t tuple;

        if (tuple_bytes(x, values, r, e) != 0)
            return -1;
        tuple = intern_add(s->tuples, s->tuple.data, s->tuple.len, e);
        if (tuple == INTERN_NONE ||
            (tuple == x->tuples && add_tuple(x, values, r, e) != 0))
            return -1;
        s->item.v[x->rows + r] = tuple;
    }
    return 0;
}

static int
append_labels(struct examples *x, size_t rows, const uint8_t *label,
              struct error *e)
{
    struct examples_store *s = x->store;
    uint8_t *grown =
        mem_grow(s->label, &s->label_cap, x->rows + rows, sizeof *grown, e);

    if (grown == NULL)
        return -1;
    s->label = grown;
    for (size_t r = 0; r < rows; r++) {
        if (label[r] > 1)
            return error_set(e, "label: %u is neither 0 nor 1", label[r]);
        grown[x->rows + r] = label[r];
    }
    return 0;
}

int
examples_append(struct examples *x, size_t rows,
                const struct feature_values *values, const uint8_t *label,
                struct error *e)
{
    struct examples_store *s = x->store;

    if (rows > UINT32_MAX - x->rows)
        return error_set(e, "more than %u rows", UINT32_MAX);
    for (size_t f = 0; f < x->features; f++)
        if (feature_check(&x->feature[f], &values[f], rows, e) != 0)
            return -1;
    for (size_t f = 0; f < x->features; f++)
        if (x->feature[f].part == PART_QUERY &&
            pack(&s->packed[f], &x->feature[f], x->rows, &values[f], 0, rows,
                 e) != 0)
            return -1;
    if (append_items(x, rows, values, e) != 0 ||
        (s->label != NULL && append_labels(x, rows, label, e) != 0))
        return -1;
    x->rows += rows;
    return 0;
}

int
examples_append_grades(struct examples *x, size_t rows, const float *grade,
                       struct error *e)
{
    struct examples_store *s = x->store;

    for (size_t r = 0; r < rows; r++)
        if (!isfinite(grade[r]))
            return error_set(e, "a grade is not finite");
    if (floats_room(&s->grade, x->rows, e) != 0)
        return -1;
    memcpy(s->grade.v + x->rows - rows, grade, rows * sizeof *grade);
    return 0;
}

int
examples_grades(const struct examples *x, float grade[EXAMPLES_GRADES_MAX],
                size_t *n, struct error *e)
{
    *n = 0;
    for (size_t r = 0; r < x->rows; r++) {
        const float v = x->grade[r];
        size_t at = *n;

        while (at > 0 && grade[at - 1] >= v)
            at--;
        if (at < *n && grade[at] <= v)
            continue;
        if (*n == EXAMPLES_GRADES_MAX)
            return error_set(e, "more than %d different grades",
                             EXAMPLES_GRADES_MAX);
        memmove(grade + at + 1, grade + at, (*n - at) * sizeof *grade);
        grade[at] = v;
        ++*n;
    }
    return *n > 1 ? 0 : error_set(e, "all grades are the same");
}

static void
trim_ids(struct ids *v, size_t n)
{
    v->v = mem_trim(v->v, &v->cap, n, sizeof *v->v);
}

/* No more is appended: give back the room that columns had to grow. */
static void
trim(struct examples *x)
{
    struct examples_store *s = x->store;

    for (size_t f = 0; f < x->features; f++) {
        const bool query = x->feature[f].part == PART_QUERY;
        const size_t rows = query ? x->rows : x->tuples;
        struct packed *p = &s->packed[f];

        trim_ids(&p->id, p->ids);
        trim_ids(&p->offset, rows + 1);
        p->value.v =
            mem_trim(p->value.v, &p->value.cap, rows, sizeof *p->value.v);
    }
    trim_ids(&s->item, x->rows);
    trim_ids(&s->key, x->tuples);
    if (s->label != NULL)
        s->label = mem_trim(s->label, &s->label_cap, x->rows, 1);
}

int
examples_finish(struct examples *x, struct error *e)
{
    struct examples_store *s = x->store;

    trim(x);
    for (size_t f = 0; f < x->features; f++) {
        const struct packed *p = &s->packed[f];

        s->column[f] =
            (struct feature_values){ p->id.v, p->value.v, p->offset.v };
    }
    x->keys = s->key_feature != NULL ? s->key_feature->size : x->tuples;
    if (ids_room(&s->key_rows, x->keys, e) != 0)
        return -1;
    memset(s->key_rows.v, 0, x->keys * sizeof *s->key_rows.v);
    for (size_t r = 0; r < x->rows; r++)
        s->key_rows.v[s->key.v[s->item.v[r]]]++;
    x->item = s->item.v;
    x->label = s->label;
    x->grade = s->grade.v;
    x->key = s->key.v;
    x->key_rows = s->key_rows.v;
    intern_free(s->tuples); /* only appending needs it */
    s->tuples = NULL;
    return 0;
}
