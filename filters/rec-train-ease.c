/*
 * rec-train-ease - features to an item-item model, in closed form
 *
 * The model is a pair of towers without layers: that of the query adds up what
 * the items of a history say, a row of a square matrix each, and an item's
 * embedding picks its column out of that.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter/model.h"
#include "filter/pairs.h"
#include "model/ease.h"

struct options {
    double lambda;
    const char *query, *history, *path;
};

enum { OPT_LAMBDA = 256, OPT_QUERY, OPT_HISTORY };

static const struct cli_option option_table[] = {
    { OPT_LAMBDA, "lambda", CLI_VALUE, "W", "regularisation (500)" },
    { OPT_QUERY, "query", CLI_VALUE, "NAME",
      "the lookup that says who asks (the first)" },
    { OPT_HISTORY, "history", CLI_VALUE, "COLUMN",
      "what the model reads: a list of items (history)" },
    { 0 },
};

static const struct cli cli = {
    .name = "rec-train-ease",
    .operands = "[FILE]",
    .purpose = "Train an item-item model, solved in closed form.",
    .example = "rec-train-ease --lambda 300 train.rms -o ease.rms",
    .flags = CLI_STREAM_OUT | CLI_THREADS,
    .options = option_table,
};

static struct options
parse_options(int argc, char **argv)
{
    struct options opt = { .lambda = 500, .history = "history" };
    const char *value;
    int c;

    cli_init(&cli, argc, argv);
    while ((c = cli_next(&value)) != 0) {
        switch (c) {
        case OPT_LAMBDA: opt.lambda = cli_f64(c, value, 1e-6, 1e12); break;
        case OPT_QUERY: opt.query = value; break;
        case OPT_HISTORY: opt.history = value; break;
        }
    }
    opt.path = cli_operand_or_stdin();
    return opt;
}

/* A list of ids of ITEM in the column that --history names.  The rows that are
 * learned from need not have it. */
static struct feature
history_of(const struct feature *item, const char *column)
{
    char line[FEATURE_LINE_MAX];
    struct feature f;
    struct error e;
    const int len =
        snprintf(line, sizeof line, "query %s lookup of=%s pool=sum", column,
                 item->column);

    if (len >= (int)sizeof line)
        usage_error("--history: the name is too long");
    if (feature_parse(&f, line, (size_t)len, &e) != 0 ||
        strcmp(f.column, column) != 0)
        usage_error("--history=%s: no name of a column", column);
    f.size = item->size;
    f.digest = item->digest;
    return f;
}

int
main(int argc, char **argv)
{
    const struct options opt = parse_options(argc, argv);
    struct input *in = input_open(opt.path);
    struct threads *threads = model_threads();
    struct tensors part[MODEL_PARTS];
    struct feature query, item;
    struct model_head head;
    struct output *out;
    struct towers *m;
    struct pairs pairs;
    struct error e;

    if (model_head_from_features(&head, input_schema(in), &e) != 0)
        input_bad(in, "%s", e.text);
    query = *pairs_query(in, &head, opt.query);
    item = *pairs_item(in, &head);
    if (ease_check(item.size, &e) != 0)
        input_bad(in, "%s", e.text);
    pairs_keep(&head, history_of(&item, opt.history), item, item.size - 1);
    out = model_output("towers", &head, input_schema(in));
    pairs = pairs_read(in, &query, &item);
    m = must_have(
        towers_new(head.spec.feature, head.spec.features, NULL, 0, false, &e),
        &e);
    for (size_t p = 0; p < MODEL_PARTS; p++)
        part[p] = (struct tensors){ m->net[p]->tensor, m->net[p]->tensors };
    must(ease_solve(&pairs, opt.lambda, part[PART_QUERY].tensor[0].data,
                    threads, &e),
         &e);
    ease_identity(item.size, part[PART_ITEM].tensor[0].data);
    model_write(out, part, MODEL_PARTS);
    towers_free(m);
    pairs_free(&pairs);
    model_head_free(&head);
    threads_free(threads);
    input_close(in);
    return EXIT_SUCCESS;
}
