/*
 * rec-from - other programs' files into a record stream
 *
 * The formats are a table of lib/formats; what is here is their options.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "filter/filter.h"
#include "filter/progress.h"
#include "formats/importer.h"

enum {
    OPT_TYPES = 256,
    OPT_ENCODING,
    OPT_SEPARATOR,
    OPT_NO_QUOTES,
    OPT_META,
    OPT_NUMBER
};

struct options {
    const struct importer_format *format;
    struct import_options import;
    const char *number;  /* column of row numbers, or NULL */
    struct schema metas; /* only its metas are used */
    const char *path;
};

static const struct cli_option option_table[] = {
    { 'd', "delimiter", CLI_VALUE, "C",
      "fields end with C: a character, 'tab' or '::' (',')" },
    { 'c', "columns", CLI_VALUE, "LIST",
      "NAME[:TYPE] of each column; csv has no header line then" },
    { OPT_TYPES, "types", CLI_VALUE, "LIST",
      "NAME:TYPE of named columns (inferred)" },
    { OPT_ENCODING, "encoding", CLI_VALUE, "E", "utf-8 or latin1 (utf-8)" },
    { OPT_NO_QUOTES, "no-quotes", CLI_FLAG, NULL,
      "a quote is a character like others" },
    { OPT_SEPARATOR, "list-separator", CLI_VALUE, "C",
      "between the elements of a list ('|')" },
    { OPT_META, "meta", CLI_VALUE, "KEY=VALUE",
      "say this in the stream's head; may be repeated" },
    { OPT_NUMBER, "number", CLI_VALUE, "NAME",
      "number the rows from 1, in a column that is their key" },
    { 'f', "flush", CLI_FLAG, NULL, "each row is a block, written at once" },
    { 0 },
};

static struct cli_word words[16]; /* the formats */

static const struct cli cli = {
    .name = "rec-from",
    .operands = "FORMAT [FILE]",
    .purpose = "Read a file of another program and write a record stream.",
    .example = "rec-from csv --types rating:f32 ratings.csv -o ratings.rms",
    .flags = CLI_STREAM_OUT | CLI_TEMPORARY,
    .options = option_table,
    .words = words,
};

static void
name_formats(void)
{
    const struct importer_format *f;

    for (size_t i = 0; (f = importer_format(i)) != NULL; i++)
        words[i] = (struct cli_word){ f->name, f->what };
}

/* What an option of a format needs of it; 0 for those that are for all. */
static unsigned
bit_of(int letter)
{
    switch (letter) {
    case 'c': return IMPORT_COLUMNS;
    case OPT_TYPES: return IMPORT_TYPES;
    case OPT_ENCODING:
    case OPT_SEPARATOR: return IMPORT_DELIMITED;
    case 'd':
    case OPT_NO_QUOTES: return IMPORT_DELIMITER;
    default: return 0;
    }
}

static char
one_character(const char *option, const char *value)
{
    if (strcmp(value, "tab") == 0 || strcmp(value, "\\t") == 0)
        return '\t';
    if (strlen(value) != 1 || (unsigned char)*value >= 128 || *value == '"' ||
        *value == '\n' || *value == '\r')
        usage_error("--%s %s: expected one ASCII character, no quote", option,
                    value);
    return *value;
}

static void
add_meta(struct schema *metas, const char *value)
{
    const size_t len = strcspn(value, "=");
    struct error e;
    char *key;

    if (value[len] == '\0')
        usage_error("--meta %s: expected KEY=VALUE", value);
    if (!utf8_valid(value, strlen(value)))
        usage_error("--meta %s: not UTF-8", value);
    key = mem_string(value, len, &e);
    if (key == NULL)
        die("%s", e.text);
    if (schema_set_meta(metas, key, value + len + 1, &e) != 0)
        usage_error("--meta: %s", e.text);
    free(key);
}

