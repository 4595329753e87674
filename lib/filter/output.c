#include "filter/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/outfile.h"
#include "filter/cli.h"
#include "filter/must.h"

struct output {
    struct outfile *file;
    struct writer *writer;
    struct schema schema;
    uint64_t rows;
    struct output *next; /* in open_outputs */
};

/* Who has to be told when we die, and what an input said of its own end. */
static struct output *open_outputs;
static const char *blamed;
/* Standard output is to become a stream, and has not yet begun to. */
static bool may_tell_stdout;

/* A stream of no columns that says why there is none. */
static void
tell_stdout(enum tail_status status, const char *text)
{
    struct schema s = { 0 };
    struct writer *w = NULL;
    struct error ignored;

    if (schema_add_step(&s, cli_step(), &ignored) == 0)
        w = writer_new(STDOUT_FILENO, &s, false, &ignored);
    if (w != NULL)
        (void)writer_fail(w, status, text, &ignored);
    writer_free(w);
    schema_free(&s);
}

static void
tell_outputs(const char *message)
{
    char text[1200];
    struct error ignored;
    const enum tail_status status =
        blamed != NULL ? TAIL_INPUT_INCOMPLETE : TAIL_FAILED;

    /* What died first is what people want to know: hand it on as it came. */
    if (blamed != NULL)
        snprintf(text, sizeof text, "%s", blamed);
    else
        snprintf(text, sizeof text, "%.*s: %s", (int)strcspn(cli_step(), " "),
                 cli_step(), message);
    if (open_outputs == NULL && may_tell_stdout)
        tell_stdout(status, text);
    for (struct output *o = open_outputs; o != NULL; o = o->next)
        (void)writer_fail(o->writer, status, text, &ignored);
}

void
output_tell_when_dying(void)
{
    static bool done;

    if (done)
        return;
    done = true;
    message_at_death(tell_outputs);
    may_tell_stdout = cli_streams_to_stdout();
}

void
output_is_no_stream(void)
{
    output_tell_when_dying();
    may_tell_stdout = false;
}

void
output_blame(const char *message)
{
    blamed = message;
}

struct output *
output_open(const char *path, const struct schema *s)
{
    struct output *out = must_new(1, sizeof *out);
    struct schema mine;
    struct error e;

    output_tell_when_dying();
    if (strcmp(path, "-") == 0 && isatty(STDOUT_FILENO))
        usage_error("a stream is not for a terminal: use -o FILE, or "
                    "\"| rec-to tsv\"");
    must(schema_copy(&mine, s, &e), &e);
    must(schema_add_step(&mine, cli_step(), &e), &e);
    out->file = outfile_open(path, &e);
    if (out->file == NULL)
        die("%s", e.text);
    out->writer = writer_new(outfile_fd(out->file), &mine, cli_deflate(), &e);
    if (out->writer == NULL)
        die("%s: %s", outfile_name(out->file), e.text);
    out->schema = mine;
    out->next = open_outputs;
    open_outputs = out;
    may_tell_stdout = false;
    return out;
}

static void
forget(struct output *out)
{
    struct output **p = &open_outputs;

    while (*p != NULL && *p != out)
        p = &(*p)->next;
    if (*p != NULL)
        *p = out->next;
}

/* Nothing more can be written there. */
static _Noreturn void
output_failed(struct output *out, const struct error *e)
{
    forget(out);
    die("%s: %s", outfile_name(out->file), e->text);
}

static void
put_block(struct output *out, const struct block *b)
{
    struct error e;

    if (writer_put(out->writer, b, &e) != 0)
        output_failed(out, &e);
    out->rows += b->rows;
}

/* The rows of B in blocks of the usual size. */
static void
put_in_parts(struct output *out, const struct block *b)
{
    struct table part;
    struct error e;

    must(table_init(&part, &out->schema, &e), &e);
    for (uint32_t r = 0; r < b->rows; r++) {
        struct block full;

        must(table_gather(&part, &out->schema, b, &r, 1, &e), &e);
        if (!table_is_full(&part) && r + 1 < b->rows)
            continue;
        full = table_block(&part);
        put_block(out, &full);
        table_clear(&part);
    }
    table_free(&part);
}

void
output_put(struct output *out, const struct block *b)
{
    size_t bytes = 0;

    for (size_t i = 0; i < out->schema.columns; i++)
        bytes += array_bytes(&out->schema.column[i], &b->column[i], b->rows);
    if (bytes > BLOCK_BYTES_MAX && b->rows > 1)
        put_in_parts(out, b);
    else
        put_block(out, b);
}

void
output_put_table(struct output *out, struct table *t)
{
    const struct block all = table_block(t);

    if (t->rows > BLOCK_ROWS || table_bytes(t) > 2 * BLOCK_BYTES)
        put_in_parts(out, &all);
    else
        put_block(out, &all);
    table_clear(t);
}

void
output_close_all(struct output **out, size_t n)
{
    struct error e;

    for (size_t i = 0; i < n; i++) {
        if (writer_finish(out[i]->writer, &e) != 0)
            output_failed(out[i], &e);
        forget(out[i]);
    }
    for (size_t i = 0; i < n; i++) {
        writer_free(out[i]->writer);
        schema_free(&out[i]->schema);
        if (outfile_commit(out[i]->file, &e) != 0)
            die("%s", e.text);
        free(out[i]);
    }
}

void
output_close(struct output *out)
{
    output_close_all(&out, 1);
}

uint64_t
output_rows(const struct output *out)
{
    return out->rows;
}
