/*
 * Lines of JSON: an object a row.
 *
 * The first object names the columns; every other has the same names, in any
 * order.  Arrays are lists, or vectors where --types says so.  The lines of the
 * first block are gone through twice, once for the types.  Numbers are never
 * doubles on the way: they are the texts that stream/text.h reads.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "formats/parts.h"
#include "stream/text.h"

/* What has been seen of a column. */
struct seen {
    bool typed; /* by --types: the rest but ROW says nothing */
    bool scalar, list;
    bool number, string, truth;
    enum type widest; /* of the numbers */
    uint64_t row;     /* the last that had the column, from 1 */
};

struct jsonl {
    struct json json;
    struct seen *seen; /* [columns] */
    bool inferring;
    struct buffer first; /* the first block's lines, each with its LF */
    size_t at;           /* gone through of them */
    uint64_t rows;
};

static int
infer(struct importer *im, size_t column, int token, struct error *e)
{
    struct jsonl *s = im->state;
    struct seen *seen = &s->seen[column];
    const char *text = (const char *)s->json.text.data;
    enum type t;

    switch (token) {
    case JSON_STRING: seen->string = true; return 0;
    case JSON_TRUE:
    case JSON_FALSE: seen->truth = true; return 0;
    case JSON_NULL: return 0;
    }
    t = text_type(text, s->json.text.len);
    if (t == TYPE_STR && !seen->typed)
        return error_set(e,
                         "column '%s': '%.*s' is neither i64 nor f64: say "
                         "its type with --types",
                         im->schema.column[column].name,
                         (int)(s->json.text.len < 40 ? s->json.text.len : 40),
                         text);
    seen->widest = seen->number ? text_wider(seen->widest, t) : t;
    seen->number = true;
    return 0;
}

/* A value, or an element of one, into the table. */
static int
add(struct importer *im, size_t column, int token, struct error *e)
{
    const struct jsonl *s = im->state;
    const struct column *c = &im->schema.column[column];
    const char *text = (const char *)s->json.text.data;
    size_t len = s->json.text.len;
    const char *what = NULL;

    if (token == JSON_STRING && c->type != TYPE_STR)
        what = "a string";
    if (token == JSON_NULL) {
        text = "nan";
        len = 3;
        if (c->type != TYPE_F32 && c->type != TYPE_F64)
            what = "null";
    }
    if (token == JSON_TRUE || token == JSON_FALSE) {
        text = token == JSON_TRUE ? "1" : "0";
        len = 1;
        if (c->type == TYPE_STR)
            what = "true or false";
    }
    if (what != NULL)
        return error_set(e, "column '%s': %s, where %s is wanted; see --types",
                         c->name, what, type_name(c->type));
    return importer_add_text(im, column, text, len, e);
}

static int
element(struct importer *im, size_t column, int token, struct error *e)
{
    const struct jsonl *s = im->state;

    if (token != 's' && token != '0' && token != 't' && token != 'f' &&
        token != 'n')
        return error_set(e, "column '%s': %s", im->schema.column[column].name,
                         token == '[' || token == '{'
                             ? "values in values in values are no column"
                             : "a value is missing");
    return s->inferring ? infer(im, column, token, e)
                        : add(im, column, token, e);
}

/* The value of a member, of which TOKEN is the first token. */
static int
value(struct importer *im, size_t column, int token, struct error *e)
{
    struct jsonl *s = im->state;
    const struct column *c = &im->schema.column[column];
    size_t n = 0;
    bool first = true;
    int got;

    *(token == '[' ? &s->seen[column].list : &s->seen[column].scalar) = true;
    if (s->inferring && s->seen[column].list && s->seen[column].scalar)
        return error_set(e, "column '%s': a list in one row, none in another",
                         c->name);
    if (!s->inferring && (token == '[') != (c->shape != SHAPE_SCALAR))
        return error_set(e, "column '%s': %s", c->name,
                         token == '[' ? "a list" : "no list");
    if (token != '[')
        return element(im, column, token, e);
    while ((got = json_more(&s->json, ']', &first, &token, e)) > 0) {
        if (element(im, column, token, e) != 0)
            return -1;
        n++;
    }
    if (got < 0 || s->inferring)
        return got;
    if (c->shape == SHAPE_LIST)
        return builder_end_row(&im->table.column[column], e);
    return n == c->width ? 0
                         : error_set(e, "column '%s': %zu elements, not %u",
                                     c->name, n, (unsigned)c->width);
}

