/*
 * rows.h - small tables for unit programs
 */
#ifndef ROWS_H
#define ROWS_H

#include <string.h>

#include "check.h"
#include "stream/table.h"

/* An empty table of scalars, "a str" and so on, ended by NULL. */
static inline struct table
rows_new(struct schema *s, const char *const *columns)
{
    struct table t;
    struct error e;

    *s = (struct schema){ 0 };
    for (; *columns != NULL; columns++) {
        const char *type = strchr(*columns, ' ') + 1;
        struct column c;
        char name[32];

        snprintf(name, sizeof name, "%.*s", (int)(type - *columns - 1),
                 *columns);
        CHECK(column_type_parse(type, strlen(type), &c), "type %s", type);
        or_stop(schema_add(s, name, c.type, c.shape, c.width, &e), &e);
    }
    or_stop(table_init(&t, s, &e), &e);
    return t;
}

static inline void
rows_str(struct table *t, size_t column, const char *text)
{
    struct error e;

    or_stop(builder_add_str(&t->column[column], text, strlen(text), &e), &e);
}

/* VALUE has the column's type. */
static inline void
rows_add(struct table *t, size_t column, const void *value)
{
    struct error e;

    or_stop(builder_add(&t->column[column], value, 1, &e), &e);
}

#endif
