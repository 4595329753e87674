/*
 * rec-where - the rows that meet conditions
 *
 * A block that is wanted whole is passed on as it came, and one of which
 * nothing is wanted becomes a block of no rows: one block in, one block out.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "filter/filter.h"
#include "rows/predicate.h"

struct options {
    bool any;
    const char *path;
    char **word; /* COLUMN OP VALUE, COLUMN OP VALUE, ... */
    int words;
};

static const struct cli_option option_table[] = {
    { 'a', "any", CLI_FLAG, NULL, "one condition that holds is enough" },
    { 'i', "input", CLI_HIDDEN, "FILE", "read FILE (standard input)" },
    { 0 },
};

static const struct cli cli = {
    .name = "rec-where",
    .operands = "COLUMN OP VALUE [COLUMN OP VALUE]...",
    .purpose = "Keep the rows of a record stream that meet all conditions.\n"
               "OP is one of = == != < <= > >=; options come first.",
    .example = "rec-where rating '>=' 4 <ratings.rms | rec-to tsv",
    .flags = CLI_STREAM_OUT | CLI_OPTIONS_FIRST,
    .options = option_table,
};

static struct options
parse_options(int argc, char **argv)
{
    struct options opt = { .path = "-" };
    const char *value;
    int c;

    cli_init(&cli, argc, argv);
    while ((c = cli_next(&value)) != 0) {
        switch (c) {
        case 'a': opt.any = true; break;
        case 'i': opt.path = value; break;
        }
    }
    opt.words = cli_operands_left();
    opt.word = argv + argc - opt.words;
    if (opt.words == 0 || opt.words % 3 != 0)
        usage_error("%d operands: expected %s, options before them", opt.words,
                    cli.operands);
    for (int i = 0; i < opt.words; i++) {
        const char *word = cli_next_word();

        if (i % 3 == 1 && predicate_operator(word) == 0)
            usage_error("'%s' is none of = == != < <= > >=", word);
    }
    return opt;
}

static struct predicate *
conditions(const struct options *opt, const struct input *in)
{
    struct error e;
    struct predicate *p = predicate_new(opt->any, (size_t)opt->words / 3, &e);

    if (p == NULL)
        die("%s", e.text);
    for (int i = 0; i < opt->words; i += 3) {
        char **w = &opt->word[i];
        const size_t column = input_column(in, w[0]);

        if (predicate_add(p, column, &input_schema(in)->column[column],
                          predicate_operator(w[1]), w[2], &e) != 0)
            usage_error("%s %s %s: %s", w[0], w[1], w[2], e.text);
    }
    return p;
}

int
main(int argc, char **argv)
{
    const struct options opt = parse_options(argc, argv);
    struct input *in = input_open(opt.path);
    struct predicate *p = conditions(&opt, in);
    struct output *out = output_open(cli_output(), input_schema(in));
    const struct schema *s = input_schema(in);
    uint32_t *row = NULL;
    size_t room = 0;
    struct table kept;
    struct error e;
    struct block b;

    must(table_init(&kept, s, &e), &e);
    while (input_next(in, &b)) {
        uint32_t n;

        row = must_grow(row, &room, (size_t)b.rows + 1, sizeof *row);
        n = predicate_rows(p, &b, row);
        if (n < b.rows) {
            table_clear(&kept);
            must(table_gather(&kept, s, &b, row, n, &e), &e);
            b = table_block(&kept);
        }
        output_put(out, &b);
    }
    notice("%" PRIu64 " of %" PRIu64 " rows", output_rows(out),
           reader_rows(input_reader(in)));
    output_close(out);
    input_close(in);
    predicate_free(p);
    table_free(&kept);
    free(row);
    return EXIT_SUCCESS;
}
