/*
 * rec-join - columns of a table, looked up by a key
 *
 * The table is held in memory, the stream is not: the side that grows goes
 * through the pipe.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "filter/filter.h"
#include "rows/join.h"
#include "rows/value.h"

struct options {
    char *on;          /* the stream's column */
    const char *other; /* the table's */
    bool drop;         /* rows without a match, instead of failing */
    const char *table, *path;
};

static const struct cli_option option_table[] = {
    { 'k', "on", CLI_VALUE, "KEY[=KEY2]",
      "look up column KEY, in the table's column KEY2 (KEY)" },
    { 'm', "missing", CLI_VALUE, "HOW",
      "error or drop: a row whose key is not in the table (error)" },
    { 0 },
};

static const struct cli cli = {
    .name = "rec-join",
    .operands = "TABLE [FILE]",
    .purpose = "Add the columns of a table to the rows of a record stream.",
    .example = "rec-join --on movie_id movies.rms ratings.rms | rec-to tsv",
    .flags = CLI_STREAM_OUT,
    .options = option_table,
};

static const char *const missing_names[] = { "error", "drop", NULL };

/* Cut KEY=KEY2 in two. */
static void
parse_on(struct options *opt, const char *value)
{
    struct error e;
    char *equals;

    free(opt->on);
    opt->on = mem_string(value, strlen(value), &e);
    if (opt->on == NULL)
        die("%s", e.text);
    opt->other = opt->on;
    equals = strchr(opt->on, '=');
    if (equals != NULL) {
        *equals = '\0';
        opt->other = equals + 1;
    }
    if (*opt->on == '\0' || *opt->other == '\0')
        usage_error("--on %s: expected a column, or two with = between them",
                    value);
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
        case 'k': parse_on(&opt, value); break;
        case 'm': opt.drop = cli_choice(c, value, missing_names) == 1; break;
        }
    }
    if (opt.on == NULL)
        usage_error("--on is missing: which column is the key?");
    opt.table = cli_next_file();
    opt.path = cli_operand_or_stdin();
    cli_one_stdin(opt.table, opt.path, "the table and the stream");
    return opt;
}

static struct join *
read_table(const struct options *opt)
{
    struct input *in = input_open(opt->table);
    const size_t key = input_column(in, opt->other);
    struct table t = input_table(in);
    struct schema s;
    struct join *j;
    struct error e;

    must(schema_copy(&s, input_schema(in), &e), &e);
    j = join_new(&t, &s, key, &e);
    if (j == NULL)
        input_bad(in, "%s", e.text);
    input_close(in);
    return j;
}

/* Where each row of the block that has a match is, and where its match is. */
struct matches {
    uint32_t *row, *found;
    size_t row_room, found_room;
    uint32_t count;
};

static void
find_matches(struct matches *m, const struct options *opt,
             const struct input *in, const struct join *j, size_t key,
             const struct block *b)
{
    const enum type t = input_schema(in)->column[key].type;
    const struct array *a = &b->column[key];
    const size_t room = (size_t)b->rows + 1;

    m->row = must_grow(m->row, &m->row_room, room, sizeof *m->row);
    m->found = must_grow(m->found, &m->found_room, room, sizeof *m->found);
    m->count = 0;
    for (uint32_t r = 0; r < b->rows; r++) {
        const uint32_t found = join_find(j, a, t, r);

        if (found == JOIN_NONE && !opt->drop) {
            char text[KEY_TEXT_MAX];

            key_text(text, a, t, r);
            input_bad_row(in, r, "%s %s is not in %s", opt->on, text,
                          opt->table);
        }
        if (found == JOIN_NONE)
            continue;
        m->row[m->count] = r;
        m->found[m->count++] = found;
    }
}

/* Copy the stream to OUT, with the table's columns behind its own. */
static void
join_stream(const struct options *opt, struct input *in, struct join *j,
            size_t key, size_t columns, struct output *out)
{
    const struct schema *s = input_schema(in);
    struct array *joined = must_new(columns, sizeof *joined);
    struct matches m = { 0 };
    struct table kept;
    struct error e;
    struct block b;

    must(table_init(&kept, s, &e), &e);
    while (input_next(in, &b)) {
        find_matches(&m, opt, in, j, key, &b);
        if (m.count < b.rows) {
            table_clear(&kept);
            must(table_gather(&kept, s, &b, m.row, m.count, &e), &e);
            b = table_block(&kept);
        }
        memcpy(joined, b.column, s->columns * sizeof *joined);
        must(join_rows(j, m.found, m.count, joined + s->columns, &e), &e);
        output_put(out, &(struct block){ b.rows, columns, joined });
    }
    table_free(&kept);
    free(joined);
    free(m.row);
    free(m.found);
}

int
main(int argc, char **argv)
{
    struct options opt = parse_options(argc, argv);
    struct join *j = read_table(&opt);
    struct input *in = input_open(opt.path);
    const size_t key = input_column(in, opt.on);
    struct schema wide;
    struct output *out;
    struct error e;
    uint64_t read;

    if (join_check(j, &input_schema(in)->column[key], &e) != 0)
        input_bad(in, "%s", e.text);
    must(schema_copy(&wide, input_schema(in), &e), &e);
    if (join_add_columns(j, &wide, &e) != 0)
        die("%s: %s", opt.table, e.text);
    out = output_open(cli_output(), &wide);
    join_stream(&opt, in, j, key, wide.columns, out);
    read = reader_rows(input_reader(in));
    notice("%" PRIu64 " of %" PRIu64 " rows have no match",
           read - output_rows(out), read);
    output_close(out);
    input_close(in);
    schema_free(&wide);
    join_free(j);
    free(opt.on);
    return EXIT_SUCCESS;
}
