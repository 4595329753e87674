/*
 * rec-split - shares of the rows of a stream, each in a stream of its own
 *
 * Exact counts need the number of rows before the first of them is placed, so
 * the input is read twice, except by hash.  The rows of a block are scattered
 * over the parts: each part collects its own until they are worth a block.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "filter/filter.h"
#include "filter/names.h"
#include "filter/parts.h"
#include "filter/shares.h"
#include "rows/split.h"

struct options {
    struct split_rule rule; /* but for its columns */
    const char *user, *time, *column;
    bool empty; /* parts are fine */
    const char *path;
    char **name; /* of each part */
};

static const struct cli_option option_table[] = {
    { 'b', "by", CLI_VALUE, "RULE",
      "random, time, user-time, last, stratified or hash (random)" },
    { 's', "seed", CLI_VALUE, "N", "of random, stratified and hash (1)" },
    { 't', "time", CLI_VALUE, "COLUMN", "of time, user-time and last" },
    { 'u', "user", CLI_VALUE, "COLUMN", "of user-time and last" },
    { 'c', "column", CLI_VALUE, "COLUMN",
      "of stratified; COLUMN[,COLUMN]... of hash" },
    { 'l', "last", CLI_VALUE, "N", "of last: rows of a user in a part (1)" },
    { 'g', "generator", CLI_VALUE, "NAME",
      "of stratified: splitmix64 or mt19937 (splitmix64)" },
    { 'e', "empty", CLI_FLAG, NULL, "a part may get no row" },
    { 'i', "input", CLI_HIDDEN, "FILE", "read FILE (standard input)" },
    { 0 },
};

static const struct cli cli = {
    .name = "rec-split",
    .operands = "FILE[=SHARE]...",
    .purpose = "Split the rows of a record stream into parts.\n"
               "The SHAREs sum to 1, and are equal when there are none.",
    .example = "rec-split --seed 1 train.rms=0.8 test.rms=0.2 <ratings.rms",
    .flags = CLI_DEFLATE | CLI_WRITES_OPERANDS | CLI_TEMPORARY,
    .options = option_table,
};

static const char *const rule_names[] = {
    [SPLIT_RANDOM] = "random",
    [SPLIT_TIME] = "time",
    [SPLIT_USER_TIME] = "user-time",
    [SPLIT_LAST] = "last",
    [SPLIT_STRATIFIED] = "stratified",
    [SPLIT_HASH] = "hash",
    NULL,
};

static const char *const generator_names[] = {
    [SPLIT_SPLITMIX64] = "splitmix64",
    [SPLIT_MT19937] = "mt19937",
    NULL,
};

/* An option that the rule needs is there, and no other. */
static void
check_column(const struct options *opt, const char *option, const char *value,
             bool needed)
{
    const char *rule = rule_names[opt->rule.by];

    if (needed && value == NULL)
        usage_error("--by %s needs --%s COLUMN", rule, option);
    if (!needed && value != NULL)
        usage_error("--by %s has no use for --%s", rule, option);
}

static void
check_columns(const struct options *opt)
{
    const enum split_by by = opt->rule.by;
    const bool per_user = by == SPLIT_USER_TIME || by == SPLIT_LAST;

    check_column(opt, "user", opt->user, per_user);
    check_column(opt, "time", opt->time, per_user || by == SPLIT_TIME);
    check_column(opt, "column", opt->column,
                 by == SPLIT_HASH || by == SPLIT_STRATIFIED);
}

/* The files of the parts, with shares in the rule. */
static void
parse_parts(struct options *opt)
{
    struct split_rule *rule = &opt->rule;
    int count;

    opt->name = cli_operands(1, SPLIT_PARTS_MAX, &count);
    rule->parts = (size_t)count;
    if (!shares_take(opt->name, rule->parts, rule->share)) {
        if (rule->by != SPLIT_LAST)
            shares_equal(opt->name, rule->parts, rule->share);
    } else if (rule->by == SPLIT_LAST) {
        usage_error("--by last takes no shares");
    }
}

