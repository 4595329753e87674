/*
 * rec-to - a record stream as text, or as an array for NumPy
 *
 * An .npy file says first how many rows it has.  Where the output is a regular
 * file the header is written again at the end; into a pipe the numbers take
 * the way through a temporary file.  Memory is that of one block.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/outfile.h"
#include "filter/filter.h"
#include "stream/format.h"
#include "stream/npy.h"

#define TEXT_BYTES ((size_t)64 * 1024)

enum { OPT_NO_HEADER = 256, OPT_SEPARATOR, OPT_EXPLODE, OPT_COLUMN };

enum { TO_NPY = FORMAT_JSONL + 1 };

struct options {
    unsigned kind; /* enum format_kind, or TO_NPY */
    struct format_options format;
    const char *columns; /* "a,b", NULL for all */
    const char *path;
};

static const struct cli_option option_table[] = {
    { 'c', "columns", CLI_VALUE, "A,B", "only these, in this order (all)" },
    { OPT_COLUMN, "column", CLI_VALUE, "A", "the same for one (npy)" },
    { OPT_EXPLODE, "explode", CLI_FLAG, NULL,
      "a line for each element of the lists, with its rank" },
    { OPT_NO_HEADER, "no-header", CLI_FLAG, NULL, "no line of column names" },
    { OPT_SEPARATOR, "list-separator", CLI_VALUE, "C",
      "between the elements of a list ('|')" },
    { 0 },
};

static const struct cli cli = {
    .name = "rec-to",
    .operands = "csv|tsv|jsonl|npy [FILE]",
    .purpose = "Write a record stream as text or as a NumPy array.",
    .example = "rec-to tsv --columns user_id,candidates top.rms",
    .flags = CLI_FILE_OUT,
    .options = option_table,
};

static struct options
parse_options(int argc, char **argv)
{
    static const char *const formats[] = { "csv", "tsv", "jsonl", "npy", NULL };
    struct options opt = { .format = { .header = true,
                                       .list_separator = '|' } };
    const char *value;
    char **operand;
    int c, count;

    cli_init(&cli, argc, argv);
    while ((c = cli_next(&value)) != 0) {
        switch (c) {
        case 'c':
        case OPT_COLUMN: opt.columns = value; break;
        case OPT_EXPLODE: opt.format.explode = true; break;
        case OPT_NO_HEADER: opt.format.header = false; break;
        case OPT_SEPARATOR:
            opt.format.list_separator = *value;
            if (strlen(value) != 1 || (unsigned char)*value >= 128 ||
                *value == '\\')
                usage_error("--list-separator %s: expected one ASCII "
                            "character, no backslash",
                            value);
            break;
        }
    }
    operand = cli_operands(1, 2, &count);
    while (strcmp(formats[opt.kind], *operand) != 0)
        if (formats[++opt.kind] == NULL)
            usage_error("format %s: expected csv, tsv, jsonl or npy", *operand);
    if (opt.kind == TO_NPY && opt.format.explode)
        usage_error("--explode is for text");
    opt.format.kind = (enum format_kind)opt.kind;
    opt.path = count == 2 ? operand[1] : "-";
    return opt;
}

/* Which columns are to be written: all, or those of the list. */
static size_t
choose_columns(const struct input *in, const char *list, size_t *column)
{
    const struct schema *s = input_schema(in);
    char name[SCHEMA_NAME_MAX + 1];
    size_t n = 0;

    if (list == NULL) {
        while (n < s->columns) {
            column[n] = n;
            n++;
        }
        return n;
    }
    for (;;) {
        const size_t len = strcspn(list, ",");

        snprintf(name, sizeof name, "%.*s", (int)len, list);
        if (n == SCHEMA_COLUMNS_MAX)
            usage_error("--columns: more than %d", SCHEMA_COLUMNS_MAX);
        column[n++] = input_column(in, name);
        if (list[len] == '\0')
            return n;
        list += len + 1;
    }
}

static void
put(const struct outfile *out, const void *p, size_t len)
{
    if (io_write(outfile_fd(out), p, len) != 0)
        die_errno("%s", outfile_name(out));
}

