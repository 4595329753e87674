#include "retrieval/collect.h"

#include <math.h>
#include <stdlib.h>

#include "retrieval/topk.h"
#include "rows/value.h"

struct collect {
    const struct schema *schema;
    struct collect_rule rule;
    /* The list that is being made: */
    struct buffer by;   /* its keys */
    struct table first; /* its first row, all columns */
    uint64_t *key;      /* [n], of topk.h */
    size_t n, cap;
    struct buffer next; /* the keys of a row */
};

static int
check(const struct schema *s, const struct collect_rule *r, struct error *e)
{
    const struct column *item = &s->column[r->item];
    const struct column *score = &s->column[r->score];

    for (size_t i = 0; i < r->bys; i++)
        if (key_check(&s->column[r->by[i]], e) != 0)
            return -1;
    if (item->type != TYPE_U32 || item->shape != SHAPE_SCALAR)
        return error_set(e, "column '%s' is not u32, as items are", item->name);
    if (score->type == TYPE_STR || score->shape != SHAPE_SCALAR)
        return error_set(e, "column '%s' is not one number, as a score is",
                         score->name);
    return 0;
}

struct collect *
collect_new(const struct schema *s, const struct collect_rule *rule,
            struct error *e)
{
    struct collect *x;

    if (check(s, rule, e) != 0)
        return NULL;
    x = mem_new(1, sizeof *x, e);
    if (x == NULL)
        return NULL;
    x->schema = s;
    x->rule = *rule;
    if (table_init(&x->first, s, e) != 0) {
        collect_free(x);
        return NULL;
    }
    return x;
}

void
collect_free(struct collect *x)
{
    if (x == NULL)
        return;
    buffer_free(&x->by);
    buffer_free(&x->next);
    table_free(&x->first);
    free(x->key);
    free(x);
}

static bool
is_kept(const struct collect *x, size_t column)
{
    return column != x->rule.item && column != x->rule.score;
}

int
collect_columns(const struct collect *x, struct schema *out, struct error *e)
{
    const struct schema *s = x->schema;

    for (size_t c = 0; c < s->columns; c++)
        if (is_kept(x, c) && schema_add_column(out, &s->column[c], e) != 0)
            return -1;
    if (schema_add(out, "candidates", TYPE_U32, SHAPE_LIST, 0, e) != 0)
        return -1;
    return schema_add(out, "scores", TYPE_F32, SHAPE_LIST, 0, e);
}

/* The keys of row ROW, each with its length before it, so that no two rows of
 * different keys have the same bytes. */
static int
read_keys(struct collect *x, const struct block *b, uint32_t row,
          struct error *e)
{
    x->next.len = 0;
    for (size_t i = 0; i < x->rule.bys; i++) {
        const size_t c = x->rule.by[i];
        struct key k;

        key_at(&k, &b->column[c], x->schema->column[c].type, row);
        if (buffer_append(&x->next, &k.len, sizeof k.len, e) != 0 ||
            buffer_append(&x->next, k.data, k.len, e) != 0)
            return -1;
    }
    return 0;
}

int
collect_finish(struct collect *x, struct table *out, struct error *e)
{
    const uint32_t row = 0;
    const struct block first = table_block(&x->first);
    struct builder *column = out->column;
    uint32_t *id;
    float *score;

    if (x->n == 0)
        return 0;
    for (size_t c = 0; c < x->schema->columns; c++)
        if (is_kept(x, c) && builder_gather(column++, &x->schema->column[c],
                                            &first.column[c], &row, 1, e) != 0)
            return error_prefix(e, "column '%s'", x->schema->column[c].name);
    id = builder_extend(&column[0], x->n, e);
    score = builder_extend(&column[1], x->n, e);
    if (id == NULL || score == NULL)
        return -1;
    topk_sort(x->key, x->n);
    for (size_t i = 0; i < x->n; i++) {
        id[i] = topk_key_id(x->key[i]);
        score[i] = topk_key_score(x->key[i]);
    }
    x->n = 0;
    out->rows++;
    return builder_end_row(&column[0], e) == 0 &&
                   builder_end_row(&column[1], e) == 0
               ? 0
               : -1;
}

static int
start_list(struct collect *x, const struct block *b, uint32_t row,
           struct error *e)
{
    const struct buffer old = x->by;

    x->by = x->next;
    x->next = old;
    table_clear(&x->first);
    return table_gather(&x->first, x->schema, b, &row, 1, e);
}

int
collect_rows(struct collect *x, const struct block *b, struct table *out,
             uint32_t *bad, struct error *e)
{
    const struct collect_rule *rule = &x->rule;
    const enum type type = x->schema->column[rule->score].type;

    for (uint32_t r = 0; r < b->rows; r++) {
        const float score =
            (float)array_number(&b->column[rule->score], type, r);
        uint64_t *key;

        *bad = r;
        if (isnan(score))
            return error_set(e, "%s is not a number",
                             x->schema->column[rule->score].name);
        if (read_keys(x, b, r, e) != 0)
            return -1;
        if (x->n == 0 || x->by.len != x->next.len ||
            memcmp(x->by.data, x->next.data, x->by.len) != 0) {
            if (collect_finish(x, out, e) != 0 || start_list(x, b, r, e) != 0)
                return -1;
        }
        key = mem_grow(x->key, &x->cap, x->n + 1, sizeof *key, e);
        if (key == NULL)
            return -1;
        x->key = key;
        key[x->n++] = topk_key(score, array_u32(&b->column[rule->item])[r]);
    }
    return 0;
}
