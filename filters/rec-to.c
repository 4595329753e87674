/*
 * rec-to - a record stream as a file of another program
 *
 * The formats are a table of lib/formats.  Where a file says first how many
 * rows it has, or has them column by column, the stream is read more than once,
 * so that memory stays that of one block; a pipe is copied to a temporary file
 * then.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/outfile.h"
#include "filter/filter.h"
#include "filter/names.h"
#include "formats/exporter.h"

#define FULL_BYTES ((size_t)64 * 1024)

enum {
    OPT_NO_HEADER = 256,
    OPT_SEPARATOR,
    OPT_EXPLODE,
    OPT_COLUMN,
    OPT_QID,
    OPT_RUN,
    OPT_RANK_SCORES
};

struct options {
    const struct exporter_format *format;
    struct exporter_options export;
    const char *columns; /* "a,b", NULL for all */
    const char *query;   /* NULL for none */
    const char *path;
};

static const struct cli_option option_table[] = {
    { 'c', "columns", CLI_VALUE, "A,B", "only these, in this order (all)" },
    { OPT_COLUMN, "column", CLI_VALUE, "A", "the same for one" },
    { OPT_EXPLODE, "explode", CLI_FLAG, NULL,
      "a line for each element of the lists, with its rank" },
    { OPT_NO_HEADER, "no-header", CLI_FLAG, NULL, "no line of column names" },
    { OPT_SEPARATOR, "list-separator", CLI_VALUE, "C",
      "between the elements of a list ('|')" },
    { OPT_QID, "qid", CLI_VALUE, "A", "the column of queries (svmlight)" },
    { OPT_RUN, "run", CLI_VALUE, "NAME", "name of the run (recmill)" },
    { OPT_RANK_SCORES, "rank-scores", CLI_FLAG, NULL,
      "minus the rank instead of the score (trec-run)" },
    { 0 },
};

static struct cli_word words[16]; /* the formats */

static const struct cli cli = {
    .name = "rec-to",
    .operands = "FORMAT [FILE]",
    .purpose = "Write a record stream as a file of another program.",
    .example = "rec-to tsv --columns user_id,candidates top.rms",
    .flags = CLI_FILE_OUT | CLI_TEMPORARY,
    .options = option_table,
    .words = words,
};

static void
name_formats(void)
{
    const struct exporter_format *f;

    for (size_t i = 0; (f = exporter_format(i)) != NULL; i++)
        words[i] = (struct cli_word){ f->name, f->what };
}

static void
set_separator(struct options *opt, const char *value)
{
    opt->export.text.list_separator = *value;
    if (strlen(value) != 1 || (unsigned char)*value >= 128 || *value == '\\')
        usage_error("--list-separator %s: expected one ASCII character, no "
                    "backslash",
                    value);
}

static const struct exporter_format *
format_named(const char *name)
{
    const struct exporter_format *f = exporter_find(name);

    if (f == NULL)
        usage_error("no format '%s'", name);
    return f;
}

static struct options
parse_options(int argc, char **argv)
{
    struct options opt = { .export = { .text = { .header = true,
                                                 .list_separator = '|' },
                                       .run = "recmill",
                                       .query = -1 } };
    int asks[EXPORT_LAST + 1] = { 0 };
    const char *value;
    char **operand;
    unsigned bit;
    int c, count;

    name_formats();
    cli_init(&cli, argc, argv);
    while ((c = cli_next(&value)) != 0) {
        switch (c) {
        case 'c':
        case OPT_COLUMN: opt.columns = value; continue;
        case OPT_EXPLODE: opt.export.text.explode = true; break;
        case OPT_NO_HEADER: opt.export.text.header = false; break;
        case OPT_SEPARATOR: set_separator(&opt, value); break;
        case OPT_QID: opt.query = value; break;
        case OPT_RUN: opt.export.run = value; break;
        case OPT_RANK_SCORES: opt.export.rank_scores = true; break;
        }
        bit = c == OPT_QID                           ? EXPORT_QID
              : c == OPT_RUN || c == OPT_RANK_SCORES ? EXPORT_RUN
                                                     : EXPORT_TEXT;
        if (asks[bit] == 0)
            asks[bit] = c;
    }
    operand = cli_operands(1, 2, &count);
    opt.format = format_named(*operand);
    cli_check_takes(asks, EXPORT_LAST, opt.format->takes, opt.format->name);
    opt.path = count == 2 ? operand[1] : "-";
    return opt;
}

/* Which columns are to be written: those that --columns names or, without it,
 * those of the format or all but the query. */
