#include "filter/index.h"

#include <string.h>

#include "filter/filter.h"

struct index
index_open(const char *path, const char *id_column, size_t k)
{
    struct index x = { .in = input_open(path) };
    struct exact_items *items = &x.items;
    size_t embedding, id;
    struct block all;
    struct error e;

    x.id = id_column != NULL ? id_column : input_meta(x.in, "key");
    id = input_column_of(x.in, x.id, TYPE_U32, SHAPE_SCALAR);
    embedding = input_column_of(x.in, INDEX_EMBEDDING, TYPE_F32, SHAPE_VECTOR);
    x.table = input_table(x.in);
    all = table_block(&x.table);
    items->count = x.table.rows;
    items->width = input_schema(x.in)->column[embedding].width;
    items->vector = array_f32(&all.column[embedding]);
    items->id = array_u32(&all.column[id]);
    for (size_t i = 0; i < items->count; i++)
        if (items->id[i] == 0)
            input_bad(x.in, "item %zu has %s 0, which no item can have", i + 1,
                      x.id);
    if (k > items->count)
        input_bad(x.in, "cannot find %zu items, there are %zu", k,
                  items->count);
    x.threads = must_have(threads_new(cli_threads(), &e), &e);
    x.exact = exact_new(items, k, x.threads, &e);
    if (x.exact == NULL)
        input_bad(x.in, "%s", e.text);
    return x;
}

void
index_close(struct index *x)
{
    exact_free(x->exact);
    threads_free(x->threads);
    table_free(&x->table);
    input_close(x->in);
}

const char *
index_default_by(const struct input *in)
{
    const struct schema *s = input_schema(in);

    for (size_t i = 0; i < s->columns; i++) {
        const char *name = s->column[i].name, *end = strrchr(name, '.');

        if (strncmp(name, "query.", 6) == 0 && strcmp(end, ".lookup") == 0)
            return name;
    }
    input_bad(in, "no column query.*.lookup: which one is meant? See --by");
}

struct exclude *
index_read_pairs(const struct index *index, const char *path, const char *by)
{
    struct input *in = input_open(path);
    const size_t key = input_column_of(in, by, TYPE_U32, SHAPE_SCALAR);
    const size_t id = input_column_of(in, index->id, TYPE_U32, SHAPE_SCALAR);
    struct exclude *x;
    struct error e;
    struct block b;

    x = must_have(exclude_new(&e), &e);
    while (input_next(in, &b))
        for (uint32_t r = 0; r < b.rows; r++) {
            const uint32_t query = array_u32(&b.column[key])[r];
            const uint32_t position =
                exact_position(index->exact, array_u32(&b.column[id])[r]);

            if (query != 0 && position != EXACT_NONE)
                must(exclude_add(x, query, position, &e), &e);
        }
    must(exclude_finish(x, &e), &e);
    input_close(in);
    return x;
}
