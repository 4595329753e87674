#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "filter/filter.h"
#include "filter/measure.h"

struct row_measuring {
    struct measured *m;
    size_t candidates, truth; /* columns */
    size_t values;
    double *value; /* [values], of a case */
    uint64_t rows, left_out;
};

const char *
measure_truth(const struct measured *m, const char *truth)
{
    return truth != NULL ? truth : input_meta(m->in, "key");
}

static struct row_measuring
start(struct measured *m, const char *truth)
{
    const struct input *in = m->in;
    struct row_measuring r = { .m = m, .values = quality_values(&m->quality) };
    const struct column *c;

    truth = measure_truth(m, truth);
    r.candidates = input_column_of(in, "candidates", TYPE_U32, SHAPE_LIST);
    r.truth = input_column(in, truth);
    c = &input_schema(in)->column[r.truth];
    if (c->type != TYPE_U32 || c->shape == SHAPE_VECTOR) {
        char is[TYPE_TEXT_MAX];

        column_type_text(c, is);
        input_bad(in, "column '%s' is %s, not u32 or u32[]", truth, is);
    }
    r.value = must_new(r.values, sizeof *r.value);
    return r;
}

static void
finish(struct row_measuring *r)
{
    if (r->left_out > 0 && r->left_out < r->rows)
        warning("%s: %" PRIu64 " of %" PRIu64
                " rows have nothing relevant and were left out",
                input_name(r->m->in), r->left_out, r->rows);
    free(r->value);
}

/* The values of row ROW of column A, a scalar or a list. */
static const uint32_t *
row_values(const struct array *a, uint32_t row, size_t *n)
{
    *n = a->list != NULL ? a->list[row + 1] - a->list[row] : 1;
    return array_u32(a) + (a->list != NULL ? a->list[row] : row);
}

/* Add the cases of a row to the means; MEAN, [values] a stride apart, gets
 * those of the row alone unless it is NULL. */
static void
measure_row(struct row_measuring *r, const struct block *b, uint32_t row,
            double *mean, size_t stride)
{
    struct measured *m = r->m;
    size_t length, truths, cases;
    const uint32_t *list = row_values(&b->column[r->candidates], row, &length);
    const uint32_t *truth = row_values(&b->column[r->truth], row, &truths);
    struct error e;

    if (length > m->longest)
        m->longest = (uint32_t)length;
    must(quality_relevant(&m->quality, truth, NULL, truths, &cases, &e), &e);
    r->rows++;
    r->left_out += cases == 0;
    for (size_t v = 0; mean != NULL && v < r->values; v++)
        mean[v * stride] = cases > 0 ? 0 : (double)NAN;
    for (size_t c = 0; c < cases; c++) {
        must(quality_measure(&m->quality, c, list, length, r->value, &e), &e);
        for (size_t v = 0; v < r->values; v++) {
            mean_add(&m->mean[v], r->value[v]);
            if (mean != NULL)
                mean[v * stride] += r->value[v] / (double)cases;
        }
    }
}

void
measure_rows(struct measured *m, const char *truth)
{
    struct row_measuring r = start(m, truth);
    struct block b;

    while (input_next(m->in, &b))
        for (uint32_t row = 0; row < b.rows; row++)
            measure_row(&r, &b, row, NULL, 0);
    finish(&r);
}

/* The columns of the input, and "ndcg@10" and so on behind them. */
static struct output *
open_rows(const struct measured *m)
{
    struct output *out;
    struct schema s;
    struct error e;

    must(schema_copy(&s, input_schema(m->in), &e), &e);
    for (size_t v = 0; v < quality_values(&m->quality); v++) {
        char name[QUALITY_NAME_MAX];

        quality_name(&m->quality, v, name);
        if (schema_add(&s, name, TYPE_F64, SHAPE_SCALAR, 1, &e) != 0)
            input_bad(m->in, "%s", e.text);
    }
    out = output_open(cli_output(), &s);
    schema_free(&s);
    return out;
}

struct output *
measure_rows_to(struct measured *m, const char *truth)
{
    struct row_measuring r = start(m, truth);
    struct output *out = open_rows(m);
    const size_t columns = input_schema(m->in)->columns;
    struct array *array = must_new(columns + r.values, sizeof *array);
    double *value = NULL;
    size_t room = 0;
    struct block b;

    while (input_next(m->in, &b)) {
        value = must_grow(value, &room, r.values * b.rows + 1, sizeof *value);
        for (uint32_t row = 0; row < b.rows; row++)
            measure_row(&r, &b, row, value + row, b.rows);
        memcpy(array, b.column, columns * sizeof *array);
        for (size_t v = 0; v < r.values; v++)
            array[columns + v] = (struct array){
                .values = value + v * b.rows,
                .count = b.rows,
            };
        output_put(out, &(struct block){ b.rows, columns + r.values, array });
    }
    finish(&r);
    free(value);
    free(array);
    return out;
}
