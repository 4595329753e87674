/*
 * rec-decode - add the keys that ids stand for
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter/filter.h"
#include "filter/vocabulary.h"

enum { OPT_FEATURE = 256, OPT_AS };

struct options {
    const char *vocabulary;
    const char *column;
    const char *feature; /* NULL: as find_feature() says */
    const char *as;      /* NULL: COLUMN.KEYCOLUMN */
    const char *path;
};

static const struct cli_option option_table[] = {
    { 'v', "vocabulary", CLI_FILE, "FILE", "decode by this vocabulary" },
    { 'c', "column", CLI_VALUE, "NAME", "decode this column (candidates)" },
    { OPT_FEATURE, "feature", CLI_VALUE, "NAME",
      "the feature whose ids it has (its name, else the key)" },
    { OPT_AS, "as", CLI_VALUE, "NAME",
      "name of the new column (COLUMN.KEYCOLUMN)" },
    { 0 },
};

static const struct cli cli = {
    .name = "rec-decode",
    .operands = "[FILE]",
    .purpose = "Add the keys that a column of ids stands for.",
    .example = "rec-decode -v vocab.rms top.rms | rec-to tsv",
    .flags = CLI_STREAM_OUT,
    .options = option_table,
};

static struct options
parse_options(int argc, char **argv)
{
    struct options opt = { .column = "candidates" };
    const char *value;
    int c;

    cli_init(&cli, argc, argv);
    while ((c = cli_next(&value)) != 0) {
        switch (c) {
        case 'v': opt.vocabulary = value; break;
        case 'c': opt.column = value; break;
        case OPT_FEATURE: opt.feature = value; break;
        case OPT_AS: opt.as = value; break;
        }
    }
    opt.path = cli_operand_or_stdin();
    if (opt.vocabulary == NULL)
        usage_error("no vocabulary: give --vocabulary FILE");
    return opt;
}

static bool
has_keys(const struct feature *f)
{
    return f->encoder == ENCODER_LOOKUP || f->encoder == ENCODER_TOKENIZE;
}

/* The number of the feature whose ids these are: what --feature says, else the
 * one with the column's own name, else the key. */
static size_t
find_feature(const struct options *opt, const struct spec *spec)
{
    const char *wanted = opt->feature != NULL ? opt->feature : opt->column;

    for (size_t i = 0; i < spec->features; i++)
        if (has_keys(&spec->feature[i]) &&
            strcmp(spec->feature[i].name, wanted) == 0)
            return i;
    if (opt->feature != NULL)
        die("%s: no lookup or tokenize '%s'", opt->vocabulary, opt->feature);
    for (size_t i = 0; i < spec->features; i++)
        if (spec->feature[i].key)
            return i;
    die("%s: no key among its features: give --feature", opt->vocabulary);
}

/* Which of the input's columns has the ids. */
static size_t
find_column(const struct input *in, const char *name)
{
    const size_t at = input_column(in, name);
    const struct column *c = &input_schema(in)->column[at];
    char is[TYPE_TEXT_MAX];

    column_type_text(c, is);
    if (c->type != TYPE_U32)
        input_bad(in, "column '%s' is %s, and ids are u32", name, is);
    return at;
}

/* The columns that there are and one like COLUMN, with the keys. */
static struct schema
new_head(const struct input *in, const struct options *opt, size_t column,
         const struct feature *f)
{
    const struct column *ids = &input_schema(in)->column[column];
    char name[2 * FEATURE_NAME_MAX + 2];
    struct schema s;
    struct error e;

    snprintf(name, sizeof name, "%s.%s", ids->name, f->column);
    must(schema_copy(&s, input_schema(in), &e), &e);
    if (schema_add(&s, opt->as != NULL ? opt->as : name, TYPE_STR, ids->shape,
                   ids->width, &e) != 0)
        input_bad(in, "%s", e.text);
    return s;
}

/* Append the keys of ids FROM to TO - 1 of A, which are in ROW. */
static void
decode(const struct input *in, const struct vocabulary *v, size_t f,
       const struct array *a, uint32_t row, size_t from, size_t to,
       struct builder *keys)
{
    const struct feature *feature = &v->spec.feature[f];
    struct error e;

    for (size_t i = from; i < to; i++) {
        const uint32_t id = array_u32(a)[i];
        size_t len;
        const char *key = vocabulary_key(v, f, id, &len);

        if (key == NULL)
            input_bad_row(in, row, "id %u, but the ids of %s are below %u", id,
                          feature->name, feature->size);
        must(builder_add_str(keys, key, len, &e), &e);
    }
}

/* The keys of A, WIDTH a row unless it has lists; a view of KEYS. */
static struct array
decode_rows(const struct input *in, const struct vocabulary *v, size_t f,
            const struct array *a, uint32_t rows, size_t width,
            struct builder *keys)
{
    struct array decoded;

    builder_clear(keys);
    for (uint32_t r = 0; r < rows; r++)
        if (a->list != NULL)
            decode(in, v, f, a, r, a->list[r], a->list[r + 1], keys);
        else
            decode(in, v, f, a, r, r * width, (r + 1) * width, keys);
    decoded = builder_array(keys);
    decoded.list = a->list; /* there are as many keys as ids */
    return decoded;
}

int
main(int argc, char **argv)
{
    const struct options opt = parse_options(argc, argv);
    struct vocabulary *v = vocabulary_load(opt.vocabulary);
    const size_t f = find_feature(&opt, &v->spec);
    struct input *in = input_open(opt.path);
    const size_t column = find_column(in, opt.column);
    struct schema head = new_head(in, &opt, column, &v->spec.feature[f]);
    struct output *out = output_open(cli_output(), &head);
    struct array *full = must_new(head.columns, sizeof *full);
    struct builder keys;
    struct block b;
    struct error e;

    input_check_ids(in, &v->spec.feature[f], opt.vocabulary);
    must(builder_init(&keys, &head.column[head.columns - 1], &e), &e);
    while (input_next(in, &b)) {
        const struct block decoded = { b.rows, head.columns, full };

        memcpy(full, b.column, b.columns * sizeof *full);
        full[b.columns] = decode_rows(in, v, f, &b.column[column], b.rows,
                                      head.column[column].width, &keys);
        output_put(out, &decoded);
    }
    output_close(out);
    builder_free(&keys);
    free(full);
    schema_free(&head);
    input_close(in);
    vocabulary_free(v);
    return EXIT_SUCCESS;
}
