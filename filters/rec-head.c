/*
 * rec-head - the first rows of a stream
 *
 * What follows the wanted rows is read and checked, though not copied: a
 * damaged stream is then reported wherever the damage is, and the filter that
 * feeds us is not killed by SIGPIPE.  With --quick we leave at once and give
 * that up.
 */
#include <stdlib.h>

#include "filter/filter.h"

#define DEFAULT_ROWS 10

struct options {
    uint64_t rows;
    bool quick;
    const char *path;
};

static const struct cli_option option_table[] = {
    { 'n', "rows", CLI_VALUE, "N", "copy N rows (10)" },
    { 'q', "quick", CLI_HIDDEN_FLAG, NULL, "do not read and check the rest" },
    { 0 },
};

static const struct cli cli = {
    .name = "rec-head",
    .operands = "[FILE]",
    .purpose = "Copy the first rows of a record stream.",
    .example = "rec-head -n 3 ratings.rms | rec-to tsv",
    .flags = CLI_STREAM_OUT,
    .options = option_table,
};

static struct options
parse_options(int argc, char **argv)
{
    struct options opt = { .rows = DEFAULT_ROWS };
    const char *value;
    int c;

    cli_init(&cli, argc, argv);
    while ((c = cli_next(&value)) != 0) {
        switch (c) {
        case 'n': opt.rows = cli_u64(c, value, 0, UINT64_MAX); break;
        case 'q': opt.quick = true; break;
        }
    }
    opt.path = cli_operand_or_stdin();
    return opt;
}

/* The first N rows of B: only the arrays' counts change. */
static void
shorten(const struct schema *s, struct block *b, uint32_t n)
{
    for (size_t i = 0; i < b->columns; i++) {
        const struct column *c = &s->column[i];
        struct array *a = &b->column[i];

        a->count = c->shape == SHAPE_LIST ? a->list[n] : (size_t)n * c->width;
    }
    b->rows = n;
}

int
main(int argc, char **argv)
{
    const struct options opt = parse_options(argc, argv);
    struct input *in = input_open(opt.path);
    struct output *out = output_open(cli_output(), input_schema(in));
    struct block b;

    while (output_rows(out) < opt.rows && input_next(in, &b)) {
        const uint64_t left = opt.rows - output_rows(out);

        if (b.rows > left)
            shorten(input_schema(in), &b, (uint32_t)left);
        output_put(out, &b);
    }
    if (!opt.quick)
        input_drain(in);
    output_close(out);
    input_close(in);
    return EXIT_SUCCESS;
}
