#include "rows/join.h"

#include <stdlib.h>

#include "base/intern.h"
#include "rows/value.h"

struct join {
    struct schema schema;
    struct table table;
    struct table found; /* of the same columns; the key's stays empty */
    size_t key;
    struct intern *keys; /* number = row */
};

static int
add_keys(struct join *j, struct error *e)
{
    const struct block b = table_block(&j->table);
    const struct column *c = &j->schema.column[j->key];
    const struct array *a = &b.column[j->key];

    if (j->table.rows >= JOIN_NONE)
        return error_set(e, "more than %u rows in a table", JOIN_NONE - 1);
    for (uint32_t r = 0; r < b.rows; r++) {
        struct key k;
        uint32_t number;
        char text[KEY_TEXT_MAX];

        key_at(&k, a, c->type, r);
        number = intern_add(j->keys, k.data, k.len, e);
        if (number == INTERN_NONE)
            return -1;
        if (number == r)
            continue;
        key_text(text, a, c->type, r);
        return error_set(e, "rows %u and %u both have %s %s", number + 1, r + 1,
                         c->name, text);
    }
    return 0;
}

struct join *
join_new(struct table *t, struct schema *s, size_t key, struct error *e)
{
    struct join *j = mem_new(1, sizeof *j, e);

    if (j == NULL) {
        table_free(t);
        schema_free(s);
        return NULL;
    }
    j->schema = *s;
    j->table = *t;
    *t = (struct table){ 0 };
    *s = (struct schema){ 0 };
    j->key = key;
    j->keys = intern_new(e);
    if (j->keys == NULL || key_check(&j->schema.column[key], e) != 0 ||
        add_keys(j, e) != 0 || table_init(&j->found, &j->schema, e) != 0) {
        join_free(j);
        return NULL;
    }
    return j;
}

void
join_free(struct join *j)
{
    if (j == NULL)
        return;
    table_free(&j->table);
    table_free(&j->found);
    schema_free(&j->schema);
    intern_free(j->keys);
    free(j);
}

int
join_add_columns(const struct join *j, struct schema *s, struct error *e)
{
    for (size_t i = 0; i < j->schema.columns; i++) {
        const struct column *c = &j->schema.column[i];

        if (i == j->key)
            continue;
        if (schema_find(s, c->name) >= 0)
            return error_set(e,
                             "column '%s' is in the stream already: rename it "
                             "with rec-cut, or leave it out",
                             c->name);
        if (schema_add_column(s, c, e) != 0)
            return -1;
    }
    return 0;
}

int
join_check(const struct join *j, const struct column *c, struct error *e)
{
    const struct column *mine = &j->schema.column[j->key];

    if (key_check(c, e) != 0)
        return -1;
    if ((c->type == TYPE_STR) == (mine->type == TYPE_STR))
        return 0;
    return error_set(e, "column '%s' is %s, but the table's '%s' is %s",
                     c->name, type_name(c->type), mine->name,
                     type_name(mine->type));
}

uint32_t
join_find(const struct join *j, const struct array *a, enum type t,
          uint32_t row)
{
    struct key k;

    key_at(&k, a, t, row);
    return intern_find(j->keys, k.data, k.len);
}

int
join_rows(struct join *j, const uint32_t *row, size_t n, struct array *out,
          struct error *e)
{
    const struct block all = table_block(&j->table);
    size_t put = 0;

    table_clear(&j->found);
    for (size_t i = 0; i < all.columns; i++) {
        struct builder *b = &j->found.column[i];

        if (i == j->key)
            continue;
        if (builder_gather(b, &j->schema.column[i], &all.column[i], row, n,
                           e) != 0)
            return error_prefix(e, "column '%s'", j->schema.column[i].name);
        out[put++] = builder_array(b);
    }
    return 0;
}
