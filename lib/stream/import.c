#include "stream/import.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "stream/column_list.h"
#include "stream/import_rows.h"
#include "stream/text.h"

/* One more field of a row, which goes to column TARGET. */
static int
add_target(struct import *im, size_t target, struct error *e)
{
    size_t *p =
        mem_grow(im->target, &im->target_cap, im->fields + 1, sizeof *p, e);

    if (p == NULL)
        return -1;
    im->target = p;
    p[im->fields++] = target;
    return 0;
}

static int
columns_from_list(struct import *im, struct error *e)
{
    const char *list = im->opt.columns;
    struct listed_column s;
    int got;

    while ((got = column_list_next(&list, &s, e)) == 1) {
        size_t target = LEFT_OUT;

        if (im->more)
            return error_set(e, "nothing can follow '...'");
        im->more = strcmp(s.name, "...") == 0;
        if (im->more)
            continue;
        if (strcmp(s.name, "_") != 0 && strcmp(s.name, "-") != 0) {
            target = im->schema.columns;
            if (schema_add(&im->schema, s.name, s.type.type, s.type.shape,
                           s.type.width, e) != 0)
                return -1;
        }
        if (add_target(im, target, e) != 0)
            return -1;
    }
    if (got == 0 && im->schema.columns == 0)
        return error_set(e, "no column is named");
    return got;
}

static int
check_types(const char *list, struct error *e)
{
    struct listed_column s;
    int got;

    while ((got = column_list_next(&list, &s, e)) == 1)
        if (!s.typed)
            return error_set(e, "'%.80s' has no type: expected NAME:TYPE",
                             s.name);
    return got;
}

int
import_check_options(const struct import_options *opt, struct error *e)
{
    struct import im = { .opt = *opt };
    int status = 0;

    if (opt->columns != NULL && opt->types != NULL)
        return error_set(e, "--types is for files with a header line: give "
                            "the types in --columns");
    if (opt->types != NULL && check_types(opt->types, e) != 0)
        return error_prefix(e, "--types");
    if (opt->columns != NULL && columns_from_list(&im, e) != 0)
        status = error_prefix(e, "--columns");
    schema_free(&im.schema);
    free(im.target);
    return status;
}

/* A column named by field I of the first row. */
static int
add_named(struct import *im, const struct csv_row *row, size_t i,
          struct error *e)
{
    char name[SCHEMA_NAME_MAX + 1];
    const char *s;
    size_t len;

    if (import_field_text(im, row, i, &s, &len, e) != 0)
        return -1;
    if (len == 0)
        return error_set(e, "field %zu of the header line is empty", i + 1);
    if (len > SCHEMA_NAME_MAX || !utf8_valid(s, len))
        return error_set(e,
                         "field %zu of the header line is too long for a "
                         "name, or not UTF-8",
                         i + 1);
    for (size_t k = 0; k < len; k++)
        name[k] = s[k];
    for (size_t k = 0; k < len; k++)
        if (name[k] == ' ' || name[k] == '\t')
            name[k] = '_';
    name[len] = '\0';
    if (schema_add(&im->schema, name, TYPE_STR, SHAPE_SCALAR, 1, e) != 0)
        return -1;
    return add_target(im, i, e);
}

/* Give the columns the types of --types; the others are to be inferred. */
static int
apply_types(struct import *im, struct error *e)
{
    const char *list = im->opt.types != NULL ? im->opt.types : "";
    struct listed_column s;
    int got;

    for (size_t i = 0; i < im->schema.columns; i++)
        im->inferred[i] = true;
    while ((got = column_list_next(&list, &s, e)) == 1) {
        const long i = schema_find(&im->schema, s.name);
        struct column *c;

        if (i < 0)
            return error_set(e,
                             "no column '%.80s', to which --types gives a "
                             "type",
                             s.name);
        c = &im->schema.column[i];
        c->type = s.type.type;
        c->shape = s.type.shape;
        c->width = s.type.width;
        im->inferred[i] = false;
    }
    for (size_t i = 0; i < im->schema.columns; i++)
        im->inferring |= im->inferred[i];
    return got;
}

static int
columns_from_header(struct import *im, struct error *e)
{
    struct csv_row row;
    const int got = csv_reader_next(im->csv, &row, e);

    if (got < 0)
        return -1;
    if (got == 0)
        return error_set(e, "%s: empty: not even a header line",
                         im->opt.csv.name);
    for (size_t i = 0; i < row.fields; i++)
        if (add_named(im, &row, i, e) != 0)
            return import_at_line(im, row.line, e);
    im->inferred = mem_new(im->schema.columns, sizeof *im->inferred, e);
    if (im->inferred == NULL)
        return -1;
    if (apply_types(im, e) != 0)
        return error_prefix(e, "%s", im->opt.csv.name);
    return 0;
}

/* The type of all of a column of strings; str when there are none. */
static enum type
common_type(const struct array *a)
{
    enum type t = a->count > 0 ? TYPE_I64 : TYPE_STR;

    for (size_t i = 0; i < a->count && t != TYPE_STR; i++) {
        size_t len;
        const char *s = array_str(a, i, &len);

        t = text_wider(t, text_type(s, len));
    }
    return t;
}

/* Column I, read as strings so far, as what its values look like. */
static int
settle(struct import *im, size_t i, struct error *e)
{
    struct builder *b = &im->table.column[i], old = *b;
    struct column *c = &im->schema.column[i];
    const struct array a = builder_array(&old);
    int status;

    c->type = common_type(&a);
    if (c->type == TYPE_STR)
        return 0;
    status = builder_init(b, c, e);
    for (size_t v = 0; v < a.count && status == 0; v++) {
        size_t len;
        const char *s = array_str(&a, v, &len);

        status = text_add(b, c, im->opt.list_separator, s, len, e);
    }
    builder_free(&old);
    return status;
}

struct import *
import_new(int fd, const struct import_options *opt, struct error *e)
{
    struct import *im = mem_new(1, sizeof *im, e);

    if (im == NULL)
        return NULL;
    im->opt = *opt;
    im->csv = csv_reader_new(fd, &opt->csv, e);
    if (im->csv == NULL)
        goto fail;
    if ((opt->columns != NULL ? columns_from_list(im, e)
                              : columns_from_header(im, e)) != 0 ||
        table_init(&im->table, &im->schema, e) != 0)
        goto fail;
    /* The first block tells whether there is anything, and of which types. */
    if (im->inferring || opt->columns != NULL) {
        if (import_fill(im, e) != 0)
            goto fail;
        if (opt->columns != NULL && im->table.rows == 0) {
            error_set(e, "%s: empty", opt->csv.name);
            goto fail;
        }
        for (size_t i = 0; im->inferring && i < im->schema.columns; i++)
            if (im->inferred[i] && settle(im, i, e) != 0)
                goto fail;
        im->inferring = false;
        im->first_held = true;
    }
    return im;
fail:
    import_free(im);
    return NULL;
}

void
import_free(struct import *im)
{
    if (im == NULL)
        return;
    csv_reader_free(im->csv);
    table_free(&im->table);
    schema_free(&im->schema);
    buffer_free(&im->scratch);
    free(im->target);
    free(im->inferred);
    free(im);
}

const struct schema *
import_schema(const struct import *im)
{
    return &im->schema;
}

int
import_next(struct import *im, struct block *b, struct error *e)
{
    if (!im->first_held && import_fill(im, e) != 0)
        return -1;
    im->first_held = false;
    *b = table_block(&im->table);
    return b->rows > 0 ? 1 : 0;
}