/* A column for a name of the first object, of the type that --types says. */
static long
add_column(struct importer *im, const char *name, struct error *e)
{
    const char *list = im->opt.types != NULL ? im->opt.types : "";
    struct column is = { .type = TYPE_STR, .width = 1 };
    struct jsonl *s = im->state;
    size_t cap = im->schema.columns;
    struct listed_column c;
    struct seen *seen;
    bool typed = false;

    while (column_list_next(&list, &c, e) > 0)
        if (strcmp(c.name, name) == 0) {
            is = c.type;
            typed = true;
        }
    if (schema_add(&im->schema, name, is.type, is.shape, is.width, e) != 0)
        return -1;
    seen = mem_grow(s->seen, &cap, im->schema.columns, sizeof *seen, e);
    if (seen == NULL)
        return -1;
    s->seen = seen;
    seen[im->schema.columns - 1] = (struct seen){ .typed = typed };
    return (long)im->schema.columns - 1;
}

/* The column whose name the JSON reader has, most likely that at EXPECTED;
 * blanks are as they are in the names of CSV. */
static long
column_of_key(struct importer *im, size_t expected, struct error *e)
{
    const struct schema *schema = &im->schema;
    struct jsonl *s = im->state;
    struct buffer *name = &s->json.text;
    long i;

    for (size_t k = 0; k < name->len; k++)
        if (name->data[k] == ' ' || name->data[k] == '\t')
            name->data[k] = '_';
    if (memchr(name->data, '\0', name->len) != NULL)
        return error_set(e, "a name with a NUL in it");
    if (buffer_append(name, "", 1, e) != 0)
        return -1;
    if (expected < schema->columns &&
        strcmp(schema->column[expected].name, (const char *)name->data) == 0)
        return (long)expected;
    i = schema_find(schema, (const char *)name->data);
    if (i >= 0)
        return i;
    if (!s->inferring || s->rows > 0)
        return error_set(e, "'%.80s' is no name of the first row",
                         (const char *)name->data);
    return add_column(im, (const char *)name->data, e);
}

/* Has this row all columns? */
static int
check_names(const struct importer *im, struct error *e)
{
    const struct jsonl *s = im->state;

    for (size_t i = 0; i < im->schema.columns; i++)
        if (s->seen[i].row != s->rows + 1)
            return error_set(e, "no '%s', which the first row has",
                             im->schema.column[i].name);
    return 0;
}

/* One line: 1, 0 when there is nothing in it, -1. */
static int
object(struct importer *im, const char *line, size_t len, struct error *e)
{
    struct jsonl *s = im->state;
    bool first = true;
    int token, got;
    long i = -1;

    s->json.p = line;
    s->json.end = line + len;
    token = json_next(&s->json, e);
    if (token == JSON_END || token == JSON_ERROR)
        return token;
    if (token != '{')
        return error_set(e, "no JSON object");
    while ((got = json_more(&s->json, '}', &first, &token, e)) > 0) {
        if (token != JSON_STRING)
            return error_set(e, "a name is missing");
        /* Names come mostly in the order of the first row. */
        i = column_of_key(im, (size_t)(i + 1), e);
        if (i < 0)
            return -1;
        if (s->seen[i].row == s->rows + 1)
            return error_set(e, "'%s' twice", im->schema.column[i].name);
        s->seen[i].row = s->rows + 1;
        if (json_expect(&s->json, ':', e) != 0)
            return -1;
        token = json_next(&s->json, e);
        if (token == JSON_ERROR || value(im, (size_t)i, token, e) != 0)
            return -1;
    }
    if (got == 0 && im->schema.columns == 0)
        return error_set(e, "an object without names");
    if (got < 0 || json_expect(&s->json, JSON_END, e) != 0 ||
        check_names(im, e) != 0)
        return -1;
    s->rows++;
    return 1;
}

