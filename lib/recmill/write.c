/*
 * A writer for rows that come value by value: they grow in a table, which goes
 * out as a block when it is large enough or when the caller wants it to.
 */
#include <stdlib.h>

#include "base/outfile.h"
#include "base/utf8.h"
#include "recmill/handle.h"
#include "stream/table.h"
#include "stream/writer.h"

struct recmill_writer {
    struct outfile *file; /* NULL: the descriptor is the caller's */
    int fd;
    struct schema schema;
    struct writer *writer; /* NULL until the first row, or what ends it */
    struct table table;    /* rows of the next block */
    size_t *ended;         /* [columns] values in rows that have ended */
    bool failed;           /* nothing more will do but _fail() */
};

static void
free_writer(struct recmill_writer *w)
{
    outfile_abandon(w->file);
    writer_free(w->writer);
    table_free(&w->table);
    schema_free(&w->schema);
    free(w->ended);
    free(w);
}

struct recmill_writer *
recmill_writer_open(const char *path, struct recmill_error *e)
{
    struct recmill_writer *w = recmill_writer_fd(-1, e);
    struct error error;

    if (w == NULL)
        return NULL;
    w->file = outfile_open(path, &error);
    if (w->file == NULL) {
        free_writer(w);
        recmill_failed(e, &error);
        return NULL;
    }
    w->fd = outfile_fd(w->file);
    return w;
}

struct recmill_writer *
recmill_writer_fd(int fd, struct recmill_error *e)
{
    struct error error;
    struct recmill_writer *w = mem_new(1, sizeof *w, &error);

    if (w == NULL)
        recmill_failed(e, &error);
    else
        w->fd = fd;
    return w;
}

/* What every function here that may fail ends with: what has failed once is
 * not whole any more. */
static int
ended(struct recmill_writer *w, int status, struct recmill_error *to,
      const struct error *from)
{
    if (status == 0)
        return 0;
    w->failed = true;
    return recmill_failed(to, from);
}

/* May the head still be changed? */
static int
check_head(const struct recmill_writer *w, struct error *e)
{
    return w->writer == NULL ? 0 : error_set(e, "the head has been written");
}

int
recmill_writer_like(struct recmill_writer *w, const struct recmill_reader *r,
                    struct recmill_error *e)
{
    const struct schema *s = reader_schema(r->reader);
    struct error error;
    int status = check_head(w, &error);

    for (size_t i = 0; i < s->columns && status == 0; i++)
        status = schema_add_column(&w->schema, &s->column[i], &error);
    for (size_t i = 0; i < s->metas && status == 0; i++)
        status = schema_set_meta(&w->schema, s->meta[i].key, s->meta[i].value,
                                 &error);
    for (size_t i = 0; i < s->steps && status == 0; i++)
        status = schema_add_step(&w->schema, s->step[i], &error);
    return ended(w, status, e, &error);
}

int
recmill_writer_column(struct recmill_writer *w, const char *name,
                      const char *type, struct recmill_error *e)
{
    struct column c;
    struct error error;
    int status = check_head(w, &error);

    if (status == 0 && !column_type_parse(type, strlen(type), &c))
        status = error_set(&error, "'%s' is no type", type);
    if (status == 0)
        status = schema_add(&w->schema, name, c.type, c.shape, c.width, &error);
    return ended(w, status, e, &error);
}

int
recmill_writer_meta(struct recmill_writer *w, const char *key,
                    const char *value, struct recmill_error *e)
{
    struct error error;
    int status = check_head(w, &error);

    if (status == 0)
        status = schema_set_meta(&w->schema, key, value, &error);
    return ended(w, status, e, &error);
}

int
recmill_writer_step(struct recmill_writer *w, const char *step,
                    struct recmill_error *e)
{
    struct error error;
    int status = check_head(w, &error);

    if (status == 0)
        status = schema_add_step(&w->schema, step, &error);
    return ended(w, status, e, &error);
}

/* The head goes out, and nothing of it changes any more. */
static int
begin_writing(struct recmill_writer *w, struct error *e)
{
    if (w->writer != NULL)
        return 0;
    if (w->ended != NULL)
        return error_set(e, "the head could not be written");
    w->ended = mem_new(w->schema.columns, sizeof *w->ended, e);
    if (w->ended == NULL || table_init(&w->table, &w->schema, e) != 0)
        return -1;
    w->writer = writer_new(w->fd, &w->schema, false, e);
    return w->writer != NULL ? 0 : -1;
}

/* The builder of COLUMN, for strings or for numbers; NULL when it is not. */
static struct builder *
builder_of(struct recmill_writer *w, size_t column, bool strings,
           struct error *e)
{
    if (begin_writing(w, e) != 0)
        return NULL;
    if (column >= w->table.columns) {
        error_set(e, "there is no column %zu", column);
        return NULL;
    }
    if ((w->table.column[column].type == TYPE_STR) != strings) {
        error_set(e, "column '%s' is not of %s", w->schema.column[column].name,
                  strings ? "strings" : "numbers");
        return NULL;
    }
    return &w->table.column[column];
}