static const struct importer_format *
format_named(const char *name)
{
    const struct importer_format *f = importer_find(name);

    if (f == NULL)
        usage_error("no format '%s'", name);
    return f;
}

static void
parse_operands(struct options *opt, const char *delimiter, const int *asks)
{
    struct import_options *im = &opt->import;
    int count;
    char **operand = cli_operands(1, 2, &count);
    struct error e;

    opt->format = format_named(*operand);
    cli_check_takes(asks, IMPORT_LAST, opt->format->takes, opt->format->name);
    if (strcmp(delimiter, "::") == 0)
        im->csv.delimiter = CSV_TWO_COLONS;
    else
        im->csv.delimiter =
            (unsigned char)one_character("delimiter", delimiter);
    opt->path = count == 2 ? operand[1] : "-";
    if (import_check_options(im, &e) != 0)
        usage_error("%s", e.text);
    if (opt->number != NULL && schema_meta(&opt->metas, "key") == NULL &&
        schema_set_meta(&opt->metas, "key", opt->number, &e) != 0)
        usage_error("--number: %s", e.text);
}

static struct options
parse_options(int argc, char **argv)
{
    static const char *const encodings[] = { "utf-8", "latin1", NULL };
    struct options opt = { .import = { .list_separator = '|',
                                       .csv.quotes = true } };
    int asks[IMPORT_LAST + 1] = { 0 };
    const char *value, *delimiter = ",";
    unsigned bit;
    int c;

    name_formats();
    cli_init(&cli, argc, argv);
    while ((c = cli_next(&value)) != 0) {
        bit = bit_of(c);
        if (asks[bit] == 0)
            asks[bit] = c;
        switch (c) {
        case 'd': delimiter = value; break;
        case 'c': opt.import.columns = value; break;
        case OPT_TYPES: opt.import.types = value; break;
        case OPT_ENCODING:
            opt.import.latin1 = cli_choice(c, value, encodings) == 1;
            break;
        case OPT_NO_QUOTES: opt.import.csv.quotes = false; break;
        case OPT_SEPARATOR:
            opt.import.list_separator = one_character("list-separator", value);
            break;
        case OPT_META: add_meta(&opt.metas, value); break;
        case OPT_NUMBER: opt.number = value; break;
        case 'f': opt.import.row_block = true; break;
        }
    }
    parse_operands(&opt, delimiter, asks);
    output_tell_when_dying();
    return opt;
}

/* The columns of the file and the metas of the command line. */
static struct schema
head(const struct importer *im, const struct schema *metas)
{
    struct schema s;
    struct error e;

    must(schema_copy(&s, importer_schema(im), &e), &e);
    for (size_t i = 0; i < metas->metas; i++)
        must(schema_set_meta(&s, metas->meta[i].key, metas->meta[i].value, &e),
             &e);
    return s;
}

int
main(int argc, char **argv)
{
    struct options opt = parse_options(argc, argv);
    const bool piped = strcmp(opt.path, "-") == 0;
    const int fd = piped ? STDIN_FILENO : open(opt.path, O_RDONLY | O_CLOEXEC);
    struct output *out;
    struct importer *im;
    struct schema s;
    struct error e;
    uint64_t rows = 0;
    struct block b;
    int got;

    if (fd < 0)
        die_errno("%s", opt.path);
    opt.import.csv.name = piped ? "standard input" : opt.path;
    im = importer_new(opt.format, fd, &opt.import, opt.number, &e);
    must(im != NULL ? 0 : -1, &e);
    s = head(im, &opt.metas);
    out = output_open(cli_output(), &s);
    while ((got = importer_next(im, &b, &e)) > 0) {
        output_put(out, &b);
        rows += b.rows;
        progress_read(fd, rows);
    }
    progress_read_end(fd);
    must(got, &e);
    output_close(out);

    importer_free(im);
    schema_free(&s);
    schema_free(&opt.metas);
    if (!piped)
        (void)close(fd);
    return EXIT_SUCCESS;
}
