#include "filter/labels.h"

#include <stdlib.h>

#include "filter/filter.h"

static void
key_must_suit(const struct input *in, size_t column)
{
    struct error e;

    if (key_check(&input_schema(in)->column[column], &e) != 0)
        input_bad(in, "%s", e.text);
}

/* The pairs of PATH; the queries of LISTS have a column of type T. */
static struct relevant_pairs *
read_pairs(const struct input *lists, const char *path, const char *by,
           const char *item, enum type t)
{
    struct input *in = input_open(path);
    const size_t key = input_column(in, by);
    const size_t id = input_column_of(in, item, TYPE_U32, SHAPE_SCALAR);
    const enum type type = input_schema(in)->column[key].type;
    struct relevant_pairs *p;
    struct error e;
    struct block b;

    key_must_suit(in, key);
    if ((type == TYPE_STR) != (t == TYPE_STR))
        input_bad(in, "column '%s' has other values than that of the lists",
                  by);
    input_same_ids(in, lists, by);
    input_same_ids(in, lists, item);
    p = must_have(relevant_pairs_new(&e), &e);
    while (input_next(in, &b))
        for (uint32_t r = 0; r < b.rows; r++)
            must(relevant_pairs_add(p, &b.column[key], type, r,
                                    array_u32(&b.column[id])[r], &e),
                 &e);
    input_close(in);
    return p;
}

struct labels
labels_open(const struct labels_of *of, const struct input *in,
            const struct explode_list *list, size_t lists)
{
    const struct schema *s = input_schema(in);
    struct labels l = { .schema = s,
                        .wanted = of->truth != NULL || of->file != NULL };
    size_t i = 0;

    if (!l.wanted)
        return l;
    l.candidates = input_column_of(in, "candidates", TYPE_U32, SHAPE_LIST);
    while (i < lists && list[i].from != l.candidates)
        i++;
    if (i == lists)
        usage_error("a label is of candidates: name them in --columns too");
    if (of->file != NULL) {
        const char *by = of->by != NULL ? of->by : input_query_key(in);

        l.by = input_column(in, by);
        key_must_suit(in, l.by);
        l.pairs =
            read_pairs(in, of->file, by,
                       of->truth != NULL ? of->truth : input_meta(in, "key"),
                       s->column[l.by].type);
        return l;
    }
    l.truth = input_column(in, of->truth);
    if (s->column[l.truth].type != TYPE_U32 ||
        s->column[l.truth].shape == SHAPE_VECTOR)
        input_bad(in, "column '%s' is not u32 or u32[]", of->truth);
    return l;
}

void
labels_find(struct labels *l, const struct block *b)
{
    const struct array *candidates = &b->column[l->candidates];
    struct error e;

    if (!l->wanted)
        return;
    l->label = must_grow(l->label, &l->room, candidates->count + 1, 1);
    if (l->pairs == NULL)
        relevant_in_row(&b->column[l->truth], candidates, b->rows, l->label);
    else
        must(relevant_pairs_label(l->pairs, &b->column[l->by],
                                  l->schema->column[l->by].type, candidates,
                                  b->rows, l->label, &e),
             &e);
}

void
labels_close(struct labels *l)
{
    relevant_pairs_free(l->pairs);
    free(l->label);
}
