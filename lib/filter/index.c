#include "filter/index.h"

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

static uint32_t
position(const void *index, uint32_t id)
{
    return exact_position(((const struct index *)index)->exact, id);
}

struct exclude *
index_read_pairs(const struct index *index, const char *path, const char *by)
{
    return exclusion_read(path, by, index->id, position, index);
}
