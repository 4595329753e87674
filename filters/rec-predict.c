/*
 * rec-predict - what the ranking model says of each row
 *
 * Where rec-rank orders lists of items that it has in memory, here each row has
 * all features of the model, its query's and its item's.
 */
#include <stdlib.h>

#include "filter/model.h"
#include "filter/widen.h"
#include "model/bce.h"
#include "model/predict.h"

struct options {
    const char *model, *as, *path;
    bool probability;
};

enum { OPT_AS = 256 };

static const struct cli_option option_table[] = {
    { 'm', "model", CLI_FILE, "FILE", "the ranker, from rec-train-rank" },
    { 'p', "probability", CLI_FLAG, NULL, "1 / (1 + exp(-logit)) instead" },
    { OPT_AS, "as", CLI_VALUE, "NAME",
      "name the new column NAME (logit or probability)" },
    { 0 },
};

static const struct cli cli = {
    .name = "rec-predict",
    .operands = "[FILE]",
    .purpose = "Add what the ranking model says of each row.",
    .example = "rec-predict -m ranker.rms rows.rms | rec-collect -s logit",
    .flags = CLI_STREAM_OUT | CLI_THREADS,
    .options = option_table,
};

static struct options
parse_options(int argc, char **argv)
{
    struct options opt = { 0 };
    const char *value;
    int c;

    cli_init(&cli, argc, argv);
    while ((c = cli_next(&value)) != 0) {
        switch (c) {
        case 'm': opt.model = value; break;
        case 'p': opt.probability = true; break;
        case OPT_AS: opt.as = value; break;
        }
    }
    if (opt.model == NULL)
        usage_error("--model is missing: what is to say something?");
    if (opt.as == NULL)
        opt.as = opt.probability ? "probability" : "logit";
    opt.path = cli_operand_or_stdin();
    cli_one_stdin(opt.model, opt.path, "--model and the rows");
    return opt;
}

/* The model, and what its rows become. */
struct flow {
    struct input *in;
    struct ranker *model;
    struct model_head head;
    struct predict *predict;
    struct threads *threads;
    struct intake intake;
    struct feature_values *values;
    struct widened wide;
    float *score;
    size_t room;
};

static struct flow
open_flow(const struct options *opt)
{
    struct flow f = { .in = input_open(opt->path) };
    struct error e;

    f.model = model_open_ranker(opt->model, &f.head);
    f.predict = must_have(predict_new(f.model, &e), &e);
    f.threads = model_threads();
    f.values = must_new(f.head.spec.features, sizeof *f.values);
    if (intake_init(&f.intake, f.head.spec.feature, f.head.spec.features, true,
                    true, input_schema(f.in), &e) != 0)
        input_bad(f.in, "%s", e.text);
    widen_start(&f.wide, f.in);
    widen_by(&f.wide, opt->as, TYPE_F32, SHAPE_SCALAR, 1);
    widen_open(&f.wide);
    return f;
}

static void
close_flow(struct flow *f)
{
    widen_close(&f->wide);
    free(f->score);
    free(f->values);
    intake_free(&f->intake);
    threads_free(f->threads);
    predict_free(f->predict);
    ranker_free(f->model);
    model_head_free(&f->head);
    input_close(f->in);
}

static void
predict(struct flow *f, const struct block *b, bool probability)
{
    struct error e;
    size_t bad;

    intake_block(&f->intake, b, f->values);
    if (intake_check(&f->intake, b, f->values, &e) != 0)
        input_bad(f->in, "%s", e.text);
    f->score =
        must_grow(f->score, &f->room, (size_t)b->rows + 1, sizeof *f->score);
    if (predict_rows(f->predict, f->values, b->rows, f->threads, f->score, &bad,
                     &e) != 0)
        input_bad_row(f->in, (uint32_t)bad, "%s", e.text);
    for (uint32_t r = 0; probability && r < b->rows; r++)
        f->score[r] = (float)bce_probability((double)f->score[r]);
    *f->wide.added = (struct array){ .values = f->score, .count = b->rows };
    widen_put(&f->wide, b);
}

int
main(int argc, char **argv)
{
    const struct options opt = parse_options(argc, argv);
    struct flow f = open_flow(&opt);
    struct block b;

    while (input_next(f.in, &b))
        predict(&f, &b, opt.probability);
    if (output_rows(f.wide.out) == 0)
        input_bad(f.in, "no rows");
    close_flow(&f);
    return EXIT_SUCCESS;
}