int
recmill_writer_add(struct recmill_writer *w, size_t column, const void *values,
                   size_t n, struct recmill_error *e)
{
    struct error error;
    struct builder *b = builder_of(w, column, false, &error);

    return ended(w, b != NULL ? builder_add(b, values, n, &error) : -1, e,
                 &error);
}

int
recmill_writer_string(struct recmill_writer *w, size_t column, const char *s,
                      size_t len, struct recmill_error *e)
{
    struct error error;
    struct builder *b = builder_of(w, column, true, &error);
    int status = b != NULL ? 0 : -1;

    if (status == 0 && !utf8_valid(s, len))
        status = error_set(&error, "column '%s': a string is not UTF-8",
                           w->schema.column[column].name);
    if (status == 0)
        status = builder_add_str(b, s, len, &error);
    return ended(w, status, e, &error);
}

/* Row ROW of A, a column like C. */
static int
gather(struct builder *to, const struct column *c,
       const struct recmill_array *a, uint32_t row, struct error *e)
{
    const struct array array = { a->list, a->string, a->values, a->count };
    /* builder_gather() ends a list, as recmill_writer_end() will. */
    const struct column values = { c->name, c->type, SHAPE_VECTOR, 1 };

    if ((c->shape == SHAPE_LIST) != (a->list != NULL) ||
        (c->type == TYPE_STR) != (a->string != NULL))
        return error_set(e, "column '%s' has another type there", c->name);
    if (c->shape != SHAPE_LIST)
        return builder_gather(to, c, &array, &row, 1, e);
    for (uint32_t v = a->list[row]; v < a->list[row + 1]; v++)
        if (builder_gather(to, &values, &array, &v, 1, e) != 0)
            return -1;
    return 0;
}

int
recmill_writer_row(struct recmill_writer *w, const struct recmill_block *b,
                   uint32_t row, struct recmill_error *e)
{
    struct error error;
    int status = begin_writing(w, &error);

    if (status == 0 && (row >= b->rows || b->columns > w->table.columns))
        status =
            error_set(&error, "row %u of %u, %zu columns of %zu", (unsigned)row,
                      (unsigned)b->rows, b->columns, w->table.columns);
    for (size_t i = 0; i < b->columns && status == 0; i++)
        status = gather(&w->table.column[i], &w->schema.column[i],
                        &b->column[i], row, &error);
    return ended(w, status, e, &error);
}

static int
flush(struct recmill_writer *w, struct error *e)
{
    struct block b;

    if (begin_writing(w, e) != 0)
        return -1;
    for (size_t i = 0; i < w->table.columns; i++)
        if (w->table.column[i].count != w->ended[i])
            return error_set(e, "the last row has not ended");
    if (w->table.rows == 0)
        return 0;
    b = table_block(&w->table);
    if (writer_put(w->writer, &b, e) != 0)
        return -1;
    table_clear(&w->table);
    memset(w->ended, 0, w->table.columns * sizeof *w->ended);
    return 0;
}

static int
end_row(struct recmill_writer *w, struct error *e)
{
    if (begin_writing(w, e) != 0)
        return -1;
    for (size_t i = 0; i < w->table.columns; i++) {
        const struct column *c = &w->schema.column[i];
        struct builder *b = &w->table.column[i];
        const size_t got = b->count - w->ended[i];

        if (c->shape == SHAPE_LIST && builder_end_row(b, e) != 0)
            return -1;
        if (c->shape != SHAPE_LIST && got != c->width)
            return error_set(e, "column '%s': %zu values in a row, not %u",
                             c->name, got, (unsigned)c->width);
        w->ended[i] = b->count;
    }
    w->table.rows++;
    return table_is_full(&w->table) ? flush(w, e) : 0;
}

int
recmill_writer_end(struct recmill_writer *w, struct recmill_error *e)
{
    struct error error;

    return ended(w, end_row(w, &error), e, &error);
}

int
recmill_writer_flush(struct recmill_writer *w, struct recmill_error *e)
{
    struct error error;

    return ended(w, flush(w, &error), e, &error);
}

int
recmill_writer_close(struct recmill_writer *w, struct recmill_error *e)
{
    struct error error;
    int status = 0;

    if (w->failed)
        status = error_set(&error, "what failed before is not whole");
    if (status == 0 &&
        (flush(w, &error) != 0 || writer_finish(w->writer, &error) != 0))
        status = -1;
    if (status != 0) {
        recmill_writer_fail(w, NULL, "recmill-stream", error.text);
        return recmill_failed(e, &error);
    }
    if (w->file != NULL)
        status = outfile_commit(w->file, &error);
    w->file = NULL;
    free_writer(w);
    return status == 0 ? 0 : recmill_failed(e, &error);
}

void
recmill_writer_fail(struct recmill_writer *w, const struct recmill_reader *r,
                    const char *name, const char *text)
{
    const char *upstream =
        r != NULL ? reader_upstream_message(r->reader) : NULL;
    struct error error, line;

    error_set(&line, "%s: %s", name, text);
    /* Whoever reads on is told, if anything can be written at all. */
    if (begin_writing(w, &error) == 0)
        (void)writer_fail(
            w->writer, upstream != NULL ? TAIL_INPUT_INCOMPLETE : TAIL_FAILED,
            upstream != NULL ? upstream : line.text, &error);
    free_writer(w);
}
