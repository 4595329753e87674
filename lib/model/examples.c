#include "model/examples.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/intern.h"
#include "base/mem.h"
#include "model/packed.h"
#include "model/scratch.h"

struct examples_store {
    struct feature *feature;
    struct packed *packed;         /* [features]: over rows or tuples */
    struct feature_values *column; /* [features], views of PACKED */
    const struct feature *key_feature;
    size_t key_column;
    struct packed item, label; /* over rows */
    struct floats grade;       /* likewise, when there are any */
    struct ids number;         /* the tuples of rows that are appended */
    struct ids key, key_rows;
    struct ids tuple_rows; /* rows that have the tuple */
    struct intern *tuples;
    struct buffer tuple; /* the bytes of one */
    size_t limit;        /* bytes of rows in memory */
    bool labelled, spilled;
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
    s->limit = SIZE_MAX;
    s->labelled = labelled;
    if (packed_init(&s->item, sizeof(uint32_t), false, e) != 0 ||
        packed_init(&s->label, sizeof(uint8_t), false, e) != 0)
        goto fail;
    memcpy(s->feature, feature, features * sizeof *feature);
    for (size_t f = 0; f < features; f++) {
        const bool list = feature_is_list(&feature[f]);

        if (packed_init(&s->packed[f], sizeof(uint32_t), list, e) != 0)
            goto fail;
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
examples_limit(struct examples *x, size_t bytes)
{
    x->store->limit = bytes;
}

void
examples_free(struct examples *x)
{
    struct examples_store *s;

    if (x == NULL)
        return;
    s = x->store;
    for (size_t f = 0; s->packed != NULL && f < x->features; f++)
        packed_free(&s->packed[f]);
    free(s->packed);
    free(s->feature);
    free(s->column);
    packed_free(&s->item);
    packed_free(&s->label);
    free(s->number.v);
    free(s->key.v);
    free(s->key_rows.v);
    free(s->tuple_rows.v);
    free(s->grade.v);
    intern_free(s->tuples);
    buffer_free(&s->tuple);
    free(s);
    free(x);
}

/* Append rows FIRST .. FIRST + N - 1 of V to a feature's column. */
static int
pack(struct packed *p, const struct feature *f, const struct feature_values *v,
     size_t first, size_t n, struct error *e)
{
    const struct feature_values at = feature_values_from(v, first);
    const void *value = at.id;

    if (f->encoder == ENCODER_NORMALIZE)
        value = at.value;
    if (packed_append(p, value, at.offset, n, e) != 0)
        return error_prefix(e, "%s", f->name);
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
            pack(&s->packed[f], &x->feature[f], &values[f], r, 1, e) != 0)
            return -1;
    if (ids_room(&s->key, x->tuples + 1, e) != 0 ||
        ids_room(&s->tuple_rows, x->tuples + 1, e) != 0)
        return -1;
    s->key.v[x->tuples] = s->key_feature != NULL ? values[s->key_column].id[r]
                                                 : (uint32_t)x->tuples;
    s->tuple_rows.v[x->tuples] = 0;
    x->tuples++;
    return 0;
}

static int
append_items(struct examples *x, size_t rows,
             const struct feature_values *values, struct error *e)
{
    struct examples_store *s = x->store;

    if (ids_room(&s->number, rows, e) != 0)
        return -1;
    for (size_t r = 0; r < rows; r++) {
        uint32_t tuple;

        if (tuple_bytes(x, values, r, e) != 0)
            return -1;
        tuple = intern_add(s->tuples, s->tuple.data, s->tuple.len, e);
        if (tuple == INTERN_NONE ||
            (tuple == x->tuples && add_tuple(x, values, r, e) != 0))
            return -1;
        s->number.v[r] = tuple;
        s->tuple_rows.v[tuple]++;
    }
    return packed_append(&s->item, s->number.v, NULL, rows, e);
}

static int
append_labels(struct examples *x, size_t rows, const uint8_t *label,
              struct error *e)
{
    for (size_t r = 0; r < rows; r++)
        if (label[r] > 1)
            return error_set(e, "label: %u is neither 0 nor 1", label[r]);
    return packed_append(&x->store->label, label, NULL, rows, e);
}

/* Column number I of those over rows, NULL behind the last: query features,
 * item, label. */
static struct packed *
row_column(const struct examples *x, size_t *i)
{
    struct examples_store *s = x->store;

    while (*i < x->features && x->feature[*i].part != PART_QUERY)
        (*i)++;
    if (*i < x->features)
        return &s->packed[(*i)++];
    if (*i == x->features) {
        (*i)++;
        return &s->item;
    }
    return (*i)++ == x->features + 1 && x->store->labelled ? &s->label : NULL;
}

/* What all rows take, with their places in the order of an epoch. */
static size_t
bytes_of_rows(const struct examples *x)
{
    const struct packed *p;
    size_t bytes = x->rows * sizeof(uint32_t);

    for (size_t i = 0; (p = row_column(x, &i)) != NULL;)
        bytes += packed_bytes(p);
    return bytes;
}

static int
spill(struct examples *x, struct error *e)
{
    struct packed *p;

    for (size_t i = 0; (p = row_column(x, &i)) != NULL;)
        if (packed_spill(p, e) != 0)
            return -1;
    x->store->spilled = true;
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
            pack(&s->packed[f], &x->feature[f], &values[f], 0, rows, e) != 0)
            return -1;
    if (append_items(x, rows, values, e) != 0 ||
        (s->labelled && append_labels(x, rows, label, e) != 0))
        return -1;
    x->rows += rows;
    if (!s->spilled && bytes_of_rows(x) > s->limit)
        return spill(x, e);
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

/* Set what readers see. */
static void
show(struct examples *x)
{
    struct examples_store *s = x->store;

    for (size_t f = 0; f < x->features; f++) {
        const struct packed *p = &s->packed[f];
        const bool number = x->feature[f].encoder == ENCODER_NORMALIZE;

        s->column[f] = (struct feature_values){
            .id = number ? NULL : packed_values(p),
            .value = number ? packed_values(p) : NULL,
            .offset = packed_offsets(p),
        };
    }
    x->item = packed_values(&s->item);
    x->label = s->labelled ? packed_values(&s->label) : NULL;
    x->grade = s->grade.v;
}

/* Rows with each key. */
static int
count_keys(struct examples *x, struct error *e)
{
    struct examples_store *s = x->store;

    x->keys = s->key_feature != NULL ? s->key_feature->size : x->tuples;
    if (ids_room(&s->key_rows, x->keys, e) != 0)
        return -1;
    memset(s->key_rows.v, 0, x->keys * sizeof *s->key_rows.v);
    for (size_t t = 0; t < x->tuples; t++)
        s->key_rows.v[s->key.v[t]] += s->tuple_rows.v[t];
    x->key = s->key.v;
    x->key_rows = s->key_rows.v;
    return 0;
}

int
examples_finish(struct examples *x, struct error *e)
{
    struct examples_store *s = x->store;

    for (size_t f = 0; f < x->features; f++)
        if (packed_end(&s->packed[f], e) != 0)
            return -1;
    if (packed_end(&s->item, e) != 0 || packed_end(&s->label, e) != 0)
        return -1;
    s->key.v = mem_trim(s->key.v, &s->key.cap, x->tuples, sizeof *s->key.v);
    x->run = x->rows;
    if (s->spilled) {
        const size_t row = (bytes_of_rows(x) + x->rows - 1) / x->rows;

        x->run = s->limit > row ? s->limit / row : 1;
    }
    if (count_keys(x, e) != 0)
        return -1;
    show(x);
    /* Only appending needs these. */
    intern_free(s->tuples);
    s->tuples = NULL;
    free(s->number.v);
    free(s->tuple_rows.v);
    s->number = s->tuple_rows = (struct ids){ 0 };
    return 0;
}

int
examples_load(struct examples *x, const struct range *range, size_t n,
              struct error *e)
{
    struct packed *p;

    assert(x->store->spilled);
    for (size_t i = 0; (p = row_column(x, &i)) != NULL;)
        if (packed_load(p, range, n, e) != 0)
            return -1;
    show(x);
    return 0;
}
