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

#include "base/number.h"
#include "base/outfile.h"
#include "filter/filter.h"
#include "rows/split.h"

struct options {
    struct split_rule rule; /* but for its columns */
    const char *user, *time, *column;
    const char *path;
    char *name[SPLIT_PARTS_MAX];
};

static const struct cli_option option_table[] = {
    { 'b', "by", CLI_VALUE, "RULE",
      "random, time, user-time, last or hash (random)" },
    { 's', "seed", CLI_VALUE, "N", "of random and hash (1)" },
    { 't', "time", CLI_VALUE, "COLUMN", "of time, user-time and last" },
    { 'u', "user", CLI_VALUE, "COLUMN", "of user-time and last" },
    { 'c', "column", CLI_VALUE, "COLUMN", "of hash" },
    { 'l', "last", CLI_VALUE, "N", "of last: rows of a user in a part (1)" },
    { 'i', "input", CLI_HIDDEN, "FILE", "read FILE (standard input)" },
    { 0 },
};

static const struct cli cli = {
    .name = "rec-split",
    .operands = "FILE=SHARE FILE=SHARE...",
    .purpose = "Split the rows of a record stream into parts.\n"
               "The SHAREs sum to 1; with --by last there are only FILEs.",
    .example = "rec-split --seed 1 train.rms=0.8 test.rms=0.2 <ratings.rms",
    .flags = CLI_DEFLATE,
    .options = option_table,
};

static const char *const rule_names[] = {
    [SPLIT_RANDOM] = "random",       [SPLIT_TIME] = "time",
    [SPLIT_USER_TIME] = "user-time", [SPLIT_LAST] = "last",
    [SPLIT_HASH] = "hash",           NULL,
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
    check_column(opt, "column", opt->column, by == SPLIT_HASH);
}

/* Cut the share off OPERAND; 0 when there is none. */
static double
take_share(char *operand)
{
    char *equals = strrchr(operand, '=');
    double share;

    if (equals == NULL ||
        !number_finite(equals + 1, strlen(equals + 1), &share))
        return 0;
    if (!(share > 0))
        usage_error("%s: a share is above 0", operand);
    *equals = '\0';
    return share;
}

static void
parse_parts(struct options *opt)
{
    struct split_rule *rule = &opt->rule;
    double sum = 0;
    int count;
    char **operand = cli_operands(2, SPLIT_PARTS_MAX, &count);

    rule->parts = (size_t)count;
    for (size_t i = 0; i < rule->parts; i++) {
        const double share = take_share(operand[i]);

        if (share == 0 && rule->by != SPLIT_LAST)
            usage_error("%s: expected FILE=SHARE", operand[i]);
        if (share > 0 && rule->by == SPLIT_LAST)
            usage_error("%s: --by last takes no shares", operand[i]);
        if (*operand[i] == '\0')
            usage_error("a share without a file");
        for (size_t j = 0; j < i; j++)
            if (strcmp(operand[i], operand[j]) == 0 ||
                outfile_same(operand[i], operand[j]))
                usage_error("%s: two parts of that name", operand[i]);
        opt->name[i] = operand[i];
        rule->share[i] = share;
        sum += share;
    }
    if (rule->by != SPLIT_LAST && !(sum > 1 - 1e-9 && sum < 1 + 1e-9))
        usage_error("the shares sum to %.10g, not 1", sum);
}

static struct options
parse_options(int argc, char **argv)
{
    struct options opt = { .rule = { .last = 1, .seed = 1 }, .path = "-" };
    bool last = false;
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
        case 'i': opt.path = value; break;
        }
    }
    check_columns(&opt);
    if (last && opt.rule.by != SPLIT_LAST)
        usage_error("--last is for --by last");
    parse_parts(&opt);
    return opt;
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
        rule.key = input_column(in, opt->column);
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

/* The streams that are written, and the rows that are not yet. */
struct parts {
    size_t count;
    struct output *out[SPLIT_PARTS_MAX];
    struct table table[SPLIT_PARTS_MAX];
};

/* N rows of B to part I, which is written whenever it has a block together. */
static void
collect(struct parts *p, size_t i, const struct schema *s,
        const struct block *b, const uint32_t *row, uint32_t n)
{
    struct table *t = &p->table[i];
    struct error e;

    while (n > 0) {
        const uint32_t room = BLOCK_ROWS - (uint32_t)t->rows;
        const uint32_t take = n < room ? n : room;

        must(table_gather(t, s, b, row, take, &e), &e);
        if (table_is_full(t))
            output_put_table(p->out[i], t);
        row += take;
        n -= take;
    }
}

static void
scatter(struct parts *p, const struct schema *s, const struct block *b,
        const uint8_t *part, uint32_t *row)
{
    for (size_t i = 0; i < p->count; i++) {
        uint32_t n = 0;

        for (uint32_t r = 0; r < b->rows; r++)
            if (part[r] == i)
                row[n++] = r;
        collect(p, i, s, b, row, n);
    }
}

static void
copy_parts(struct parts *p, struct split *split, struct input *in)
{
    const struct schema *s = input_schema(in);
    uint8_t *part = NULL;
    uint32_t *row = NULL;
    size_t part_room = 0, row_room = 0;
    struct error e;
    struct block b;

    while (input_next(in, &b)) {
        const size_t need = (size_t)b.rows + 1;

        part = must_grow(part, &part_room, need, sizeof *part);
        row = must_grow(row, &row_room, need, sizeof *row);
        if (split_parts(split, &b, part, &e) != 0)
            input_bad(in, "%s", e.text);
        scatter(p, s, &b, part, row);
    }
    for (size_t i = 0; i < p->count; i++)
        if (p->table[i].rows > 0)
            output_put_table(p->out[i], &p->table[i]);
    free(part);
    free(row);
}

int
main(int argc, char **argv)
{
    const struct options opt = parse_options(argc, argv);
    struct input *in = opt.rule.by == SPLIT_HASH ? input_open(opt.path)
                                                 : input_open_twice(opt.path);
    struct split *split = plan(&opt, in);
    struct parts parts = { .count = opt.rule.parts };
    struct error e;

    for (size_t i = 0; i < parts.count; i++) {
        parts.out[i] = output_open(opt.name[i], input_schema(in));
        must(table_init(&parts.table[i], input_schema(in), &e), &e);
    }
    copy_parts(&parts, split, in);
    for (size_t i = 0; i < parts.count; i++) {
        const uint64_t rows = output_rows(parts.out[i]);

        if (rows == 0)
            input_bad(in, "%s would get none of the %" PRIu64 " rows",
                      opt.name[i], reader_rows(input_reader(in)));
        notice("%s: %" PRIu64 " rows", opt.name[i], rows);
        table_free(&parts.table[i]);
    }
    output_close_all(parts.out, parts.count);
    split_free(split);
    input_close(in);
    return EXIT_SUCCESS;
}
