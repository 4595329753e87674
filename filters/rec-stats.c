/*
 * rec-stats - add to each row numbers of other rows of its user, or item
 *
 * How many there are, the mean of a column of theirs, all or the nearest in
 * time; never with the row itself among them.  Of the rows of --from or of the
 * input, which is held either way.
 */
#include <stdio.h>
#include <stdlib.h>

#include "filter/filter.h"
#include "filter/widen.h"
#include "rows/stats.h"
#include "stream/table.h"

#define NUMBERS_MAX 64

enum {
    OPT_OF = 256,
    OPT_LESS,
    OPT_AT_LEAST,
    OPT_EXCEPT,
    OPT_COUNT,
    OPT_MEAN,
    OPT_PRIOR,
    OPT_BEFORE,
    OPT_AROUND,
    OPT_SINCE,
    OPT_UNTIL,
    OPT_POSITION,
    OPT_LOG,
    OPT_AS
};

struct options {
    const char *by, *of, *less, *except, *time, *from, *as, *path;
    double prior, at_least;
    bool share; /* of rows that are at_least */
    bool log;
    struct stats_number number[NUMBERS_MAX]; /* to add, in order */
    size_t numbers;
};

static const struct cli_option option_table[] = {
    { 'b', "by", CLI_VALUE, "COLUMN", "of rows with the same COLUMN" },
    { OPT_EXCEPT, "except", CLI_VALUE, "COLUMN",
      "a row with the same COLUMN too is the row itself" },
    { 'f', "from", CLI_FILE, "FILE", "of the rows of FILE, not of the input" },
    { OPT_OF, "of", CLI_VALUE, "COLUMN", "means are of COLUMN" },
    { OPT_AT_LEAST, "at-least", CLI_VALUE, "V",
      "of 1 where it is at least V, and 0 elsewhere" },
    { OPT_LESS, "less", CLI_VALUE, "COLUMN", "minus COLUMN" },
    { 't', "time", CLI_VALUE, "COLUMN", "the order of the rows" },
    { OPT_COUNT, "count", CLI_FLAG, NULL, "how many rows" },
    { OPT_MEAN, "mean", CLI_FLAG, NULL, "their mean" },
    { OPT_BEFORE, "before", CLI_VALUE, "K,K", "means of the K rows before" },
    { OPT_AROUND, "around", CLI_VALUE, "K,K",
      "means of the K rows before and the K after" },
    { OPT_PRIOR, "prior", CLI_VALUE, "P",
      "add P rows with the mean of all to each mean (0)" },
    { OPT_SINCE, "since", CLI_FLAG, NULL, "time since the row before" },
    { OPT_UNTIL, "until", CLI_FLAG, NULL, "time until the row after" },
    { OPT_POSITION, "position", CLI_FLAG, NULL, "share of rows before" },
    { OPT_LOG, "log", CLI_FLAG, NULL, "count and times x as ln(1 + x)" },
    { OPT_AS, "as", CLI_VALUE, "NAME",
      "begin the names of new columns with NAME (--by)" },
    { 0 },
};

static const struct cli cli = {
    .name = "rec-stats",
    .operands = "[FILE]",
    .purpose = "Add to each row numbers of other rows of its user or item.",
    .example = "rec-stats --by movie_title --except user_id --of rating "
               "--mean --prior 5 --from train.rms test.rms",
    .flags = CLI_STREAM_OUT | CLI_TEMPORARY,
    .options = option_table,
};

/* One more, or one for each K of VALUE. */
static void
ask(struct options *opt, enum stats_kind kind, int letter, const char *value)
{
    uint32_t k[NUMBERS_MAX] = { 0 };
    unsigned n = 1;

    if (value != NULL)
        n = cli_u32_list(letter, value, 1, NUMBERS_MAX, k);
    if (n > NUMBERS_MAX - opt->numbers)
        usage_error("more than %d columns to add", NUMBERS_MAX);
    for (unsigned i = 0; i < n; i++)
        opt->number[opt->numbers++] = (struct stats_number){ kind, k[i] };
}

