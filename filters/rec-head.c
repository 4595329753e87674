/*
 * rec-head - the first rows of a stream, or of each value in it
 *
 * What follows the wanted rows is read and checked, though not copied: a
 * damaged stream is then reported wherever the damage is, and the filter that
 * feeds us is not killed by SIGPIPE.  With --quick we leave at once and give
 * that up.
 */
#include <stdlib.h>

#include "base/intern.h"
#include "filter/filter.h"
#include "rows/value.h"

#define DEFAULT_ROWS 10

struct options {
    uint64_t rows;
    const char *by; /* column, NULL: the whole stream */
    bool quick;
    const char *path;
};

static const struct cli_option option_table[] = {
    { 'n', "rows", CLI_VALUE, "N", "copy N rows (10)" },
    { 'b', "by", CLI_VALUE, "COLUMN", "N rows of each value of COLUMN" },
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
        case 'b': opt.by = value; break;
        case 'q': opt.quick = true; break;
        }
    }
    if (opt.by != NULL && opt.quick)
        usage_error("--by has to read all, so --quick has no place");
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

static void
copy_first(struct input *in, struct output *out, const struct options *opt)
{
    struct block b;

    while (output_rows(out) < opt->rows && input_next(in, &b)) {
        const uint64_t left = opt->rows - output_rows(out);

        if (b.rows > left)
            shorten(input_schema(in), &b, (uint32_t)left);
        output_put(out, &b);
    }
    if (!opt->quick)
        input_drain(in);
}

/* The same of each value of column BY. */
static void
copy_first_of_each(struct input *in, struct output *out, uint64_t rows,
                   const char *by)
{
    const struct schema *s = input_schema(in);
    const size_t column = input_column(in, by);
    struct error e;
    struct intern *keys = must_have(intern_new(&e), &e);
    uint64_t *count = NULL; /* [keys], rows met */
    size_t room = 0;
    struct table t;
    struct block b;

    if (key_check(&s->column[column], &e) != 0)
        input_bad(in, "%s", e.text);
    must(table_init(&t, s, &e), &e);
    while (input_next(in, &b))
        for (uint32_t r = 0; r < b.rows; r++) {
            const uint32_t known = intern_count(keys);
            struct key k;
            uint32_t i;

            key_at(&k, &b.column[column], s->column[column].type, r);
            i = intern_add(keys, k.data, k.len, &e);
            must(i != INTERN_NONE ? 0 : -1, &e);
            count = must_grow(count, &room, (size_t)known + 1, sizeof *count);
            if (i == known)
                count[i] = 0;
            if (count[i]++ >= rows)
                continue;
            must(table_gather(&t, s, &b, &r, 1, &e), &e);
            if (table_is_full(&t))
                output_put_table(out, &t);
        }
    if (t.rows > 0)
        output_put_table(out, &t);
    table_free(&t);
    intern_free(keys);
    free(count);
}

int
main(int argc, char **argv)
{
    const struct options opt = parse_options(argc, argv);
    struct input *in = input_open(opt.path);
    struct output *out = output_open(cli_output(), input_schema(in));

    if (opt.by != NULL)
        copy_first_of_each(in, out, opt.rows, opt.by);
    else
        copy_first(in, out, &opt);
    output_close(out);
    input_close(in);
    return EXIT_SUCCESS;
}
