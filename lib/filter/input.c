#include "filter/input.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/spool.h"
#include "base/world.h"
#include "features/spec.h"
#include "filter/message.h"
#include "filter/must.h"
#include "filter/output.h"
#include "filter/progress.h"
#include "filter/told.h"

struct input {
    const char **path; /* [paths]: files that follow each other */
    size_t paths, at;
    struct told file; /* the one that is read now */
    off_t start;      /* where input_rewind() goes */
    struct reader *reader;
    struct reader *first; /* has the head of all */
    bool ended;
    uint64_t first_row; /* of the block last delivered, from 1 */
};

/* All but the head of file number in->at.  Of the world's ranks each has its
 * share of the files. */
static void
open_file(struct input *in)
{
    output_tell_when_dying();
    told_open(&in->file, in->path[in->at],
              (unsigned)(in->at * world_size() / in->paths));
}

/* The next one of this file; false at its end. */
static bool
next_block(struct input *in, struct block *b)
{
    struct error e;

    in->first_row = reader_rows(in->reader) + 1;
    switch (reader_next(in->reader, b, &e)) {
    case READER_BLOCK:
        progress_read(in->file.fd, reader_rows(in->reader));
        return true;
    case READER_END: progress_read_end(in->file.fd); return false;
    case READER_ERROR: break;
    }
    output_blame(reader_upstream_message(in->reader));
    die("%s: %s", in->file.name, e.text);
}

static void
read_head(struct input *in)
{
    const struct reader_source source = { told_read, &in->file };
    struct error e = { "" };
    struct block b;

    in->reader = reader_new_from(&source, &e);
    if (in->reader == NULL)
        die("%s: %s", in->file.name, e.text);
    if (in->at == 0)
        in->first = in->reader;
    /* All that a filter writes which died before it knew its columns. */
    if (reader_schema(in->reader)->columns == 0) {
        while (next_block(in, &b))
            continue;
        die("%s: a stream without columns", in->file.name);
    }
}

static struct input *
new_input(const char *path, size_t paths)
{
    struct input *in = must_new(1, sizeof *in);

    in->path = must_new(paths, sizeof *in->path);
    in->path[0] = in->file.name = path;
    in->paths = paths;
    return in;
}

struct input *
input_open_all(char *const *path, size_t paths)
{
    struct input *in = new_input(path[0], paths);

    for (size_t i = 1; i < paths; i++)
        in->path[i] = path[i];
    open_file(in);
    read_head(in);
    return in;
}

/* The next file, which must have the head of the first. */
static void
open_next(struct input *in)
{
    struct error e;

    if (in->reader != in->first)
        reader_free(in->reader);
    told_close(&in->file);
    in->at++;
    open_file(in);
    read_head(in);
    if (!schema_same_columns(input_schema(in), reader_schema(in->reader), &e) ||
        !schema_same_metas(input_schema(in), reader_schema(in->reader), &e))
        die("%s: not the head of %s: %s", in->file.name, in->path[0], e.text);
}

struct input *
input_open(const char *path)
{
    struct input *in = new_input(path, 1);

    open_file(in);
    read_head(in);
    return in;
}

struct input *
input_open_fd(int fd, const char *name)
{
    struct input *in = new_input(name, 1);

    output_tell_when_dying();
    in->file.fd = fd;
    in->file.borrowed = true;
    read_head(in);
    return in;
}

int
input_seekable(int fd, const char *name, off_t *start)
{
    struct error e = { "" };
    struct stat st;
    int copy;

    if (fstat(fd, &st) != 0)
        die_errno("%s", name);
    *start = 0;
    if (S_ISREG(st.st_mode)) {
        *start = lseek(fd, 0, SEEK_CUR);
        if (*start < 0)
            die_errno("%s", name);
        return fd;
    }
    copy = spool_copy(fd, &e);
    if (copy < 0)
        die("%s: %s", name, e.text);
    if (fd != STDIN_FILENO)
        (void)close(fd);
    return copy;
}

struct input *
input_open_twice(const char *path)
{
    struct input *in = new_input(path, 1);

    open_file(in);
    in->file.fd = input_seekable(in->file.fd, in->file.name, &in->start);
    in->file.borrowed = in->file.fd == STDIN_FILENO;
    read_head(in);
    return in;
}

void
input_rewind(struct input *in)
{
    if (lseek(in->file.fd, in->start, SEEK_SET) < 0)
        die_errno("%s", in->file.name);
    reader_free(in->reader);
    in->ended = false;
    read_head(in);
}

void
input_close(struct input *in)
{
    if (in == NULL)
        return;
    if (in->reader != in->first)
        reader_free(in->first);
    reader_free(in->reader);
    told_close(&in->file);
    free(in->path);
    free(in);
}