static size_t
choose_columns(const struct options *opt, const struct input *in,
               size_t *column)
{
    const char *list = opt->columns, *first = opt->format->first;
    const struct schema *s = input_schema(in);
    struct names names;
    long at = -1;
    size_t n = 0;

    if (list == NULL && opt->format->columns == NULL) {
        for (size_t i = 0; i < s->columns; i++)
            if ((long)i != opt->export.query)
                column[n++] = i;
        return n;
    }
    if (list == NULL && first != NULL)
        at = schema_find(s, first);
    if (at >= 0 && s->column[at].shape == SHAPE_SCALAR)
        column[n++] = (size_t)at;
    names = names_parse('c', list != NULL ? list : opt->format->columns, false);
    for (size_t i = 0; i < names.n; i++)
        column[n++] = input_column(in, names.named[i].name);
    names_free(&names);
    return n;
}

/* The columns into COLUMN and *OPT. */
static void
settle_columns(struct options *opt, const struct input *in, size_t *column)
{
    const struct exporter_format *f = opt->format;
    size_t n;

    if (opt->query != NULL)
        opt->export.query = (long)input_column(in, opt->query);
    n = choose_columns(opt, in, column);
    if (n < f->least || (f->most > 0 && n > f->most))
        usage_error("%s holds %s: choose with --columns", f->name, f->roles);
    opt->export.text.column = column;
    opt->export.text.columns = n;
}

static void
put(const struct outfile *out, struct buffer *bytes)
{
    if (io_write(outfile_fd(out), bytes->data, bytes->len) != 0)
        die_errno("%s", outfile_name(out));
    bytes->len = 0;
}

/* Back to the first row of the stream whose schema is S. */
static void
go_back(struct input *in, const struct schema *s)
{
    struct error e;

    input_rewind(in);
    if (!schema_same_columns(s, input_schema(in), &e))
        input_bad(in, "changed while it was read: %s", e.text);
}

static uint64_t
count_rows(struct input *in, const struct schema *s)
{
    uint64_t rows = 0;
    struct block b;

    while (input_next(in, &b))
        rows += b.rows;
    go_back(in, s);
    return rows;
}

/* One pass over the rows; how many there were.  One block in, its rows out: who
 * asked gets the answer now. */
static uint64_t
put_rows(struct exporter *x, struct input *in, const struct outfile *out,
         struct buffer *bytes)
{
    uint64_t rows = 0;
    struct error e;
    struct block b;

    while (input_next(in, &b)) {
        for (uint32_t r = 0; r < b.rows; r++) {
            if (exporter_row(x, &b, r, bytes, &e) != 0)
                input_bad_row(in, r, "%s", e.text);
            if (bytes->len >= FULL_BYTES)
                put(out, bytes);
        }
        put(out, bytes);
        rows += b.rows;
    }
    return rows;
}

static void
put_all(const struct options *opt, const struct schema *s, struct input *in,
        const struct outfile *out, struct exporter *x)
{
    const bool counts = opt->format->counts;
    const uint64_t rows = counts ? count_rows(in, s) : 0;
    struct buffer bytes = { 0 };
    struct error e;

    for (size_t pass = 0; pass < exporter_passes(x); pass++) {
        if (pass > 0)
            go_back(in, s);
        must(exporter_begin(x, pass, rows, &bytes, &e), &e);
        if (put_rows(x, in, out, &bytes) != rows && counts)
            input_bad(in, "changed while it was read");
        put(out, &bytes);
    }
    buffer_free(&bytes);
}

int
main(int argc, char **argv)
{
    struct options opt = parse_options(argc, argv);
    size_t column[SCHEMA_COLUMNS_MAX];
    struct input *in =
        opt.format->counts ? input_open_twice(opt.path) : input_open(opt.path);
    struct exporter *x;
    struct outfile *out;
    struct schema s;
    struct error e;

    settle_columns(&opt, in, column);
    if (opt.format->binary && strcmp(cli_output(), "-") == 0 &&
        isatty(STDOUT_FILENO))
        usage_error("%s is not for a terminal: use -o FILE", opt.format->name);
    must(schema_copy(&s, input_schema(in), &e), &e);
    x = exporter_new(opt.format, &s, &opt.export, &e);
    if (x == NULL)
        input_bad(in, "%s", e.text);
    out = outfile_open(cli_output(), &e);
    must(out != NULL ? 0 : -1, &e);
    put_all(&opt, &s, in, out, x);
    must(outfile_commit(out, &e), &e);
    exporter_free(x);
    schema_free(&s);
    input_close(in);
    return EXIT_SUCCESS;
}
