#include "filter/answers.h"

#include <stdlib.h>

#include "filter/filter.h"

/* So many candidates are held at a time: blocks of queries for which that is
 * not enough are answered, and written, in parts. */
#define CANDIDATES ((size_t)1 << 20)

struct answers {
    const struct input *in;
    long without;
    struct output *out;
    struct table table; /* the input's columns that stay, then two */
    uint32_t at_once;
    uint32_t *row; /* [at_once] */
};

struct answers *
answers_open(const struct input *in, long without, const char *id, size_t count)
{
    struct answers *a = must_new(1, sizeof *a);
    const size_t rows = CANDIDATES / count;
    struct schema s;
    struct error e;

    a->in = in;
    a->without = without;
    a->at_once = rows > BLOCK_ROWS ? BLOCK_ROWS : rows > 0 ? (uint32_t)rows : 1;
    a->row = must_new(a->at_once, sizeof *a->row);
    must(schema_copy(&s, input_schema(in), &e), &e);
    if (without >= 0)
        schema_remove(&s, (size_t)without);
    if (schema_add(&s, "candidates", TYPE_U32, SHAPE_LIST, 0, &e) != 0 ||
        schema_add(&s, "scores", TYPE_F32, SHAPE_LIST, 0, &e) != 0)
        input_bad(in, "%s", e.text);
    must(schema_set_meta(&s, "key", id, &e), &e);
    a->out = output_open(cli_output(), &s);
    must(table_init(&a->table, &s, &e), &e);
    schema_free(&s);
    return a;
}

void
answers_close(struct answers *a)
{
    output_close(a->out);
    table_free(&a->table);
    free(a->row);
    free(a);
}

uint64_t
answers_rows(const struct answers *a)
{
    return output_rows(a->out);
}

uint32_t
answers_at_once(const struct answers *a)
{
    return a->at_once;
}

void
answers_begin(struct answers *a, const struct block *b, uint32_t first,
              uint32_t n)
{
    const struct schema *s = input_schema(a->in);
    struct builder *column = a->table.column;
    struct error e;

    table_clear(&a->table);
    for (uint32_t r = 0; r < n; r++)
        a->row[r] = first + r;
    for (size_t c = 0; c < s->columns; c++)
        if ((long)c != a->without)
            must(builder_gather(column++, &s->column[c], &b->column[c], a->row,
                                n, &e),
                 &e);
}

void
answers_add(struct answers *a, const uint32_t *id, const float *score,
            size_t found)
{
    struct builder *lists = a->table.column + a->table.columns - 2;
    struct error e;

    must(builder_add(&lists[0], id, found, &e), &e);
    must(builder_end_row(&lists[0], &e), &e);
    must(builder_add(&lists[1], score, found, &e), &e);
    must(builder_end_row(&lists[1], &e), &e);
    a->table.rows++;
}

void
answers_put(struct answers *a)
{
    const struct block b = table_block(&a->table);

    output_put(a->out, &b);
}
