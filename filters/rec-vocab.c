/*
 * rec-vocab - learn from the data what encoders have to know
 */
#include <inttypes.h>
#include <stdlib.h>

#include "features/tally.h"
#include "features/value.h"
#include "filter/filter.h"

static const struct cli_option option_table[] = {
    { 'm', "merge", CLI_FLAG, NULL,
      "add up the vocabularies in FILE, which says the FEATURES" },
    { 0 },
};

static const struct cli cli = {
    .name = "rec-vocab",
    .operands = "FEATURES [FILE]",
    .purpose = "Count keys and tokens, find bucket edges and moments.",
    .example = "rec-vocab my.features ratings.rms -o vocab.rms",
    .flags = CLI_STREAM_OUT,
    .options = option_table,
};

struct options {
    const char *features; /* NULL: merge */
    const char *path;
};

static struct options
parse_options(int argc, char **argv)
{
    struct options opt = { 0 };
    const char *value;
    bool merge = false;

    cli_init(&cli, argc, argv);
    while (cli_next(&value) != 0)
        merge = true;
    if (!merge)
        opt.features = cli_next_file();
    opt.path = cli_operand_or_stdin();
    return opt;
}

/* A feature that is being learned. */
struct counted {
    const struct feature *feature;
    size_t column; /* of the input; not when vocabularies are merged */
    struct tally *tally;
};

static struct counted
start(const struct feature *f)
{
    struct counted c = { .feature = f };
    struct error e;

    c.tally = must_have(tally_new(f, &e), &e);
    return c;
}

static void
find_column(const struct input *in, struct counted *c)
{
    struct error e;

    c->column = input_column(in, c->feature->column);
    if (value_check_column(c->feature, &input_schema(in)->column[c->column],
                           &e) != 0)
        input_bad(in, "%s", e.text);
}

static void
count(const struct input *in, const struct block *b, struct counted *c)
{
    const struct column *column = &input_schema(in)->column[c->column];
    struct error e;
    uint32_t bad;

    if (tally_add(c->tally, column, &b->column[c->column], b->rows, &bad, &e) !=
        0)
        input_bad_row(in, bad, "%s", e.text);
}

static void
need_rows(const struct input *in)
{
    if (reader_rows(input_reader(in)) == 0)
        input_bad(in, "no rows to learn from");
}

/* Learn from all rows of IN what the N features need. */
static void
count_all(struct input *in, struct counted *c, size_t n)
{
    struct block b;

    for (size_t i = 0; i < n; i++)
        find_column(in, &c[i]);
    while (input_next(in, &b))
        for (size_t i = 0; i < n; i++)
            count(in, &b, &c[i]);
    need_rows(in);
}

static void
merge_block(const struct input *in, struct vocabulary *part,
            const struct spec *spec, struct counted *c, const struct block *b)
{
    struct error e;
    uint32_t bad;

    if (vocabulary_add(part, b, &bad, &e) != 0)
        input_bad_row(in, bad, "%s", e.text);
    for (uint32_t r = 0; r < b->rows; r++) {
        struct vocabulary_row row;
        size_t i = 0;

        must(vocabulary_row_at(part, b, r, &row, &e), &e);
        while (c[i].feature != &spec->feature[part->current])
            i++; /* a row of one that is not counted was refused */
        if (tally_add_row(c[i].tally, &row, &e) != 0)
            input_bad_row(in, r, "%s", e.text);
    }
}

static struct vocabulary *
new_part(const struct input *in)
{
    struct error e;

    return must_have(vocabulary_new(input_schema(in), &e), &e);
}

static void
end_part(const struct input *in, uint64_t number, struct vocabulary *part)
{
    struct error e;

    if (vocabulary_finish(part, &e) != 0)
        input_bad(in, "vocabulary %" PRIu64 ": %s", number, e.text);
    vocabulary_free(part);
}

/* Learn it from what others have learned: each segment is a vocabulary, which
 * must be one that could be used. */
static void
merge_all(struct input *in, const struct spec *spec, struct counted *c)
{
    struct vocabulary *part = new_part(in);
    uint64_t number = 1;
    struct block b;
    bool more;

    do {
        more = input_next(in, &b);
        while (number < reader_segments(input_reader(in))) {
            end_part(in, number++, part);
            part = new_part(in);
        }
        if (more)
            merge_block(in, part, spec, c, &b);
    } while (more);
    need_rows(in);
    end_part(in, number, part);
}

static void
write_rows(struct output *out, struct table *t, struct counted *c)
{
    struct error e;

    must(tally_finish(c->tally, &e), &e);
    for (size_t i = 0; i < tally_rows(c->tally); i++) {
        const struct vocabulary_row row = tally_row(c->tally, i);

        must(vocabulary_put(t, c->feature->name, &row, &e), &e);
        if (table_is_full(t))
            output_put_table(out, t);
    }
    notice("%s: %zu rows", c->feature->name, tally_rows(c->tally));
    tally_free(c->tally);
}

/* The vocabulary's own columns, with the steps that its data came through. */
static struct schema
vocabulary_head(const struct input *in, const struct spec *spec)
{
    const struct schema *from = input_schema(in);
    struct schema s = { 0 };
    struct error e;

    must(vocabulary_schema(&s, spec, &e), &e);
    for (size_t i = 0; i < from->steps; i++)
        must(schema_add_step(&s, from->step[i], &e), &e);
    return s;
}

int
main(int argc, char **argv)
{
    const struct options opt = parse_options(argc, argv);
    struct vocabulary *v = NULL;
    struct counted *counted;
    struct input *in;
    struct output *out;
    struct schema head;
    struct table t;
    struct spec own, *spec = &own;
    struct error e;
    size_t n = 0; /* features with something to learn */

    if (opt.features != NULL)
        must(spec_read(&own, opt.features, &e), &e);
    in = input_open(opt.path);
    if (opt.features == NULL) {
        v = vocabulary_new(input_schema(in), &e);
        if (v == NULL)
            input_bad(in, "%s", e.text);
        spec = &v->spec;
    }
    counted = must_new(spec->features, sizeof *counted);
    for (size_t i = 0; i < spec->features; i++)
        if (spec->feature[i].of[0] == '\0')
            counted[n++] = start(&spec->feature[i]);
    head = vocabulary_head(in, spec);
    out = output_open(cli_output(), &head);
    if (v != NULL)
        merge_all(in, spec, counted);
    else
        count_all(in, counted, n);

    must(table_init(&t, &head, &e), &e);
    for (size_t i = 0; i < n; i++)
        write_rows(out, &t, &counted[i]);
    if (t.rows > 0)
        output_put_table(out, &t);
    output_close(out);
    table_free(&t);
    schema_free(&head);
    input_close(in);
    free(counted);
    if (v == NULL)
        spec_free(&own);
    vocabulary_free(v);
    return EXIT_SUCCESS;
}
