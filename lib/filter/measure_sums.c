#include <string.h>

#include "filter/filter.h"
#include "filter/measure.h"

enum { CONVENTION, METRIC, DEPTH, ROWS, LONGEST, SUM, SQUARES, COLUMNS };

static const struct {
    const char *name;
    enum type type;
    enum shape shape;
} columns[COLUMNS] = {
    [CONVENTION] = { "convention", TYPE_STR, SHAPE_SCALAR },
    [METRIC] = { "metric", TYPE_STR, SHAPE_SCALAR },
    [DEPTH] = { "k", TYPE_U32, SHAPE_SCALAR },
    [ROWS] = { "rows", TYPE_U64, SHAPE_SCALAR },
    [LONGEST] = { "longest", TYPE_U32, SHAPE_SCALAR },
    [SUM] = { "sum", TYPE_F64, SHAPE_LIST },
    [SQUARES] = { "squares", TYPE_F64, SHAPE_LIST },
};

static void
put_sum(struct builder *c, const struct sum *sum)
{
    double part[SUM_PARTS];
    const unsigned parts = sum_parts(sum, part);
    struct error e;

    must(builder_add(c, part, parts, &e), &e);
    must(builder_end_row(c, &e), &e);
}

static void
put_value(struct table *t, const struct measured *m, size_t v)
{
    const char *convention = m->quality.convention->name;
    const char *metric = quality_metric(&m->quality, v);
    const uint32_t depth = quality_depth(&m->quality, v);
    struct builder *c = t->column;
    struct error e;

    must(builder_add_str(&c[CONVENTION], convention, strlen(convention), &e),
         &e);
    must(builder_add_str(&c[METRIC], metric, strlen(metric), &e), &e);
    must(builder_add(&c[DEPTH], &depth, 1, &e), &e);
    must(builder_add(&c[ROWS], &m->mean[v].n, 1, &e), &e);
    must(builder_add(&c[LONGEST], &m->longest, 1, &e), &e);
    put_sum(&c[SUM], &m->mean[v].sum);
    put_sum(&c[SQUARES], &m->mean[v].squares);
    t->rows++;
}

struct output *
measure_write_sums(const struct measured *m)
{
    const struct schema *from = input_schema(m->in);
    struct schema s = { 0 };
    struct output *out;
    struct table t;
    struct error e;

    for (size_t i = 0; i < COLUMNS; i++)
        must(schema_add(&s, columns[i].name, columns[i].type, columns[i].shape,
                        1, &e),
             &e);
    for (size_t i = 0; i < from->steps; i++)
        must(schema_add_step(&s, from->step[i], &e), &e);
    out = output_open(cli_output(), &s);
    must(table_init(&t, &s, &e), &e);
    for (size_t v = 0; v < quality_values(&m->quality); v++)
        put_value(&t, m, v);
    output_put_table(out, &t);
    table_free(&t);
    schema_free(&s);
    return out;
}

static bool
is(const struct array *a, size_t row, const char *text)
{
    size_t len;
    const char *s = array_str(a, row, &len);

    return strlen(text) == len && memcmp(s, text, len) == 0;
}

/* The convention and the depths of all rows. */
static void
find_quality(struct measured *m, const struct block *b,
             const struct array *const *c)
{
    struct quality *q = &m->quality;
    size_t known = 0;

    while (b->rows > 0 && known < CONVENTIONS &&
           !is(c[CONVENTION], 0, conventions[known].name))
        known++;
    if (known == CONVENTIONS) {
        size_t len;
        const char *s = array_str(c[CONVENTION], 0, &len);

        input_bad(m->in, "convention '%.*s' is none of ours",
                  (int)(len < 40 ? len : 40), s);
    }
    q->convention = &conventions[known];
    q->depths = 0;
    for (uint32_t r = 0; r < b->rows; r++) {
        const uint32_t depth = array_u32(c[DEPTH])[r];
        unsigned d = 0;

        if (!is(c[CONVENTION], r, q->convention->name))
            input_bad(m->in, "sums of different conventions");
        while (d < q->depths && q->depth[d] < depth)
            d++;
        if (d < q->depths && q->depth[d] == depth)
            continue;
        if (q->depths == QUALITY_DEPTHS_MAX)
            input_bad(m->in, "sums of too many depths");
        memmove(&q->depth[d + 1], &q->depth[d],
                (q->depths++ - d) * sizeof *q->depth);
        q->depth[d] = depth;
    }
}

static void
add_parts(struct sum *sum, const struct array *a, uint32_t row)
{
    for (uint32_t i = a->list[row]; i < a->list[row + 1]; i++)
        sum_add(sum, array_number(a, TYPE_F64, i));
}

static void
add_row(struct measured *m, const struct array *const *c, uint32_t row)
{
    const uint32_t depth = array_u32(c[DEPTH])[row];
    const uint32_t longest = array_u32(c[LONGEST])[row];
    size_t v = 0;

    while (v < quality_values(&m->quality) &&
           (quality_depth(&m->quality, v) != depth ||
            !is(c[METRIC], row, quality_metric(&m->quality, v))))
        v++;
    if (v == quality_values(&m->quality))
        input_bad(m->in, "row %u: no metric of ours", (unsigned)row + 1);
    /* Each part has all values in their order. */
    if (v != row % quality_values(&m->quality))
        input_bad(m->in, "parts were measured at different depths");
    m->mean[v].n += ((const uint64_t *)c[ROWS]->values)[row];
    add_parts(&m->mean[v].sum, c[SUM], row);
    add_parts(&m->mean[v].squares, c[SQUARES], row);
    if (longest > m->longest)
        m->longest = longest;
}

void
measure_read_sums(struct measured *m)
{
    const struct array *c[COLUMNS];
    size_t at[COLUMNS];
    struct table t;
    struct block b;

    for (size_t i = 0; i < COLUMNS; i++)
        at[i] = input_column_of(m->in, columns[i].name, columns[i].type,
                                columns[i].shape);
    t = input_table(m->in);
    b = table_block(&t);
    for (size_t i = 0; i < COLUMNS; i++)
        c[i] = &b.column[at[i]];
    find_quality(m, &b, c);
    for (uint32_t r = 0; r < b.rows; r++)
        add_row(m, c, r);
    if (b.rows == 0)
        input_bad(m->in, "no sums");
    if (b.rows % quality_values(&m->quality) != 0)
        input_bad(m->in, "the sums of a part are not whole");
    table_free(&t);
}
