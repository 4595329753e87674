#include "filter/input.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/spool.h"
#include "base/world.h"
#include "features/spec.h"
#include "filter/message.h"
#include "filter/must.h"
#include "filter/output.h"
#include "filter/progress.h"

#define STDIN_NAME "standard input"

struct input {
    const char **path; /* [paths]: files that follow each other */
    size_t paths, at;
    const char *name; /* of the one that is read now */
    unsigned owner;   /* the rank that reads it, and tells the others */
    int fd;           /* there; else -1 */
    bool borrowed; /* fd is the caller's */
    off_t start;   /* where input_rewind() goes */
    struct reader *reader;
    struct reader *first; /* has the head of all */
    bool ended;
    uint64_t first_row; /* of the block last delivered, from 1 */
};

/* Of the world's ranks each has its share of the files, and standard input is
 * the first one's. */
static unsigned
owner_of(const struct input *in)
{
    return in->fd == STDIN_FILENO
               ? 0
               : (unsigned)(in->at * world_size() / in->paths);
}

/* All but the head of file number in->at. */
static void
open_descriptor(struct input *in)
{
    const char *path = in->path[in->at];
    int failed = 0;

    output_tell_when_dying();
    in->name = path;
    in->fd = -1;
    if (strcmp(path, "-") == 0) {
        in->name = STDIN_NAME;
        in->fd = STDIN_FILENO;
        if (world_rank() == 0 && isatty(STDIN_FILENO))
            usage_error("no input: give a file, or a stream on %s", STDIN_NAME);
    }
    in->owner = owner_of(in);
    if (in->fd < 0 && world_rank() == in->owner) {
        in->fd = open(path, O_RDONLY | O_CLOEXEC);
        failed = in->fd < 0 ? errno : 0;
    }
    world_tell(in->owner, &failed, sizeof failed);
    errno = failed;
    if (failed != 0)
        die_errno("%s", path);
}

/* What the owner reads, all read. */
static ssize_t
read_told(void *ctx, void *buf, size_t len)
{
    const struct input *in = ctx;
    int64_t got[2] = { 0 }; /* and errno */

    if (world_rank() == in->owner) {
        got[0] = io_read(in->fd, buf, len);
        got[1] = errno;
    }
    world_tell(in->owner, got, sizeof got);
    if (got[0] > 0)
        world_tell(in->owner, buf, (size_t)got[0]);
    errno = (int)got[1];
    return (ssize_t)got[0];
}

/* The next one of this file; false at its end. */
static bool
next_block(struct input *in, struct block *b)
{
    struct error e;

    in->first_row = reader_rows(in->reader) + 1;
    switch (reader_next(in->reader, b, &e)) {
    case READER_BLOCK:
        progress_read(in->fd, reader_rows(in->reader));
        return true;
    case READER_END: progress_read_end(in->fd); return false;
    case READER_ERROR: break;
    }
    output_blame(reader_upstream_message(in->reader));
    die("%s: %s", in->name, e.text);
}

static void
read_head(struct input *in)
{
    const struct reader_source source = { read_told, in };
    struct error e = { "" };
    struct block b;

    in->reader = reader_new_from(&source, &e);
    if (in->reader == NULL)
        die("%s: %s", in->name, e.text);
    if (in->at == 0)
        in->first = in->reader;
    /* All that a filter writes which died before it knew its columns. */
    if (reader_schema(in->reader)->columns == 0) {
        while (next_block(in, &b))
            continue;
        die("%s: a stream without columns", in->name);
    }
}

static struct input *
new_input(const char *path, size_t paths)
{
    struct input *in = must_new(1, sizeof *in);

    in->path = must_new(paths, sizeof *in->path);
    in->path[0] = in->name = path;
    in->paths = paths;
    return in;
}

struct input *
input_open_all(char *const *path, size_t paths)
{
    struct input *in = new_input(path[0], paths);

    for (size_t i = 1; i < paths; i++)
        in->path[i] = path[i];
    open_descriptor(in);
    read_head(in);
    return in;
}

static void
close_descriptor(const struct input *in)
{
    if (in->fd > STDIN_FILENO && !in->borrowed)
        (void)close(in->fd); /* only read from: nothing to lose */
}

/* The next file, which must have the head of the first. */
static void
open_next(struct input *in)
{
    struct error e;

    if (in->reader != in->first)
        reader_free(in->reader);
    close_descriptor(in);
    in->at++;
    open_descriptor(in);
    read_head(in);
    if (!schema_same_columns(input_schema(in), reader_schema(in->reader), &e) ||
        !schema_same_metas(input_schema(in), reader_schema(in->reader), &e))
        die("%s: not the head of %s: %s", in->name, in->path[0], e.text);
}

struct input *
input_open(const char *path)
{
    struct input *in = new_input(path, 1);

    open_descriptor(in);
    read_head(in);
    return in;
}

struct input *
input_open_fd(int fd, const char *name)
{
    struct input *in = new_input(name, 1);

    output_tell_when_dying();
    in->fd = fd;
    in->borrowed = true;
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

    open_descriptor(in);
    in->fd = input_seekable(in->fd, in->name, &in->start);
    read_head(in);
    return in;
}

void
input_rewind(struct input *in)
{
    if (lseek(in->fd, in->start, SEEK_SET) < 0)
        die_errno("%s", in->name);
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
    close_descriptor(in);
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
    return in->name;
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
            die("%s: %s", in->name, e.text);
        for (size_t i = old; i < have; i++)
            row[i] = (uint32_t)i;
        if (table_gather(&t, s, &b, row, b.rows, &e) != 0)
            die("%s: %s", in->name, e.text);
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
            input_check_ids(in, &s.feature[i], other->name);
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
    die("%s: no column '%s'; there are: %s", in->name, name, there);
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
    die("%s: column '%s' is %s, not %s%s", in->name, name, is, type_name(type),
        shape == SHAPE_LIST     ? "[]"
        : shape == SHAPE_VECTOR ? "[n]"
                                : "");
}

const char *
input_meta(const struct input *in, const char *key)
{
    const char *value = schema_meta(input_schema(in), key);

    if (value == NULL)
        die("%s: its head has no meta '%s'", in->name, key);
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
    die("%s: row %" PRIu64 ": %s", in->name, in->first_row + row, msg);
}

void
input_bad(const struct input *in, const char *fmt, ...)
{
    char msg[512];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    die("%s: %s", in->name, msg);
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
