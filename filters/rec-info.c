/*
 * rec-info - explain a record stream
 *
 * What it prints are lines of a key and its value, for people and for awk: the
 * head as it stands in the stream, then what was counted.  The head is printed
 * at once, so that a stream which turns out broken is explained as far as it
 * can be.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "filter/filter.h"
#include "stream/summary.h"

struct options {
    bool check;
    bool summary;
    const char *path;
};

static const struct cli_option option_table[] = {
    { 'c', "check", CLI_FLAG, NULL,
      "print nothing; check all, strings included" },
    { 's', "summary", CLI_FLAG, NULL, "say what is in each column" },
    { 0 },
};

static const struct cli cli = {
    .name = "rec-info",
    .operands = "[FILE]",
    .purpose = "Explain a record stream: columns, origin, counts.",
    .example = "rec-info --summary ratings.rms",
    .options = option_table,
};

static struct options
parse_options(int argc, char **argv)
{
    struct options opt = { 0 };
    const char *value;
    int c;

    cli_init(&cli, argc, argv);
    while ((c = cli_next(&value)) != 0) {
        switch (c) {
        case 'c': opt.check = true; break;
        case 's': opt.summary = true; break;
        }
    }
    if (opt.check && opt.summary)
        usage_error("--check prints nothing, so --summary cannot go with it");
    opt.path = cli_operand_or_stdin();
    return opt;
}

static void
flush(void)
{
    if (fflush(stdout) != 0)
        die_errno("standard output");
}

static void
print_head(const struct input *in)
{
    struct buffer text = { 0 };
    struct error e;

    must(schema_format(input_schema(in), &text, &e), &e);
    (void)fwrite(text.data, 1, text.len, stdout);
    buffer_free(&text);
    flush();
}

/* The reader has checked all but this. */
static void
check_strings(const struct input *in, const struct block *b)
{
    const struct schema *s = input_schema(in);

    for (size_t i = 0; i < b->columns; i++) {
        const struct array *a = &b->column[i];

        if (s->column[i].type != TYPE_STR)
            continue;
        for (size_t v = 0; v < a->count; v++) {
            size_t len;
            const char *text = array_str(a, v, &len);

            if (!utf8_valid(text, len))
                input_bad(in, "block %" PRIu64 ": column '%s' is not UTF-8",
                          reader_blocks(input_reader(in)), s->column[i].name);
        }
    }
}

static void
print_counts(const struct reader *r)
{
    printf("rows %" PRIu64 "\n", reader_rows(r));
    printf("blocks %" PRIu64 "\n", reader_blocks(r));
    printf("segments %" PRIu64 "\n", reader_segments(r));
    printf("bytes %" PRIu64 "\n", reader_raw_bytes(r));
    printf("stored %" PRIu64 "\n", reader_stored_bytes(r));
}

static void
print_summary(const struct schema *s, const struct summary *summary)
{
    for (size_t i = 0; i < s->columns; i++) {
        struct buffer text = { 0 };
        struct error e;

        must(summary_format(&summary[i], &s->column[i], &text, &e), &e);
        printf("summary %s %.*s\n", s->column[i].name, (int)text.len,
               (const char *)text.data);
        buffer_free(&text);
    }
}

int
main(int argc, char **argv)
{
    const struct options opt = parse_options(argc, argv);
    struct input *in = input_open(opt.path);
    const struct schema *s = input_schema(in);
    struct summary *summary;
    struct error e;
    struct block b;

    summary = mem_new(s->columns, sizeof *summary, &e);
    must(summary != NULL ? 0 : -1, &e);
    if (!opt.check)
        print_head(in);
    while (input_next(in, &b)) {
        if (opt.check)
            check_strings(in, &b);
        for (size_t i = 0; opt.summary && i < b.columns; i++)
            summary_add(&summary[i], &s->column[i], &b.column[i], b.rows);
    }
    if (!opt.check)
        print_counts(input_reader(in));
    if (opt.summary)
        print_summary(s, summary);
    flush();
    free(summary);
    input_close(in);
    return EXIT_SUCCESS;
}
