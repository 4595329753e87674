/*
 * rec-cut - the columns that are wanted, in the order that is wanted
 *
 * A block is columns, so this only picks pointers: no value is looked at.
 */
#include <stdlib.h>
#include <string.h>

#include "filter/filter.h"

struct options {
    const char *columns;
    bool except;
    const char *path;
};

/* What goes out: a schema, and where its columns are in the input. */
struct choice {
    struct schema schema;
    size_t from[SCHEMA_COLUMNS_MAX];
};

static const struct cli_option option_table[] = {
    { 'x', "except", CLI_FLAG, NULL, "copy all columns but these" },
    { 0 },
};

static const struct cli cli = {
    .name = "rec-cut",
    .operands = "COLUMNS [FILE]",
    .purpose = "Choose, order and rename the columns of a record stream.",
    .example = "rec-cut user_id,title=movie_title ratings.rms | rec-to tsv",
    .flags = CLI_STREAM_OUT,
    .options = option_table,
};

static struct options
parse_options(int argc, char **argv)
{
    struct options opt = { 0 };
    const char *value;
    int c;

    cli_init(&cli, argc, argv);
    while ((c = cli_next(&value)) != 0)
        if (c == 'x')
            opt.except = true;
    opt.columns = cli_next_word();
    if (opt.except && strchr(opt.columns, '=') != NULL)
        usage_error("%s: what is left out cannot be renamed", opt.columns);
    opt.path = cli_operand_or_stdin();
    return opt;
}

/* Cut the next of the names with commas between them off *LIST. */
static char *
next_name(char **list)
{
    char *name = *list;
    char *comma = strchr(name, ',');

    if (comma != NULL)
        *comma = '\0';
    *list = comma != NULL ? comma + 1 : NULL;
    if (*name == '\0' || *name == '=' || name[strlen(name) - 1] == '=')
        usage_error("an empty name among the columns");
    return name;
}

static void
choose(struct choice *c, const struct input *in, size_t index, const char *name)
{
    const struct column *from = &input_schema(in)->column[index];
    struct error e;

    if (schema_find(&c->schema, name) >= 0)
        usage_error("column '%s' would be there twice", name);
    c->from[c->schema.columns] = index;
    must(schema_add(&c->schema, name, from->type, from->shape, from->width, &e),
         &e);
}

static void
choose_named(struct choice *c, const struct input *in, char *list)
{
    while (list != NULL) {
        const char *name = next_name(&list), *old = name;
        char *equals = strchr(name, '=');

        if (equals != NULL) {
            *equals = '\0';
            old = equals + 1;
        }
        choose(c, in, input_column(in, old), name);
    }
}

static void
choose_others(struct choice *c, const struct input *in, char *list)
{
    const struct schema *s = input_schema(in);
    bool out[SCHEMA_COLUMNS_MAX] = { false };

    while (list != NULL) {
        const char *name = next_name(&list);
        const size_t i = input_column(in, name);

        if (out[i])
            usage_error("column '%s' is named twice", name);
        out[i] = true;
    }
    for (size_t i = 0; i < s->columns; i++)
        if (!out[i])
            choose(c, in, i, s->column[i].name);
    if (c->schema.columns == 0)
        usage_error("no column would be left");
}

int
main(int argc, char **argv)
{
    const struct options opt = parse_options(argc, argv);
    struct input *in = input_open(opt.path);
    struct choice c = { 0 }; /* metas and steps stay */
    struct array chosen[SCHEMA_COLUMNS_MAX];
    struct output *out;
    struct error e;
    struct block b;
    char *list = mem_string(opt.columns, strlen(opt.columns), &e);

    if (list == NULL)
        die("%s", e.text);
    must(schema_copy_head(&c.schema, input_schema(in), NULL, &e), &e);
    (opt.except ? choose_others : choose_named)(&c, in, list);
    out = output_open(cli_output(), &c.schema);
    while (input_next(in, &b)) {
        for (size_t i = 0; i < c.schema.columns; i++)
            chosen[i] = b.column[c.from[i]];
        output_put(out, &(struct block){ b.rows, c.schema.columns, chosen });
    }
    output_close(out);
    input_close(in);
    schema_free(&c.schema);
    free(list);
    return EXIT_SUCCESS;
}