/* Is one asked for of which BITS has 1 << KIND? */
static bool
asked(const struct options *opt, unsigned bits)
{
    for (size_t i = 0; i < opt->numbers; i++)
        if ((bits & 1u << opt->number[i].kind) != 0)
            return true;
    return false;
}

static void
check_options(const struct options *opt)
{
    const unsigned windows = 1u << STATS_BEFORE | 1u << STATS_AROUND;
    const unsigned gaps = 1u << STATS_SINCE | 1u << STATS_UNTIL;
    const bool means = asked(opt, windows | 1u << STATS_MEAN);
    const bool timed = asked(opt, windows | gaps | 1u << STATS_POSITION);

    if (opt->by == NULL)
        usage_error("--by is needed: rows of the same what?");
    if (opt->numbers == 0)
        usage_error("nothing to add: --count, --mean, --before, --around, "
                    "--since, --until or --position");
    if (means != (opt->of != NULL))
        usage_error(means ? "means need a column they are --of"
                          : "--of says nothing without a mean");
    if (opt->share && opt->of == NULL)
        usage_error("--at-least says nothing without --of");
    if (opt->less != NULL && opt->of == NULL)
        usage_error("--less says nothing without --of");
    if (timed != (opt->time != NULL))
        usage_error(timed ? "what is before and after needs --time"
                          : "--time says nothing without --before, --around, "
                            "--since, --until or --position");
    if (opt->prior > 0 && !means)
        usage_error("--prior says nothing without a mean");
    if (opt->log && !asked(opt, gaps | 1u << STATS_COUNT))
        usage_error("--log says nothing without --count, --since or --until");
    cli_one_stdin(opt->from, opt->path, "--from and the input");
}

static struct options
parse_options(int argc, char **argv)
{
    struct options opt = { 0 };
    const char *value;
    int c;

    cli_init(&cli, argc, argv);
    while ((c = cli_next(&value)) != 0) {
        switch (c) {
        case 'b': opt.by = value; break;
        case OPT_EXCEPT: opt.except = value; break;
        case 'f': opt.from = value; break;
        case OPT_OF: opt.of = value; break;
        case OPT_AT_LEAST:
            opt.share = true;
            opt.at_least = cli_f64(c, value, -1e300, 1e300);
            break;
        case OPT_LESS: opt.less = value; break;
        case 't': opt.time = value; break;
        case OPT_COUNT: ask(&opt, STATS_COUNT, c, NULL); break;
        case OPT_MEAN: ask(&opt, STATS_MEAN, c, NULL); break;
        case OPT_BEFORE: ask(&opt, STATS_BEFORE, c, value); break;
        case OPT_AROUND: ask(&opt, STATS_AROUND, c, value); break;
        case OPT_SINCE: ask(&opt, STATS_SINCE, c, NULL); break;
        case OPT_UNTIL: ask(&opt, STATS_UNTIL, c, NULL); break;
        case OPT_POSITION: ask(&opt, STATS_POSITION, c, NULL); break;
        case OPT_PRIOR: opt.prior = cli_f64(c, value, 0, 1e9); break;
        case OPT_LOG: opt.log = true; break;
        case OPT_AS: opt.as = value; break;
        }
    }
    opt.path = cli_operand_or_stdin();
    check_options(&opt);
    if (opt.as == NULL)
        opt.as = opt.by;
    return opt;
}

/* HELD: of the rows that are counted, which alone need the values. */
static struct stats_columns
find_columns(const struct options *opt, const struct input *in, bool held)
{
    struct stats_columns c = { .schema = input_schema(in),
                               .of = -1,
                               .less = -1,
                               .except = -1,
                               .time = -1,
                               .numbered = opt->from == NULL };

    c.by = (long)input_column(in, opt->by);
    if (held && opt->of != NULL)
        c.of = (long)input_column(in, opt->of);
    if (held && opt->share)
        c.at_least = &opt->at_least;
    if (held && opt->less != NULL)
        c.less = (long)input_column(in, opt->less);
    if (opt->except != NULL)
        c.except = (long)input_column(in, opt->except);
    if (opt->time != NULL)
        c.time = (long)input_column(in, opt->time);
    return c;
}