static void
put_text(struct input *in, const struct format_options *opt,
         const struct outfile *out)
{
    struct buffer text = { 0 };
    struct format *f;
    struct error e;
    struct block b;

    f = format_new(input_schema(in), opt, &e);
    if (f == NULL)
        input_bad(in, "%s", e.text);
    must(format_header(f, &text, &e), &e);
    while (input_next(in, &b)) {
        for (uint32_t r = 0; r < b.rows; r++) {
            if (format_row(f, &b, r, &text, &e) != 0)
                input_bad_row(in, r, "%s", e.text);
            if (text.len >= TEXT_BYTES) {
                put(out, text.data, text.len);
                text.len = 0;
            }
        }
        /* One block in, its lines out: who asked gets the answer now. */
        put(out, text.data, text.len);
        text.len = 0;
    }
    put(out, text.data, text.len);
    buffer_free(&text);
    format_free(f);
}

/* Can what was written to FD be written over? */
static bool
can_go_back(int fd, off_t *start)
{
    struct stat st;

    *start = lseek(fd, 0, SEEK_CUR);
    return *start >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
           (fcntl(fd, F_GETFL) & O_APPEND) == 0;
}

static void
copy_from(FILE *spool, const struct outfile *out)
{
    static char chunk[TEXT_BYTES];
    ssize_t got;

    if (lseek(fileno(spool), 0, SEEK_SET) != 0)
        die_errno("temporary file");
    while ((got = io_read(fileno(spool), chunk, sizeof chunk)) > 0)
        put(out, chunk, (size_t)got);
    if (got < 0)
        die_errno("temporary file");
}

static void
put_npy(struct input *in, size_t column, const struct outfile *out)
{
    const struct column *c = &input_schema(in)->column[column];
    unsigned char header[NPY_HEADER];
    const int fd = outfile_fd(out);
    FILE *spool = NULL;
    uint64_t rows = 0;
    struct block b;
    struct error e;
    off_t start;

    if (npy_header(c, 0, header, &e) != 0)
        input_bad(in, "%s", e.text);
    if (can_go_back(fd, &start)) {
        put(out, header, sizeof header);
    } else {
        spool = tmpfile();
        if (spool == NULL)
            die_errno("temporary file");
    }
    while (input_next(in, &b)) {
        const struct array *a = &b.column[column];

        if (io_write(spool != NULL ? fileno(spool) : fd, a->values,
                     a->count * type_size(c->type)) != 0)
            die_errno("%s",
                      spool != NULL ? "temporary file" : outfile_name(out));
        rows += b.rows;
    }
    must(npy_header(c, rows, header, &e), &e);
    if (spool == NULL && lseek(fd, start, SEEK_SET) != start)
        die_errno("%s", outfile_name(out));
    put(out, header, sizeof header);
    if (spool == NULL) {
        if (lseek(fd, 0, SEEK_END) < 0)
            die_errno("%s", outfile_name(out));
        return;
    }
    copy_from(spool, out);
    (void)fclose(spool);
}

int
main(int argc, char **argv)
{
    struct options opt = parse_options(argc, argv);
    size_t column[SCHEMA_COLUMNS_MAX];
    struct input *in = input_open(opt.path);
    struct outfile *out;
    struct error e;

    opt.format.column = column;
    opt.format.columns = choose_columns(in, opt.columns, column);
    if (opt.kind == TO_NPY && opt.format.columns != 1)
        usage_error("npy holds one column: choose it with --column");
    if (opt.kind == TO_NPY && strcmp(cli_output(), "-") == 0 &&
        isatty(STDOUT_FILENO))
        usage_error("an array is not for a terminal: use -o FILE");
    out = outfile_open(cli_output(), &e);
    must(out != NULL ? 0 : -1, &e);
    if (opt.kind == TO_NPY)
        put_npy(in, column[0], out);
    else
        put_text(in, &opt.format, out);
    must(outfile_commit(out, &e), &e);
    input_close(in);
    return EXIT_SUCCESS;
}
