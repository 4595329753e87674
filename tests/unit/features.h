/*
 * features.h - the way from data to features in one call, for unit programs
 *
 * Rows are tallied, written as a vocabulary, read back and encoded: what
 * rec-vocab and rec-featurize do, without the files between.
 */
#ifndef FEATURES_H
#define FEATURES_H

#include <string.h>

#include "check.h"
#include "features/encoder.h"
#include "features/tally.h"
#include "features/value.h"

/* A column of data that is being made. */
struct data {
    struct column column;
    struct builder values;
};

static inline struct data
data_new(enum type type)
{
    static char name[] = "c";
    struct data d = { .column = { name, type, SHAPE_SCALAR, 1 } };
    struct error e;

    or_stop(builder_init(&d.values, &d.column, &e), &e);
    return d;
}

static inline struct data
data_strings(const char *const *text, size_t n)
{
    struct data d = data_new(TYPE_STR);
    struct error e;

    for (size_t i = 0; i < n; i++)
        or_stop(builder_add_str(&d.values, text[i], strlen(text[i]), &e), &e);
    return d;
}

static inline struct data
data_numbers(enum type type, const void *values, size_t n)
{
    struct data d = data_new(type);
    struct error e;

    or_stop(builder_add(&d.values, values, n, &e), &e);
    return d;
}

/* The vocabulary of D for the one feature of LINE, over a column called c. */
static inline struct vocabulary *
learn_from(const char *line, const struct data *d)
{
    struct schema s = { 0 };
    struct vocabulary *v;
    struct tally *tally;
    struct table table;
    struct array a = builder_array(&d->values);
    struct spec spec;
    struct block b;
    uint32_t bad;
    struct error e;

    or_stop(spec_parse(&spec, line, strlen(line), &e), &e);
    tally = tally_new(&spec.feature[0], &e);
    or_stop(tally != NULL ? 0 : -1, &e);
    or_stop(value_check_column(&spec.feature[0], &d->column, &e), &e);
    or_stop(tally_add(tally, &d->column, &a, (uint32_t)a.count, &bad, &e), &e);
    or_stop(tally_finish(tally, &e), &e);

    or_stop(vocabulary_schema(&s, &spec, &e), &e);
    or_stop(table_init(&table, &s, &e), &e);
    for (size_t i = 0; i < tally_rows(tally); i++) {
        const struct vocabulary_row row = tally_row(tally, i);

        or_stop(vocabulary_put(&table, spec.feature[0].name, &row, &e), &e);
    }

    v = vocabulary_new(&s, &e);
    or_stop(v != NULL ? 0 : -1, &e);
    b = table_block(&table);
    or_stop(vocabulary_add(v, &b, &bad, &e), &e);
    or_stop(vocabulary_finish(v, &e), &e);
    table_free(&table);
    schema_free(&s);
    tally_free(tally);
    spec_free(&spec);
    return v;
}

/* D's rows by that vocabulary; free with builder_free(). */
static inline struct builder
encode_with(const struct vocabulary *v, const struct data *d)
{
    struct array a = builder_array(&d->values);
    struct schema s = { 0 };
    struct encoder *x;
    struct builder out;
    uint32_t bad;
    struct error e;

    x = encoder_new(v, 0, &e);
    or_stop(x != NULL ? 0 : -1, &e);
    or_stop(feature_add_column(&s, &v->spec.feature[0], &e), &e);
    or_stop(builder_init(&out, &s.column[0], &e), &e);
    or_stop(encoder_run(x, &d->column, &a, (uint32_t)a.count, &out, &bad, &e),
            &e);
    encoder_free(x);
    schema_free(&s);
    return out;
}

#endif
