/*
 * rec-rank - candidates in the order of the ranking model
 *
 * The lists of a row, "candidates" and "scores", are replaced by the same
 * candidates in their new order, and the model's probabilities.
 */
#include <stdlib.h>
#include <string.h>

#include "filter/model.h"
#include "model/rerank.h"

struct options {
    const char *model, *items, *id, *path;
    uint32_t depth;
};

enum { OPT_ID = 256 };

static const struct cli_option option_table[] = {
    { 'm', "model", CLI_FILE, "FILE", "the ranker, from rec-train-rank" },
    { 'i', "items", CLI_FILE, "FILE", "the items' features, with their ids" },
    { 'd', "depth", CLI_VALUE, "N",
      "order the first N candidates, drop the rest (all)" },
    { OPT_ID, "id", CLI_VALUE, "COLUMN", "the items' id (the key feature)" },
    { 0 },
};

static const struct cli cli = {
    .name = "rec-rank",
    .operands = "[FILE]",
    .purpose = "Put candidates in the order of the ranking model.",
    .example = "rec-rank -m ranker.rms -i items.rms lists.rms | rec-to tsv",
    .flags = CLI_STREAM_OUT | CLI_THREADS,
    .options = option_table,
};

static struct options
parse_options(int argc, char **argv)
{
    struct options opt = { .depth = UINT32_MAX };
    const char *value;
    int c;

    cli_init(&cli, argc, argv);
    while ((c = cli_next(&value)) != 0) {
        switch (c) {
        case 'm': opt.model = value; break;
        case 'i': opt.items = value; break;
        case 'd': opt.depth = (uint32_t)cli_u64(c, value, 1, UINT32_MAX); break;
        case OPT_ID: opt.id = value; break;
        }
    }
    if (opt.model == NULL || opt.items == NULL)
        usage_error("--model and --items are needed");
    opt.path = cli_operand_or_stdin();
    return opt;
}

/* The items, all in memory. */
struct items {
    struct input *in;
    const char *id; /* name of the column */
    struct table table;
    struct feature_values *values;
};

static struct rerank *
open_items(struct items *it, const struct options *opt, struct ranker *model,
           const struct model_head *head)
{
    const size_t n = head->spec.features;
    struct intake intake;
    struct rerank *r;
    struct error e;
    struct block b;
    size_t id;

    it->in = input_open(opt->items);
    it->id = opt->id != NULL ? opt->id : input_meta(it->in, "key");
    id = input_column_of(it->in, it->id, TYPE_U32, SHAPE_SCALAR);
    it->values = must_new(n, sizeof *it->values);
    if (intake_init(&intake, head->spec.feature, n, false, true,
                    input_schema(it->in), &e) != 0)
        input_bad(it->in, "%s", e.text);
    it->table = input_table(it->in);
    b = table_block(&it->table);
    intake_block(&intake, &b, it->values);
    if (intake_check(&intake, &b, it->values, &e) != 0)
        input_bad(it->in, "%s", e.text);
    if (b.rows == 0)
        input_bad(it->in, "no items");
    r = rerank_new(model, it->values, array_u32(&b.column[id]), b.rows, &e);
    if (r == NULL)
        input_bad(it->in, "%s", e.text);
    intake_free(&intake);
    return r;
}

/* The new lists of a block. */
struct lists {
    uint32_t *list, *id;
    float *probability;
    size_t rows, values; /* room */
};

static void
lists_room(struct lists *l, size_t rows, size_t values)
{
    if (rows + 1 > l->rows) {
        free(l->list);
        l->rows = rows + 1;
        l->list = must_new(l->rows, sizeof *l->list);
    }
    if (values > l->values) {
        free(l->id);
        free(l->probability);
        l->values = values;
        l->id = must_new(values, sizeof *l->id);
        l->probability = must_new(values, sizeof *l->probability);
    }
}

int
main(int argc, char **argv)
{
    const struct options opt = parse_options(argc, argv);
    struct input *in = input_open(opt.path);
    struct model_head head;
    struct ranker *model = model_open_ranker(opt.model, &head);
    struct feature_values *values =
        must_new(head.spec.features, sizeof *values);
    struct threads *threads = model_threads();
    const size_t candidates =
        input_column_of(in, "candidates", TYPE_U32, SHAPE_LIST);
    const size_t scores = input_column_of(in, "scores", TYPE_F32, SHAPE_LIST);
    struct lists l = { 0 };
    struct items items;
    struct rerank *rerank = open_items(&items, &opt, model, &head);
    struct intake intake;
    struct output *out;
    struct error e;
    struct block b;

    if (intake_init(&intake, head.spec.feature, head.spec.features, true, false,
                    input_schema(in), &e) != 0)
        input_bad(in, "%s", e.text);
    input_same_ids(in, items.in, items.id);
    out = output_open(cli_output(), input_schema(in));
    while (input_next(in, &b)) {
        const struct array *old = &b.column[candidates];
        const struct candidates c = { b.rows, old->list, array_u32(old) };

        intake_block(&intake, &b, values);
        if (intake_check(&intake, &b, values, &e) != 0)
            input_bad(in, "%s", e.text);
        lists_room(&l, b.rows, old->count);
        if (rerank_lists(rerank, values, &c, opt.depth, threads, l.list, l.id,
                         l.probability, &e) != 0)
            input_bad(in, "%s", e.text);
        b.column[candidates] =
            (struct array){ l.list, NULL, l.id, l.list[b.rows] };
        b.column[scores] =
            (struct array){ l.list, NULL, l.probability, l.list[b.rows] };
        output_put(out, &b);
    }
    if (output_rows(out) == 0)
        input_bad(in, "no rows");
    output_close(out);
    free(l.list);
    free(l.id);
    free(l.probability);
    rerank_free(rerank);
    table_free(&items.table);
    free(items.values);
    input_close(items.in);
    intake_free(&intake);
    free(values);
    threads_free(threads);
    ranker_free(model);
    model_head_free(&head);
    input_close(in);
    return EXIT_SUCCESS;
}
