#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "recmill/handle.h"

static int
begin_reading(struct recmill_reader *r, struct error *e)
{
    const struct schema *s;

    r->reader = reader_new(r->fd, e);
    if (r->reader == NULL)
        return -1;
    s = reader_schema(r->reader);
    r->type = mem_new(s->columns, sizeof *r->type, e);
    r->array = mem_new(s->columns, sizeof *r->array, e);
    if (r->type == NULL || r->array == NULL)
        return -1;
    for (size_t i = 0; i < s->columns; i++)
        column_type_text(&s->column[i], r->type[i]);
    return 0;
}

static struct recmill_reader *
new_reader(int fd, bool owned, struct recmill_error *e)
{
    struct error error;
    struct recmill_reader *r = mem_new(1, sizeof *r, &error);

    if (r == NULL) {
        if (owned)
            (void)close(fd);
        recmill_failed(e, &error);
        return NULL;
    }
    r->fd = fd;
    r->owned = owned;
    if (begin_reading(r, &error) != 0) {
        recmill_reader_close(r);
        recmill_failed(e, &error);
        return NULL;
    }
    return r;
}

struct recmill_reader *
recmill_reader_open(const char *path, struct recmill_error *e)
{
    struct recmill_reader *r;
    struct error error;
    int fd;

    if (strcmp(path, "-") == 0)
        return new_reader(STDIN_FILENO, false, e);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        error_errno(&error, "%s", path);
        recmill_failed(e, &error);
        return NULL;
    }
    r = new_reader(fd, true, e);
    if (r == NULL) {
        error_set(&error, "%s: %s", path, e->text);
        recmill_failed(e, &error);
    }
    return r;
}

struct recmill_reader *
recmill_reader_fd(int fd, struct recmill_error *e)
{
    return new_reader(fd, false, e);
}

void
recmill_reader_close(struct recmill_reader *r)
{
    if (r == NULL)
        return;
    reader_free(r->reader);
    if (r->owned)
        (void)close(r->fd);
    free(r->type);
    free(r->array);
    free(r);
}

size_t
recmill_reader_columns(const struct recmill_reader *r)
{
    return reader_schema(r->reader)->columns;
}

const char *
recmill_reader_name(const struct recmill_reader *r, size_t column)
{
    return reader_schema(r->reader)->column[column].name;
}

const char *
recmill_reader_type(const struct recmill_reader *r, size_t column)
{
    return r->type[column];
}

long
recmill_reader_find(const struct recmill_reader *r, const char *name,
                    const char *type, struct recmill_error *e)
{
    const long column = schema_find(reader_schema(r->reader), name);
    struct error error;

    if (column < 0)
        error_set(&error, "there is no column '%s'", name);
    else if (type != NULL && strcmp(type, r->type[column]) != 0)
        error_set(&error, "column '%s' is %s, not %s", name, r->type[column],
                  type);
    else
        return column;
    return recmill_failed(e, &error);
}

const char *
recmill_reader_meta(const struct recmill_reader *r, const char *key)
{
    return schema_meta(reader_schema(r->reader), key);
}

int
recmill_reader_next(struct recmill_reader *r, struct recmill_block *b,
                    struct recmill_error *e)
{
    struct block block;
    struct error error;
    const enum reader_result got = reader_next(r->reader, &block, &error);

    if (got == READER_ERROR)
        return recmill_failed(e, &error);
    if (got == READER_END)
        return 0;
    for (size_t i = 0; i < block.columns; i++) {
        const struct array *a = &block.column[i];

        r->array[i] =
            (struct recmill_array){ a->list, a->str, a->values, a->count };
    }
    *b = (struct recmill_block){ block.rows, block.columns, r->array };
    return 1;
}