const struct schema *
input_schema(const struct input *in)
{
    return reader_schema(in->first);
}

const char *
input_name(const struct input *in)
{
    return in->file.name;
}

struct reader *
input_reader(const struct input *in)
{
    return in->reader;
}

bool
input_next(struct input *in, struct block *b)
{
    while (!in->ended) {
        if (next_block(in, b))
            return true;
        in->ended = in->at + 1 == in->paths;
        if (!in->ended)
            open_next(in);
    }
    return false;
}

void
input_drain(struct input *in)
{
    struct block b;

    while (input_next(in, &b))
        continue;
}

struct table
input_table(struct input *in)
{
    const struct schema *s = input_schema(in);
    uint32_t *row = NULL;
    size_t have = 0;
    struct table t;
    struct error e;
    struct block b;

    must(table_init(&t, s, &e), &e);
    while (input_next(in, &b)) {
        const size_t old = have;

        row = mem_grow(row, &have, b.rows, sizeof *row, &e);
        if (row == NULL)
            die("%s: %s", in->file.name, e.text);
        for (size_t i = old; i < have; i++)
            row[i] = (uint32_t)i;
        if (table_gather(&t, s, &b, row, b.rows, &e) != 0)
            die("%s: %s", in->file.name, e.text);
    }
    free(row);
    return t;
}

static struct spec
features_of(const struct input *in)
{
    struct spec s;
    struct error e;

    if (spec_from_metas(&s, input_schema(in), &e) != 0)
        input_bad(in, "%s", e.text);
    return s;
}

void
input_check_ids(const struct input *in, const struct feature *f,
                const char *whose)
{
    struct spec s = features_of(in);
    struct error e;

    if (spec_check_feature(&s, f, &e) != 0)
        input_bad(in, "%s (compared with %s)", e.text, whose);
    spec_free(&s);
}

void
input_same_ids(const struct input *in, const struct input *other,
               const char *feature)
{
    struct spec s = features_of(other);

    for (size_t i = 0; i < s.features; i++)
        if (strcmp(s.feature[i].name, feature) == 0)
            input_check_ids(in, &s.feature[i], other->file.name);
    spec_free(&s);
}

size_t
input_column(const struct input *in, const char *name)
{
    const struct schema *s = input_schema(in);
    const long i = schema_find(s, name);
    char there[400] = "";

    if (i >= 0)
        return (size_t)i;
    for (size_t c = 0; c < s->columns; c++) {
        const size_t len = strlen(there);

        snprintf(there + len, sizeof there - len, "%s%s", c > 0 ? ", " : "",
                 s->column[c].name);
    }
    die("%s: no column '%s'; there are: %s", in->file.name, name, there);
}

size_t
input_column_of(const struct input *in, const char *name, enum type type,
                enum shape shape)
{
    const size_t i = input_column(in, name);
    const struct column *c = &input_schema(in)->column[i];
    char is[TYPE_TEXT_MAX];

    if (c->type == type && c->shape == shape)
        return i;
    column_type_text(c, is);
    die("%s: column '%s' is %s, not %s%s", in->file.name, name, is,
        type_name(type),
        shape == SHAPE_LIST     ? "[]"
        : shape == SHAPE_VECTOR ? "[n]"
                                : "");
}

const char *
input_meta(const struct input *in, const char *key)
{
    const char *value = schema_meta(input_schema(in), key);

    if (value == NULL)
        die("%s: its head has no meta '%s'", in->file.name, key);
    return value;
}

void
input_bad_row(const struct input *in, uint32_t row, const char *fmt, ...)
{
    char msg[512];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    die("%s: row %" PRIu64 ": %s", in->file.name, in->first_row + row, msg);
}

void
input_bad(const struct input *in, const char *fmt, ...)
{
    char msg[512];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    if (in->ended && in->paths > 1)
        die("%s and %zu more: %s", in->path[0], in->paths - 1, msg);
    die("%s: %s", in->file.name, msg);
}

long
input_query_column(const struct input *in)
{
    const struct schema *s = input_schema(in);

    for (size_t i = 0; i < s->columns; i++) {
        const char *name = s->column[i].name, *end = strrchr(name, '.');

        if (s->column[i].shape == SHAPE_SCALAR &&
            strncmp(name, "query.", 6) == 0 && strcmp(end, ".lookup") == 0)
            return (long)i;
    }
    return -1;
}

const char *
input_query_key(const struct input *in)
{
    const long i = input_query_column(in);

    if (i < 0)
        input_bad(in, "no column query.*.lookup of one id a row: which one is "
                      "meant? See --by");
    return input_schema(in)->column[i].name;
}
