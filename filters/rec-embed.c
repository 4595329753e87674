/*
 * rec-embed - add the embedding that a tower gives to each row
 */
#include <stdlib.h>

#include "filter/model.h"
#include "filter/widen.h"

struct options {
    const char *model, *path;
    bool item;
};

enum { OPT_TOWER = 256 };

static const struct cli_option option_table[] = {
    { 'm', "model", CLI_FILE, "FILE", "the towers, from rec-train-tower" },
    { OPT_TOWER, "tower", CLI_VALUE, "NAME", "query or item" },
    { 0 },
};

static const struct cli cli = {
    .name = "rec-embed",
    .operands = "[FILE]",
    .purpose = "Add the embedding that a tower gives to each row.",
    .example = "rec-embed -m tower.rms --tower item items.rms -o embedded.rms",
    .flags = CLI_STREAM_OUT | CLI_THREADS,
    .options = option_table,
};

static struct options
parse_options(int argc, char **argv)
{
    static const char *const towers[] = { "query", "item", NULL };
    struct options opt = { 0 };
    bool tower = false;
    const char *value;
    int c;

    cli_init(&cli, argc, argv);
    while ((c = cli_next(&value)) != 0) {
        switch (c) {
        case 'm': opt.model = value; break;
        case OPT_TOWER:
            opt.item = cli_choice(c, value, towers) == 1;
            tower = true;
            break;
        }
    }
    if (opt.model == NULL || !tower)
        usage_error("--model and --tower are needed");
    opt.path = cli_operand_or_stdin();
    return opt;
}

int
main(int argc, char **argv)
{
    const struct options opt = parse_options(argc, argv);
    const enum feature_part part = opt.item ? PART_ITEM : PART_QUERY;
    struct input *in = input_open(opt.path);
    struct model_head head;
    struct towers *model = model_open_towers(opt.model, &head);
    struct feature_values *values =
        must_new(head.spec.features, sizeof *values);
    struct threads *threads = model_threads();
    struct widened wide;
    struct intake intake;
    struct error e;
    struct block b;

    if (intake_init(&intake, head.spec.feature, head.spec.features, !opt.item,
                    opt.item, input_schema(in), &e) != 0)
        input_bad(in, "%s", e.text);
    widen_start(&wide, in);
    widen_by(&wide, "embedding", TYPE_F32, SHAPE_VECTOR, (uint32_t)model->dim);
    widen_open(&wide);
    while (input_next(in, &b)) {
        intake_block(&intake, &b, values);
        if (intake_check(&intake, &b, values, &e) != 0)
            input_bad(in, "%s", e.text);
        *wide.added = (struct array){
            .values = towers_embed(model, part, values, b.rows, threads, &e),
            .count = b.rows * model->dim,
        };
        must(wide.added->values != NULL ? 0 : -1, &e);
        widen_put(&wide, &b);
    }
    if (output_rows(wide.out) == 0)
        input_bad(in, "no rows");
    widen_close(&wide);
    threads_free(threads);
    intake_free(&intake);
    free(values);
    towers_free(model);
    model_head_free(&head);
    input_close(in);
    return EXIT_SUCCESS;
}