/* Are all columns there to which --types gives a type? */
static int
check_types(struct importer *im, struct error *e)
{
    const char *list = im->opt.types != NULL ? im->opt.types : "";
    struct listed_column c;
    int got;

    while ((got = column_list_next(&list, &c, e)) > 0)
        if (schema_find(&im->schema, c.name) < 0)
            return error_set(e,
                             "no column '%.80s', to which --types gives a "
                             "type",
                             c.name);
    return got;
}

/* The lines of the first block, and what is in them. */
static int
read_first(struct importer *im, struct error *e)
{
    const size_t most = im->opt.row_block ? 1 : BLOCK_ROWS;
    struct jsonl *s = im->state;
    const char *line;
    size_t len;
    int got;

    while (s->rows < most && s->first.len < BLOCK_BYTES &&
           (got = feed_line(&im->feed, &line, &len, e)) != 0) {
        if (got < 0)
            return feed_at_line(&im->feed, e);
        if (buffer_append(&s->first, line, len, e) != 0 ||
            buffer_append(&s->first, "\n", 1, e) != 0)
            return -1;
        got = object(im, line, len, e);
        if (got < 0)
            return feed_at_line(&im->feed, e);
        if (got > 0 && s->rows == 1 && check_types(im, e) != 0)
            return error_prefix(e, "%s", im->feed.name);
    }
    if (s->rows == 0)
        return error_set(e, "%s: empty: not even one row", im->feed.name);
    return 0;
}

/* What the first block says of a column without a type. */
static int
settle(struct column *c, const struct seen *seen, struct error *e)
{
    if (seen->list) {
        c->shape = SHAPE_LIST;
        c->width = 0;
    }
    if (seen->string)
        c->type = TYPE_STR;
    else if (seen->number)
        c->type = seen->widest;
    else if (seen->truth)
        c->type = TYPE_U8;
    else
        return error_set(e,
                         "column '%s': the first rows have only null or "
                         "empty lists: say its type with --types",
                         c->name);
    return 0;
}

static int
open_in(struct importer *im, struct error *e)
{
    struct jsonl *s = mem_new(1, sizeof *s, e);

    im->state = s;
    if (s == NULL)
        return -1;
    s->inferring = true;
    im->feed.last_open = true; /* an object says itself where it ends */
    if (read_first(im, e) != 0)
        return -1;
    for (size_t i = 0; i < im->schema.columns; i++) {
        if (!s->seen[i].typed &&
            settle(&im->schema.column[i], &s->seen[i], e) != 0)
            return error_prefix(e, "%s", im->feed.name);
        s->seen[i].row = 0;
    }
    s->inferring = false;
    s->rows = 0;
    im->feed.line = 0;
    return 0;
}

/* The next line: first those that are held. */
static int
next_line(struct importer *im, const char **line, size_t *len, struct error *e)
{
    struct jsonl *s = im->state;

    if (s->at == s->first.len)
        return feed_line(&im->feed, line, len, e);
    *line = (const char *)s->first.data + s->at;
    *len = (size_t)((const char *)memchr(*line, '\n', s->first.len - s->at) -
                    *line);
    s->at += *len + 1;
    im->feed.line++;
    return 1;
}

static int
row_in(struct importer *im, struct error *e)
{
    const char *line;
    size_t len;
    int got;

    do {
        got = next_line(im, &line, &len, e);
        if (got == 0)
            return 0;
        if (got > 0)
            got = object(im, line, len, e);
    } while (got == 0);
    return got < 0 ? feed_at_line(&im->feed, e) : 1;
}

static void
close_in(struct importer *im)
{
    struct jsonl *s = im->state;

    json_free(&s->json);
    buffer_free(&s->first);
    free(s->seen);
}

const struct importer_format import_jsonl = {
    .name = "jsonl",
    .what = "a JSON object a line, all with the same names",
    .takes = IMPORT_TYPES,
    .open = open_in,
    .row = row_in,
    .close = close_in,
};