static struct options
parse_options(int argc, char **argv)
{
    struct options opt = { .rule = { .last = 1, .seed = 1 }, .path = "-" };
    bool last = false, generator = false;
    const char *value;
    int c;

    cli_init(&cli, argc, argv);
    while ((c = cli_next(&value)) != 0) {
        switch (c) {
        case 'b':
            opt.rule.by = (enum split_by)cli_choice(c, value, rule_names);
            break;
        case 's': opt.rule.seed = cli_u64(c, value, 0, UINT64_MAX); break;
        case 't': opt.time = value; break;
        case 'u': opt.user = value; break;
        case 'c': opt.column = value; break;
        case 'l':
            opt.rule.last = cli_u64(c, value, 1, UINT32_MAX);
            last = true;
            break;
        case 'g':
            opt.rule.generator =
                (enum split_generator)cli_choice(c, value, generator_names);
            generator = true;
            break;
        case 'e': opt.empty = true; break;
        case 'i': opt.path = value; break;
        }
    }
    check_columns(&opt);
    if (last && opt.rule.by != SPLIT_LAST)
        usage_error("--last is for --by last");
    if (generator && opt.rule.by != SPLIT_STRATIFIED)
        usage_error("--generator is for --by stratified");
    if (opt.rule.generator == SPLIT_MT19937 && opt.rule.seed > UINT32_MAX)
        usage_error("--seed: seeds of mt19937 end at %" PRIu32, UINT32_MAX);
    parse_parts(&opt);
    return opt;
}

/* The columns named in LIST, of which only hash takes several. */
static void
find_keys(struct split_rule *rule, const struct input *in, const char *list)
{
    struct names names = names_parse('c', list, false);

    if (names.n > (rule->by == SPLIT_HASH ? SPLIT_KEYS_MAX : 1))
        usage_error("--column %s: too many columns", list);
    rule->key = input_column(in, names.named[0].old);
    rule->more = names.n - 1;
    for (size_t k = 1; k < names.n; k++)
        rule->more_key[k - 1] = input_column(in, names.named[k].old);
    names_free(&names);
}

/* Find the columns, and read the input once if the rule must. */
static struct split *
plan(const struct options *opt, struct input *in)
{
    struct split_rule rule = opt->rule;
    struct split *s;
    struct block b;
    struct error e;

    if (opt->user != NULL)
        rule.key = input_column(in, opt->user);
    if (opt->column != NULL)
        find_keys(&rule, in, opt->column);
    if (opt->time != NULL)
        rule.time = input_column(in, opt->time);
    s = split_new(&rule, input_schema(in), &e);
    if (s == NULL)
        input_bad(in, "%s", e.text);
    if (rule.by == SPLIT_HASH)
        return s;
    while (input_next(in, &b))
        if (split_look(s, &b, &e) != 0)
            input_bad(in, "%s", e.text);
    must(split_plan(s, &e), &e);
    input_rewind(in);
    return s;
}

static void
scatter(struct parts *parts, struct split *split, struct input *in)
{
    uint8_t *part = NULL;
    size_t room = 0;
    struct error e;
    struct block b;

    while (input_next(in, &b)) {
        part = must_grow(part, &room, (size_t)b.rows + 1, sizeof *part);
        if (split_parts(split, &b, part, &e) != 0)
            input_bad(in, "%s", e.text);
        parts_put(parts, &b, part);
    }
    parts_flush(parts);
    free(part);
}

int
main(int argc, char **argv)
{
    const struct options opt = parse_options(argc, argv);
    struct input *in = opt.rule.by == SPLIT_HASH ? input_open(opt.path)
                                                 : input_open_twice(opt.path);
    struct split *split = plan(&opt, in);
    struct parts *parts =
        parts_open(opt.name, opt.rule.parts, input_schema(in));

    scatter(parts, split, in);
    for (size_t i = 0; i < opt.rule.parts; i++) {
        const uint64_t rows = parts_rows(parts, i);

        if (rows == 0 && !opt.empty)
            input_bad(in, "%s would get none of the %" PRIu64 " rows",
                      opt.name[i], reader_rows(input_reader(in)));
        notice("%s: %" PRIu64 " rows", opt.name[i], rows);
    }
    parts_close(parts);
    split_free(split);
    input_close(in);
    return EXIT_SUCCESS;
}
