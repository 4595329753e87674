/*
 * rec-explode - lists of candidates as rows
 *
 * A row for each candidate is what every other filter can work on: features are
 * joined to it, made of it, learned from.  rec-collect makes lists of them
 * again.
 */
#include <stdlib.h>
#include <string.h>

#include "filter/filter.h"
#include "filter/labels.h"
#include "filter/names.h"
#include "rows/explode.h"

#define DEFAULT_COLUMNS "item=candidates,score=scores"

struct options {
    const char *columns, *standardize; /* lists of names, or NULL */
    struct labels_of labels;
    const char *path;
};

enum { OPT_BY = 256 };

static const struct cli_option option_table[] = {
    { 'c', "columns", CLI_VALUE, "NEW=LIST,...",
      "the lists (" DEFAULT_COLUMNS ")" },
    { 's', "standardize", CLI_VALUE, "NEW,...",
      "of these, take the mean of each list off and divide by its sd" },
    { 't', "truth", CLI_VALUE, "COLUMN",
      "add a label: is it among the row's COLUMN?" },
    { 'f', "truth-file", CLI_FILE, "FILE",
      "add a label: has FILE a row with this query and item?" },
    { OPT_BY, "by", CLI_VALUE, "COLUMN",
      "what tells queries apart, there and here (first query.*.lookup)" },
    { 0 },
};

static const struct cli cli = {
    .name = "rec-explode",
    .operands = "[FILE]",
    .purpose = "Make a row of each candidate in a list.",
    .example = "rec-explode --truth-file test.rms lists.rms | rec-to tsv",
    .flags = CLI_STREAM_OUT,
    .options = option_table,
};

static struct options
parse_options(int argc, char **argv)
{
    struct options opt = { .columns = DEFAULT_COLUMNS };
    const char *value;
    int c;

    cli_init(&cli, argc, argv);
    while ((c = cli_next(&value)) != 0) {
        switch (c) {
        case 'c': opt.columns = value; break;
        case 's': opt.standardize = value; break;
        case 't': opt.labels.truth = value; break;
        case 'f': opt.labels.file = value; break;
        case OPT_BY: opt.labels.by = value; break;
        }
    }
    if (opt.labels.by != NULL && opt.labels.file == NULL)
        usage_error("--by says nothing without --truth-file");
    opt.path = cli_operand_or_stdin();
    cli_one_stdin(opt.labels.file, opt.path, "--truth-file and the lists");
    return opt;
}

/* The lists that are gone through; the caller's to free. */
static struct explode_list *
choose_lists(const struct options *opt, const struct input *in,
             const struct names *columns)
{
    struct explode_list *list = must_new(columns->n, sizeof *list);
    struct names standard = { 0 };

    for (size_t i = 0; i < columns->n; i++)
        list[i] = (struct explode_list){
            .name = columns->named[i].name,
            .from = input_column(in, columns->named[i].old),
        };
    if (opt->standardize != NULL)
        standard = names_parse('s', opt->standardize, false);
    for (size_t i = 0; i < standard.n; i++) {
        const long at = names_find(columns, standard.named[i].name);

        if (at < 0)
            usage_error("--standardize: no column '%s' is made",
                        standard.named[i].name);
        list[at].standardize = true;
    }
    names_free(&standard);
    return list;
}

/* What rows are has changed: features of the lists' rows are described no
 * longer. */
static struct schema
make_schema(const struct input *in, const struct explode *x, bool label)
{
    struct schema s;
    struct error e;

    must(schema_copy_head(&s, input_schema(in), "feature.", &e), &e);
    if (explode_columns(x, &s, &e) != 0 ||
        (label && schema_add(&s, "label", TYPE_U8, SHAPE_SCALAR, 1, &e) != 0))
        input_bad(in, "%s", e.text);
    return s;
}

static void
explode_stream(struct input *in, struct explode *x, struct labels *labels,
               struct output *out, struct table *t)
{
    struct block b;
    struct error e;
    uint32_t bad;

    while (input_next(in, &b)) {
        size_t first, n;
        int more;

        if (explode_start(x, &b, &bad, &e) != 0)
            input_bad_row(in, bad, "%s", e.text);
        labels_find(labels, &b);
        while ((more = explode_next(x, t->column, &first, &n, &e)) > 0) {
            if (labels->wanted)
                must(builder_add(&t->column[t->columns - 1],
                                 labels->label + first, n, &e),
                     &e);
            t->rows = n;
            output_put_table(out, t);
        }
        must(more, &e);
    }
}

int
main(int argc, char **argv)
{
    const struct options opt = parse_options(argc, argv);
    struct names columns = names_parse('c', opt.columns, true);
    struct input *in = input_open(opt.path);
    struct explode_list *list = choose_lists(&opt, in, &columns);
    struct labels labels = labels_open(&opt.labels, in, list, columns.n);
    struct explode *x;
    struct output *out;
    struct schema s;
    struct table t;
    struct error e;

    x = explode_new(input_schema(in), list, columns.n, &e);
    if (x == NULL)
        input_bad(in, "%s", e.text);
    s = make_schema(in, x, labels.wanted);
    out = output_open(cli_output(), &s);
    must(table_init(&t, &s, &e), &e);
    explode_stream(in, x, &labels, out, &t);
    output_close(out);
    table_free(&t);
    schema_free(&s);
    explode_free(x);
    labels_close(&labels);
    free(list);
    names_free(&columns);
    input_close(in);
    return EXIT_SUCCESS;
}
