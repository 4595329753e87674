/*
 * rec-collect - rows about candidates as lists
 *
 * Rows of a list follow each other, so one list is held at a time, and lists of
 * any number go through.
 */
#include <stdlib.h>

#include "filter/filter.h"
#include "filter/names.h"
#include "retrieval/collect.h"

struct options {
    const char *by, *of, *score, *path;
};

enum { OPT_OF = 256 };

static const struct cli_option option_table[] = {
    { 'b', "by", CLI_VALUE, "COLUMN,...",
      "rows with equal COLUMNs are a list (list)" },
    { OPT_OF, "of", CLI_VALUE, "COLUMN", "of these ids (item)" },
    { 's', "score", CLI_VALUE, "COLUMN", "the highest first (score)" },
    { 0 },
};

static const struct cli cli = {
    .name = "rec-collect",
    .operands = "[FILE]",
    .purpose = "Make lists of candidates of rows that follow each other.",
    .example = "rec-predict -m ranker.rms rows.rms | rec-collect -s logit",
    .flags = CLI_STREAM_OUT,
    .options = option_table,
};

static struct options
parse_options(int argc, char **argv)
{
    struct options opt = { .by = "list", .of = "item", .score = "score" };
    const char *value;
    int c;

    cli_init(&cli, argc, argv);
    while ((c = cli_next(&value)) != 0) {
        switch (c) {
        case 'b': opt.by = value; break;
        case OPT_OF: opt.of = value; break;
        case 's': opt.score = value; break;
        }
    }
    opt.path = cli_operand_or_stdin();
    return opt;
}

/* With the columns that go out in T, for which there is an output. */
static struct output *
open_output(const struct input *in, const struct collect *x, struct table *t)
{
    struct schema s;
    struct output *out;
    struct error e;

    must(schema_copy_head(&s, input_schema(in), NULL, &e), &e);
    if (collect_columns(x, &s, &e) != 0)
        input_bad(in, "%s", e.text);
    out = output_open(cli_output(), &s);
    must(table_init(t, &s, &e), &e);
    schema_free(&s);
    return out;
}

int
main(int argc, char **argv)
{
    const struct options opt = parse_options(argc, argv);
    struct names names = names_parse('b', opt.by, false);
    struct input *in = input_open(opt.path);
    size_t *by = must_new(names.n, sizeof *by);
    struct collect_rule rule = { .by = by, .bys = names.n };
    struct collect *x;
    struct output *out;
    struct table t;
    struct error e;
    struct block b;
    uint32_t bad;

    for (size_t i = 0; i < names.n; i++)
        by[i] = input_column(in, names.named[i].name);
    rule.item = input_column(in, opt.of);
    rule.score = input_column(in, opt.score);
    x = collect_new(input_schema(in), &rule, &e);
    if (x == NULL)
        input_bad(in, "%s", e.text);
    out = open_output(in, x, &t);
    while (input_next(in, &b)) {
        if (collect_rows(x, &b, &t, &bad, &e) != 0)
            input_bad_row(in, bad, "%s", e.text);
        if (t.rows > 0)
            output_put_table(out, &t);
    }
    must(collect_finish(x, &t, &e), &e);
    if (t.rows > 0)
        output_put_table(out, &t);
    output_close(out);
    table_free(&t);
    collect_free(x);
    free(by);
    names_free(&names);
    input_close(in);
    return EXIT_SUCCESS;
}
