#include "filter/index.h"

#include <math.h>
#include <stdlib.h>

#include "filter/filter.h"

/* Read all items of PATH, their ids in ID_COLUMN; they have no vectors yet. */
static struct index
read_items(const char *path, const char *id_column, size_t *id)
{
    struct index x = { .in = input_open(path) };

    x.id = id_column != NULL ? id_column : input_meta(x.in, "key");
    *id = input_column_of(x.in, x.id, TYPE_U32, SHAPE_SCALAR);
    return x;
}

/* To be searched for the K best. */
static void
finish(struct index *x, const struct block *all, size_t id, size_t k)
{
    struct exact_items *items = &x->items;
    struct error e;

    items->count = x->table.rows;
    items->id = array_u32(&all->column[id]);
    for (size_t i = 0; i < items->count; i++)
        if (items->id[i] == 0)
            input_bad(x->in, "item %zu has %s 0, which no item can have", i + 1,
                      x->id);
    if (k > items->count)
        input_bad(x->in, "cannot find %zu items, there are %zu", k,
                  items->count);
    x->threads = must_have(threads_new(cli_threads(), &e), &e);
    x->exact = exact_new(items, k, x->threads, &e);
    if (x->exact == NULL)
        input_bad(x->in, "%s", e.text);
}

struct index
index_open(const char *path, const char *id_column, bool part, size_t *k)
{
    size_t embedding, id;
    struct index x = read_items(path, id_column, &id);
    struct block all;

    embedding = input_column_of(x.in, INDEX_EMBEDDING, TYPE_F32, SHAPE_VECTOR);
    x.table = input_table(x.in);
    all = table_block(&x.table);
    x.items.width = input_schema(x.in)->column[embedding].width;
    x.items.vector = array_f32(&all.column[embedding]);
    if (part && all.rows > 0 && *k > all.rows)
        *k = all.rows;
    finish(&x, &all, id, *k);
    return x;
}

struct index
index_open_numbers(const char *path, const char *id_column, const char *column)
{
    size_t id;
    struct index x = read_items(path, id_column, &id);
    const size_t c = input_column(x.in, column);
    const struct column *is = &input_schema(x.in)->column[c];
    struct block all;

    if (is->shape != SHAPE_SCALAR || is->type == TYPE_STR)
        input_bad(x.in, "column '%s' is not one number", column);
    x.table = input_table(x.in);
    all = table_block(&x.table);
    x.number = must_new(all.rows + (size_t)1, sizeof *x.number);
    for (size_t i = 0; i < all.rows; i++) {
        x.number[i] = (float)array_number(&all.column[c], is->type, i);
        if (!isfinite(x.number[i]))
            input_bad(x.in, "item %zu: %s is not finite", i + 1, column);
    }
    x.items.width = 1;
    x.items.vector = x.number;
    finish(&x, &all, id, 1);
    return x;
}

void
index_close(struct index *x)
{
    exact_free(x->exact);
    threads_free(x->threads);
    table_free(&x->table);
    free(x->number);
    input_close(x->in);
}

static uint32_t
position(const void *index, uint32_t id)
{
    return exact_position(((const struct index *)index)->exact, id);
}

struct exclude *
index_read_pairs(const struct index *index, const struct input *queries,
                 const char *path, const char *by)
{
    return exclusion_read(queries, path, by, index->id, position, index);
}
