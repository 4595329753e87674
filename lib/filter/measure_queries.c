#include <inttypes.h>
#include <stdlib.h>

#include "filter/filter.h"
#include "filter/measure.h"
#include "metrics/judgements.h"
#include "rows/value.h"

/* 2 to the power of a list of such gains is still a number. */
#define GAIN_MAX 900

/* What the truth file says, with the key of each query as it has it. */
struct judged {
    struct judgements *judgements;
    struct column column; /* t->by; its name is the caller's */
    struct builder keys;  /* [queries] */
};

/* Column BY of IN, whose values are to be keys. */
static size_t
key_column(const struct input *in, const char *by)
{
    const size_t c = input_column(in, by);
    struct error e;

    if (key_check(&input_schema(in)->column[c], &e) != 0)
        input_bad(in, "%s", e.text);
    return c;
}

static size_t
gain_column(const struct input *in, const char *gain)
{
    const size_t c = input_column(in, gain);
    const struct column *column = &input_schema(in)->column[c];

    if (column->shape != SHAPE_SCALAR || column->type == TYPE_STR)
        input_bad(in, "column '%s' is not one number, as a gain is", gain);
    return c;
}

static struct judged
read_truth(struct measured *m, const struct truth_file *t)
{
    struct quality *quality = &m->quality;
    struct input *in = input_open(t->path);
    const size_t by = key_column(in, t->by);
    const size_t item = input_column_of(in, t->item, TYPE_U32, SHAPE_SCALAR);
    const size_t gain = t->gain != NULL ? gain_column(in, t->gain) : 0;
    const struct schema *s = input_schema(in);
    struct judged j = { .column = s->column[by] };
    struct error e;
    struct block b;

    input_same_ids(in, m->in, t->by);
    input_same_ids(in, m->in, t->item);
    j.judgements = must_have(judgements_new(&e), &e);
    must(builder_init(&j.keys, &j.column, &e), &e);
    while (input_next(in, &b))
        for (uint32_t r = 0; r < b.rows; r++) {
            const double g =
                t->gain != NULL
                    ? array_number(&b.column[gain], s->column[gain].type, r)
                    : 1;
            struct key k;
            bool new;

            if (quality->convention->gain == GAIN_EXPONENTIAL && g > GAIN_MAX)
                input_bad_row(in, r,
                              "a gain of %g: 2^gain is taken, of %d at "
                              "most",
                              g, GAIN_MAX);
            key_at(&k, &b.column[by], s->column[by].type, r);
            if (judgements_add(j.judgements, k.data, k.len,
                               array_u32(&b.column[item])[r], (float)g, &new,
                               &e) != 0)
                input_bad_row(in, r, "%s", e.text);
            if (new)
                must(builder_gather(&j.keys, &s->column[by], &b.column[by], &r,
                                    1, &e),
                     &e);
        }
    if (judgements_queries(j.judgements) == 0)
        input_bad(in, "no rows, so nothing is relevant");
    must(judgements_finish(j.judgements, quality, &e), &e);
    j.column.name = NULL; /* it was the input's */
    input_close(in);
    return j;
}

static void
measure_lists(struct measured *m, const struct truth_file *t, struct judged *j)
{
    const struct input *in = m->in;
    const size_t by = key_column(in, t->by);
    const size_t candidates =
        input_column_of(in, "candidates", TYPE_U32, SHAPE_LIST);
    const enum type type = input_schema(in)->column[by].type;
    uint64_t lists = 0, idle = 0;
    struct error e;
    struct block b;

    if ((type == TYPE_STR) != (j->column.type == TYPE_STR))
        input_bad(in, "column '%s' has other values than that of %s", t->by,
                  t->path);
    while (input_next(m->in, &b))
        for (uint32_t r = 0; r < b.rows; r++) {
            const struct array *a = &b.column[candidates];
            const uint32_t length = a->list[r + 1] - a->list[r];
            struct key k;
            bool judged;

            key_at(&k, &b.column[by], type, r);
            if (judgements_measure(j->judgements, k.data, k.len,
                                   array_u32(a) + a->list[r], length, &judged,
                                   &e) != 0) {
                char text[KEY_TEXT_MAX];

                key_text(text, &b.column[by], type, r);
                input_bad_row(in, r, "%s %s: %s", t->by, text, e.text);
            }
            if (judged && length > m->longest)
                m->longest = length;
            lists++;
            idle += !judged;
        }
    if (judgements_unlisted(j->judgements) > 0)
        warning("%s: %" PRIu32 " of the %" PRIu32
                " queries of %s have no list and count as 0",
                input_name(in), judgements_unlisted(j->judgements),
                judgements_queries(j->judgements), t->path);
    if (idle > 0)
        warning("%s: %" PRIu64 " of %" PRIu64
                " lists are of no query of %s and were left out",
                input_name(in), idle, lists, t->path);
}

static struct output *
open_queries(const struct measured *m, const struct truth_file *t,
             const struct judged *j, struct table *table)
{
    const struct column *c = &j->column;
    struct output *out;
    struct schema s;
    struct error e;

    /* Values of different splits are one stream by cat(1): nothing is left of
     * what the lists were made of. */
    must(schema_copy_head(&s, input_schema(m->in), "feature.", &e), &e);
    must(schema_add(&s, t->by, c->type, c->shape, c->width, &e), &e);
    for (size_t v = 0; v < quality_values(&m->quality); v++) {
        char name[QUALITY_NAME_MAX];

        quality_name(&m->quality, v, name);
        must(schema_add(&s, name, TYPE_F64, SHAPE_SCALAR, 1, &e), &e);
    }
    out = output_open(cli_output(), &s);
    must(table_init(table, &s, &e), &e);
    schema_free(&s);
    return out;
}

static struct output *
write_queries(const struct measured *m, const struct truth_file *t,
              const struct judged *j)
{
    const struct array keys = builder_array(&j->keys);
    struct table table;
    struct output *out = open_queries(m, t, j, &table);
    struct error e;

    for (size_t c = 0; c < judgements_cases(j->judgements); c++) {
        const double *value = judgements_values(j->judgements, c);
        const uint32_t query = judgements_query(j->judgements, c);

        must(builder_gather(&table.column[0], &j->column, &keys, &query, 1, &e),
             &e);
        for (size_t v = 1; v < table.columns; v++)
            must(builder_add(&table.column[v], value++, 1, &e), &e);
        table.rows++;
        if (table_is_full(&table))
            output_put_table(out, &table);
    }
    if (table.rows > 0)
        output_put_table(out, &table);
    table_free(&table);
    return out;
}

void
measure_queries(struct measured *m, const struct truth_file *t,
                struct output **rows)
{
    struct judged j = read_truth(m, t);
    const size_t values = quality_values(&m->quality);

    measure_lists(m, t, &j);
    for (size_t c = 0; c < judgements_cases(j.judgements); c++) {
        const double *value = judgements_values(j.judgements, c);

        for (size_t v = 0; v < values; v++)
            mean_add(&m->mean[v], value[v]);
    }
    if (rows != NULL)
        *rows = write_queries(m, t, &j);
    judgements_free(j.judgements);
    builder_free(&j.keys);
}
