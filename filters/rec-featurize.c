/*
 * rec-featurize - add the features, the numbers that models read
 *
 * A block in, a block out: its columns are handed on where they are, and only
 * the features are made.  With --items the rows that are kept are copied.
 */
#include <stdlib.h>
#include <string.h>

#include "features/encoder.h"
#include "features/value.h"
#include "filter/filter.h"
#include "filter/vocabulary.h"

enum { OPT_ITEMS = 256 };

#define ALL_PARTS (1u << PART_QUERY | 1u << PART_ITEM | 1u << PART_LABEL)

struct options {
    const char *vocabulary;
    bool items;
    unsigned parts; /* bits of enum feature_part */
    const char *path;
};

static const struct cli_option option_table[] = {
    { 'v', "vocabulary", CLI_FILE, "FILE", "encode by this vocabulary" },
    { 'p', "part", CLI_VALUE, "PART",
      "only query, item or label; may be repeated (all)" },
    { OPT_ITEMS, "items", CLI_FLAG, NULL,
      "one row for each known item, with its features" },
    { 0 },
};

static const struct cli cli = {
    .name = "rec-featurize",
    .operands = "[FILE]",
    .purpose = "Add features to each row of a record stream.",
    .example = "rec-featurize -v vocab.rms ratings.rms -o features.rms",
    .flags = CLI_STREAM_OUT,
    .options = option_table,
};

static struct options
parse_options(int argc, char **argv)
{
    static const char *const parts[] = { "query", "item", "label", NULL };
    struct options opt = { 0 };
    const char *value;
    int c;

    cli_init(&cli, argc, argv);
    while ((c = cli_next(&value)) != 0) {
        switch (c) {
        case 'v': opt.vocabulary = value; break;
        case 'p': opt.parts |= 1u << cli_choice(c, value, parts); break;
        case OPT_ITEMS: opt.items = true; break;
        }
    }
    opt.path = cli_operand_or_stdin();
    if (opt.vocabulary == NULL)
        usage_error("no vocabulary: give --vocabulary FILE");
    if (opt.items && opt.parts != 0)
        usage_error("--items chooses its part itself: leave out --part");
    if (opt.items)
        opt.parts = 1u << PART_ITEM;
    if (opt.parts == 0)
        opt.parts = ALL_PARTS;
    return opt;
}

/* A feature that is being made. */
struct made {
    const struct feature *feature;
    size_t from; /* the input's column */
    struct encoder *encoder;
    struct builder values;
};

struct work {
    struct input *in;
    struct schema head; /* of the output */
    struct made *made;
    size_t features;
    struct array *column; /* of the output's block */
};

static void
add_feature(struct work *w, const struct vocabulary *v, size_t number)
{
    const struct feature *f = &v->spec.feature[number];
    struct made *m = &w->made[w->features++];
    struct error e;

    m->feature = f;
    m->from = input_column(w->in, f->column);
    if (value_check_column(f, &input_schema(w->in)->column[m->from], &e) != 0 ||
        feature_add_column(&w->head, f, &e) != 0)
        input_bad(w->in, "%s", e.text);
    must(spec_add_meta(&w->head, f, &e), &e);
    must(builder_init(&m->values, &w->head.column[w->head.columns - 1], &e),
         &e);
    m->encoder = encoder_new(v, number, &e);
    must(m->encoder != NULL ? 0 : -1, &e);
}

/* The input's head, without what it says of features whose columns have been
 * cut since: these may come anew. */
static struct schema
copy_head(const struct schema *from)
{
    struct spec features = { 0 };
    struct schema s;
    struct error e;

    if (spec_from_metas(&features, from, &e) != 0 || features.features == 0) {
        must(schema_copy(&s, from, &e), &e);
        return s;
    }
    must(schema_copy_head(&s, from, "feature.", &e), &e);
    for (size_t i = 0; i < features.features; i++)
        if (schema_find(from, features.feature[i].name) >= 0)
            must(spec_add_meta(&s, &features.feature[i], &e), &e);
    for (size_t i = 0; i < from->columns; i++)
        must(schema_add_column(&s, &from->column[i], &e), &e);
    spec_free(&features);
    return s;
}

static struct work
start(const struct options *opt, const struct vocabulary *v)
{
    struct work w = { .in = input_open(opt->path) };

    w.head = copy_head(input_schema(w.in));
    w.made = must_new(v->spec.features, sizeof *w.made);
    for (size_t i = 0; i < v->spec.features; i++)
        if ((opt->parts & 1u << v->spec.feature[i].part) != 0)
            add_feature(&w, v, i);
    if (w.features == 0)
        die("%s: no features of that part", opt->vocabulary);
    w.column = must_new(w.head.columns, sizeof *w.column);
    return w;
}

/* B with its features. */
static struct block
featurize(struct work *w, const struct block *b)
{
    const struct schema *from = input_schema(w->in);
    struct array *next = w->column + b->columns;
    struct error e;
    uint32_t bad;

    memcpy(w->column, b->column, b->columns * sizeof *w->column);
    for (size_t i = 0; i < w->features; i++) {
        struct made *m = &w->made[i];

        builder_clear(&m->values);
        if (encoder_run(m->encoder, &from->column[m->from], &b->column[m->from],
                        b->rows, &m->values, &bad, &e) != 0)
            input_bad_row(w->in, bad, "%s", e.text);
        *next++ = builder_array(&m->values);
    }
    return (struct block){ b->rows, w->head.columns, w->column };
}

static void
featurize_rows(struct work *w, struct output *out)
{
    struct block b;

    while (input_next(w->in, &b)) {
        const struct block full = featurize(w, &b);

        output_put(out, &full);
    }
}

/* The first row of each known item: ids that were met are marked in SEEN. */
static void
featurize_items(struct work *w, const struct feature *key, struct output *out)
{
    const size_t column = (size_t)schema_find(&w->head, key->name);
    bool *seen = must_new(key->size, sizeof *seen);
    struct table t;
    struct block b;
    struct error e;

    must(table_init(&t, &w->head, &e), &e);
    while (input_next(w->in, &b)) {
        const struct block full = featurize(w, &b);
        const uint32_t *id = array_u32(&full.column[column]);

        for (uint32_t r = 0; r < full.rows; r++) {
            if (id[r] == LOOKUP_UNKNOWN || seen[id[r]])
                continue;
            seen[id[r]] = true;
            must(table_gather(&t, &w->head, &full, &r, 1, &e), &e);
        }
        if (t.rows > 0)
            output_put_table(out, &t);
    }
    if (output_rows(out) == 0)
        input_bad(w->in, "no known items");
    table_free(&t);
    free(seen);
}

static void
finish(struct work *w)
{
    for (size_t i = 0; i < w->features; i++) {
        encoder_free(w->made[i].encoder);
        builder_free(&w->made[i].values);
    }
    free(w->made);
    free(w->column);
    schema_free(&w->head);
    input_close(w->in);
}

int
main(int argc, char **argv)
{
    const struct options opt = parse_options(argc, argv);
    struct vocabulary *v = vocabulary_load(opt.vocabulary);
    struct work w = start(&opt, v);
    struct output *out = output_open(cli_output(), &w.head);

    if (opt.items)
        featurize_items(&w, spec_key(&v->spec), out);
    else
        featurize_rows(&w, out);
    output_close(out);
    finish(&w);
    vocabulary_free(v);
    return EXIT_SUCCESS;
}