static struct stats *
hold(const struct options *opt, struct input *in)
{
    const struct stats_columns c = find_columns(opt, in, true);
    struct error e;
    struct stats *s = stats_new(&c, &e);
    struct block b;
    uint32_t bad;

    if (s == NULL)
        input_bad(in, "%s", e.text);
    while (input_next(in, &b))
        if (stats_add(s, &b, &bad, &e) != 0)
            input_bad_row(in, bad, "%s", e.text);
    must(stats_finish(s, &e), &e);
    return s;
}

/* "taste_around_5", for each number that is asked for. */
static void
add_columns(struct widened *wide, const struct options *opt)
{
    for (size_t i = 0; i < opt->numbers; i++) {
        char what[STATS_NAME_MAX], name[SCHEMA_NAME_MAX + STATS_NAME_MAX + 2];

        stats_name(&opt->number[i], what);
        snprintf(name, sizeof name, "%s_%s", opt->as, what);
        widen_by(wide, name, TYPE_F32, SHAPE_SCALAR, 0);
    }
}

/* The numbers of B's rows, of which FIRST came before, to ADDED, a builder
 * each. */
static void
add_rows(const struct options *opt, const struct stats *stats,
         const struct stats_columns *c, struct input *in, const struct block *b,
         uint64_t first, struct builder *added)
{
    struct stats_place p;
    struct error e;

    for (uint32_t r = 0; r < b->rows; r++) {
        if (stats_find(stats, c, b, r, first + r, &p, &e) != 0)
            input_bad_row(in, r, "%s", e.text);
        for (size_t i = 0; i < opt->numbers; i++) {
            const float v =
                (float)stats_value(&p, &opt->number[i], opt->prior, opt->log);

            must(builder_add(&added[i], &v, 1, &e), &e);
        }
    }
}

static void
add_numbers(const struct options *opt, const struct stats *stats,
            struct input *in)
{
    const struct stats_columns c = find_columns(opt, in, false);
    const size_t had = input_schema(in)->columns;
    struct builder added[NUMBERS_MAX];
    uint64_t rows = 0;
    struct widened wide;
    struct error e;
    struct block b;

    if (stats_suits(stats, &c, &e) != 0)
        input_bad(in, "%s", e.text);
    widen_start(&wide, in);
    add_columns(&wide, opt);
    for (size_t i = 0; i < opt->numbers; i++)
        must(builder_init(&added[i], &wide.schema.column[had + i], &e), &e);
    widen_open(&wide);
    while (input_next(in, &b)) {
        for (size_t i = 0; i < opt->numbers; i++)
            builder_clear(&added[i]);
        add_rows(opt, stats, &c, in, &b, rows, added);
        rows += b.rows;
        for (size_t i = 0; i < opt->numbers; i++)
            wide.added[i] = builder_array(&added[i]);
        widen_put(&wide, &b);
    }
    widen_close(&wide);
    for (size_t i = 0; i < opt->numbers; i++)
        builder_free(&added[i]);
}

int
main(int argc, char **argv)
{
    const struct options opt = parse_options(argc, argv);
    struct input *in =
        opt.from != NULL ? input_open(opt.path) : input_open_twice(opt.path);
    struct input *from = opt.from != NULL ? input_open(opt.from) : NULL;
    struct stats *s = hold(&opt, from != NULL ? from : in);

    if (from == NULL)
        input_rewind(in);
    add_numbers(&opt, s, in);
    stats_free(s);
    input_close(from);
    input_close(in);
    return EXIT_SUCCESS;
}
