/*
 * Rows go into the table in runs, column by column, as long as they are lines
 * of scalars that csv_reader_run() can split; the others one by one.  Which way
 * a row went cannot be told from the blocks nor from the errors.
 */
#include "stream/import_rows.h"

#include <inttypes.h>
#include <string.h>

#include "base/utf8.h"
#include "stream/text.h"
#include "stream/text_fields.h"

int
import_field_text(struct import *im, const struct csv_row *row, size_t i,
                  const char **s, size_t *len, struct error *e)
{
    const bool recode = im->opt.latin1;

    *s = csv_field(row, i, len);
    if ((!recode || utf8_is_ascii(*s, *len)) &&
        (!im->opt.escapes || memchr(*s, '\\', *len) == NULL))
        return 0;
    im->scratch.len = 0;
    if ((recode ? utf8_from_latin1(&im->scratch, *s, *len, e)
                : buffer_append(&im->scratch, *s, *len, e)) != 0)
        return -1;
    *s = (const char *)im->scratch.data;
    *len = im->scratch.len;
    if (im->opt.escapes)
        *len = text_unescape((char *)im->scratch.data, *len);
    return 0;
}

int
import_at_line(const struct import *im, uint64_t line, struct error *e)
{
    return error_prefix(e, "%s:%" PRIu64, im->opt.csv.name, line);
}

/* What was taken for numbers has to look like numbers to the end. */
static bool
is_checked(const struct import *im, size_t column)
{
    return im->inferred != NULL && im->inferred[column] && !im->inferring &&
           im->schema.column[column].type != TYPE_STR;
}

static int
add_value(struct import *im, size_t column, const char *s, size_t len,
          struct error *e)
{
    const struct column *c = &im->schema.column[column];

    if (is_checked(im, column) && text_type(s, len) > c->type) {
        struct error why;

        (void)text_refuse(s, len, "is no", c->type, &why);
        return error_set(e,
                         "column '%s': %s, as which it was inferred; "
                         "see --types",
                         c->name, why.text);
    }
    if (text_add(&im->table.column[column], c, im->opt.list_separator, s, len,
                 e) != 0)
        return error_prefix(e, "column '%s'", c->name);
    return 0;
}

static int
add_row(struct import *im, const struct csv_row *row, struct error *e)
{
    if (row->fields != im->fields && !(im->more && row->fields > im->fields)) {
        error_set(e, "%zu fields, not %zu", row->fields, im->fields);
        return import_at_line(im, row->line, e);
    }
    for (size_t i = 0; i < im->fields; i++) {
        const char *s;
        size_t len;

        if (im->target[i] == LEFT_OUT)
            continue;
        if (import_field_text(im, row, i, &s, &len, e) != 0 ||
            add_value(im, im->target[i], s, len, e) != 0)
            return import_at_line(im, row->line, e);
    }
    im->table.rows++;
    return 0;
}

/* Are the fields of RUN what they look like: nothing to recode or unescape? */
static bool
is_verbatim(const struct import *im, const struct csv_run *run)
{
    const char *text = run->text + run->from;
    const size_t len = run->to - run->from;

    return (!im->opt.latin1 || utf8_is_ascii(text, len)) &&
           (!im->opt.escapes || memchr(text, '\\', len) == NULL);
}

/* How many of the first N fields look like the type inferred for COLUMN. */
static size_t
count_expected(const struct import *im, size_t column,
               const struct text_fields *f, size_t n)
{
    const enum type t = im->schema.column[column].type;
    size_t len, i = 0;
    const char *s;

    if (!is_checked(im, column))
        return n;
    for (; i < n; i++) {
        s = text_field(f, i, &len);
        if (text_type(s, len) > t)
            break;
    }
    return i;
}

/* Field I of the first N rows of RUN; returns how many there was nothing wrong
 * with, and if fewer says what is wrong with the next. */
static size_t
add_run_column(struct import *im, const struct csv_run *run, size_t i, size_t n,
               struct error *e)
{
    const size_t column = im->target[i];
    const struct column *c = &im->schema.column[column];
    const struct text_fields f = { .text = run->text,
                                   .begin = run->begin + i,
                                   .step = im->fields + 1 };
    struct csv_row row = { .text = run->text };
    size_t done = 0, len;
    const char *s;

    if (is_verbatim(im, run)) {
        const size_t expected = count_expected(im, column, &f, n);

        done = text_add_fields(&im->table.column[column], c, &f, expected, e);
        if (done < expected) {
            (void)error_prefix(e, "column '%s'", c->name);
            return done;
        }
    }
    for (; done < n; done++) {
        row.begin = run->begin + done * f.step;
        if (import_field_text(im, &row, i, &s, &len, e) != 0 ||
            add_value(im, column, s, len, e) != 0)
            break;
    }
    return done;
}

/*
 * Rows that csv_reader_run() has together, column by column, and no more of
 * them than surely fit the block: so a block ends at the same row however the
 * text arrives.  Returns 1, 0 when the next row has to be added by itself, or
 * -1: a column goes no further than those before it did, so the error that
 * remains is the one that add_row() would have met first.
 */
static int
add_run(struct import *im, struct error *e)
{
    const struct table *t = &im->table;
    /* A value takes 8 bytes at most; a string 4 and its text, which as Latin-1
     * may be twice as long: half of the room for each. */
    const size_t room = (BLOCK_BYTES - table_bytes(t)) / 2;
    const size_t fitting = room / (8 * t->columns);
    const size_t left = BLOCK_ROWS - (size_t)t->rows;
    struct csv_run run;
    size_t good;

    if (csv_reader_run(im->csv, im->fields, fitting < left ? fitting : left,
                       room / 2, &run) == 0)
        return 0;
    good = run.rows;
    for (size_t i = 0; i < im->fields; i++)
        if (im->target[i] != LEFT_OUT)
            good = add_run_column(im, &run, i, good, e);
    if (good < run.rows)
        return import_at_line(im, run.line + good, e);
    im->table.rows += run.rows;
    return 1;
}

static bool
all_scalars(const struct schema *s)
{
    for (size_t i = 0; i < s->columns; i++)
        if (s->column[i].shape != SHAPE_SCALAR)
            return false;
    return true;
}

int
import_fill(struct import *im, struct error *e)
{
    const bool runs = !im->opt.row_block && all_scalars(&im->schema);
    struct csv_row row;
    int got;

    table_clear(&im->table);
    do {
        got = runs ? add_run(im, e) : 0;
        if (got != 0)
            continue;
        got = csv_reader_next(im->csv, &row, e);
        if (got > 0)
            got = add_row(im, &row, e) == 0 ? 1 : -1;
    } while (got > 0 && !im->opt.row_block && !table_is_full(&im->table));
    return got < 0 ? -1 : 0;
}
