/*
 * rec-history - add to each row what its user took before
 *
 * Without --from a stream in the order of time goes through, and what is
 * remembered is bounded.  With it the rows of another stream are held, and any
 * row can be looked up, whether it is one of them or a query of this moment.
 */
#include <stdlib.h>

#include "filter/filter.h"
#include "filter/widen.h"
#include "rows/history.h"

enum { OPT_OF = 256, OPT_TIES, OPT_AS };

struct options {
    const char *by, *of, *time, *as, *from, *path;
    uint64_t most;
    bool ties;
};

static const struct cli_option option_table[] = {
    { 'b', "by", CLI_VALUE, "COLUMN", "whose history: the user" },
    { OPT_OF, "of", CLI_VALUE, "COLUMN", "a history of what: the item" },
    { 't', "time", CLI_VALUE, "COLUMN",
      "only of rows whose COLUMN is smaller" },
    { OPT_TIES, "ties", CLI_FLAG, NULL,
      "of those with an equal one too, but not of the own item" },
    { 'n', "most", CLI_VALUE, "N", "the N latest (100)" },
    { 'f', "from", CLI_FILE, "FILE", "of the rows of FILE, not of the input" },
    { OPT_AS, "as", CLI_VALUE, "NAME", "name the new column NAME (history)" },
    { 0 },
};

static const struct cli cli = {
    .name = "rec-history",
    .operands = "[FILE]",
    .purpose = "Add to each row the list of what its user took before.",
    .example = "rec-history --by user_id --of movie_title --time timestamp "
               "--from train.rms test.rms",
    .flags = CLI_STREAM_OUT,
    .options = option_table,
};

static struct options
parse_options(int argc, char **argv)
{
    struct options opt = { .as = "history", .most = 100 };
    const char *value;
    int c;

    cli_init(&cli, argc, argv);
    while ((c = cli_next(&value)) != 0) {
        switch (c) {
        case 'b': opt.by = value; break;
        case OPT_OF: opt.of = value; break;
        case 't': opt.time = value; break;
        case OPT_TIES: opt.ties = true; break;
        case 'n': opt.most = cli_u64(c, value, 1, UINT32_MAX); break;
        case 'f': opt.from = value; break;
        case OPT_AS: opt.as = value; break;
        }
    }
    opt.path = cli_operand_or_stdin();
    if (opt.by == NULL || opt.of == NULL)
        usage_error("--by and --of are needed: who took what");
    if (opt.ties && (opt.time == NULL || opt.from == NULL))
        usage_error("--ties says nothing without --time and --from");
    cli_one_stdin(opt.from, opt.path, "--from and the input");
    return opt;
}

/* What is looked up need not have the item: it may be a query. */
static struct history_columns
find_columns(const struct options *opt, const struct input *in, bool query)
{
    const struct schema *s = input_schema(in);

    return (struct history_columns){
        .schema = s,
        .who = (long)input_column(in, opt->by),
        .item =
            query ? schema_find(s, opt->of) : (long)input_column(in, opt->of),
        .time = opt->time != NULL ? (long)input_column(in, opt->time) : -1,
    };
}

static struct history *
start(const struct options *opt, const struct input *in)
{
    const struct history_columns c = find_columns(opt, in, false);
    struct error e;
    struct history *h = history_new(&c, opt->most, opt->ties, &e);

    if (h == NULL)
        input_bad(in, "%s", e.text);
    return h;
}

/* All rows of IN. */
static void
remember(struct history *h, struct input *in)
{
    struct block b;
    struct error e;
    uint32_t bad;

    while (input_next(in, &b))
        if (history_remember(h, &b, &bad, &e) != 0)
            input_bad_row(in, bad, "%s", e.text);
    history_finish(h);
}

/* C: the columns of IN, or NULL when it follows its own rows. */
static void
add_lists(struct history *h, struct input *in, const struct history_columns *c,
          const char *as)
{
    struct widened wide;
    struct builder lists;
    struct block b;
    struct error e;
    uint32_t bad;

    widen_start(&wide, in);
    widen_by(&wide, as, history_type(h), SHAPE_LIST, 0);
    must(builder_init(&lists, &wide.schema.column[wide.schema.columns - 1], &e),
         &e);
    widen_open(&wide);
    while (input_next(in, &b)) {
        builder_clear(&lists);
        if ((c != NULL ? history_lists(h, c, &b, &lists, &bad, &e)
                       : history_follow(h, &b, &lists, &bad, &e)) != 0)
            input_bad_row(in, bad, "%s", e.text);
        *wide.added = builder_array(&lists);
        widen_put(&wide, &b);
    }
    widen_close(&wide);
    builder_free(&lists);
}

int
main(int argc, char **argv)
{
    const struct options opt = parse_options(argc, argv);
    struct input *from = opt.from != NULL ? input_open(opt.from) : NULL;
    struct input *in = input_open(opt.path);
    struct history *h = start(&opt, from != NULL ? from : in);
    struct error e;

    if (from != NULL) {
        const struct history_columns c = find_columns(&opt, in, true);

        if (history_suits(h, &c, &e) != 0)
            input_bad(in, "%s", e.text);
        remember(h, from);
        add_lists(h, in, &c, opt.as);
    } else {
        add_lists(h, in, NULL, opt.as);
    }
    history_free(h);
    input_close(from);
    input_close(in);
    return EXIT_SUCCESS;
}
