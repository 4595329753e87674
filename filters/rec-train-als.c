/*
 * rec-train-als - features to a matrix factorisation, by alternating least
 * squares
 *
 * The model is a pair of towers without layers, one lookup each: what a
 * retrieval model of rec-train-tower goes through, this one does too.
 */
#include <math.h>
#include <stdlib.h>

#include "filter/model.h"
#include "filter/pairs.h"
#include "filter/progress.h"
#include "model/als.h"

struct options {
    struct als_options als;
    uint64_t epochs;
    const char *query, *path;
};

enum { OPT_ALPHA = 256, OPT_LAMBDA, OPT_NU, OPT_QUERY };

static const struct cli_option option_table[] = {
    { 'd', "dim", CLI_VALUE, "N", "width of an embedding (64)" },
    { 'e', "epochs", CLI_VALUE, "N", "solve for both sides N times (12)" },
    { OPT_ALPHA, "alpha", CLI_VALUE, "W",
      "weight of all pairs, there or not (0.4)" },
    { OPT_LAMBDA, "lambda", CLI_VALUE, "W", "regularisation (0.015)" },
    { OPT_NU, "nu", CLI_VALUE, "P",
      "power of the count in a vector's regularisation (1)" },
    { 's', "seed", CLI_VALUE, "N", "seed of the first vectors (1)" },
    { OPT_QUERY, "query", CLI_VALUE, "NAME",
      "the lookup that says who asks (the first)" },
    { 0 },
};

static const struct cli cli = {
    .name = "rec-train-als",
    .operands = "[FILE]",
    .purpose = "Train a matrix factorisation by alternating least squares.",
    .example = "rec-train-als -d 64 -e 12 train.rms -o als.rms",
    .flags = CLI_STREAM_OUT | CLI_THREADS,
    .options = option_table,
};

static struct options
parse_options(int argc, char **argv)
{
    struct options opt = {
        .als = { .dim = 64, .alpha = 0.4, .lambda = 0.015, .nu = 1, .seed = 1 },
        .epochs = 12,
    };
    const char *value;
    int c;

    cli_init(&cli, argc, argv);
    while ((c = cli_next(&value)) != 0) {
        switch (c) {
        case 'd': opt.als.dim = cli_u64(c, value, 1, ALS_DIM_MAX); break;
        case 'e': opt.epochs = cli_u64(c, value, 1, 1000000); break;
        case 's': opt.als.seed = cli_u64(c, value, 0, UINT64_MAX); break;
        case OPT_ALPHA: opt.als.alpha = cli_f64(c, value, 0, 1e6); break;
        case OPT_LAMBDA: opt.als.lambda = cli_f64(c, value, 0, 1e6); break;
        case OPT_NU: opt.als.nu = cli_f64(c, value, 0, 10); break;
        case OPT_QUERY: opt.query = value; break;
        }
    }
    opt.path = cli_operand_or_stdin();
    return opt;
}

static void
train(struct als *als, uint64_t epochs, struct threads *threads)
{
    struct error e;
    double loss;

    progress_start(epochs, "epochs");
    for (uint64_t i = 1; i <= epochs; i++) {
        must(als_step(als, PART_QUERY, threads, &e), &e);
        must(als_step(als, PART_ITEM, threads, &e), &e);
        loss = als_loss(als, threads);
        if (!isfinite(loss))
            die("epoch %llu: loss is not a number", (unsigned long long)i);
        progress_at(i, 0, "loss %.6g", loss);
        notice("epoch %llu: loss %.6g", (unsigned long long)i, loss);
    }
    progress_end();
    als_fill_unknown(als);
}

int
main(int argc, char **argv)
{
    const struct options opt = parse_options(argc, argv);
    struct input *in = input_open(opt.path);
    struct threads *threads = model_threads();
    struct tensors part[MODEL_PARTS];
    struct model_head head;
    struct output *out;
    struct towers *m;
    struct pairs pairs;
    struct als als;
    struct error e;

    if (model_head_from_features(&head, input_schema(in), &e) != 0)
        input_bad(in, "%s", e.text);
    pairs_keep(&head, *pairs_query(in, &head, opt.query),
               *pairs_item(in, &head), opt.als.dim);
    out = model_output("towers", &head, input_schema(in));
    pairs = pairs_read(in, &head.spec.feature[PART_QUERY],
                       &head.spec.feature[PART_ITEM]);
    m = must_have(
        towers_new(head.spec.feature, head.spec.features, NULL, 0, false, &e),
        &e);
    for (size_t p = 0; p < MODEL_PARTS; p++)
        part[p] = (struct tensors){ m->net[p]->tensor, m->net[p]->tensors };
    must(als_init(&als, &pairs, &opt.als, part[PART_QUERY].tensor[0].data,
                  part[PART_ITEM].tensor[0].data, &e),
         &e);
    train(&als, opt.epochs, threads);
    model_write(out, part, MODEL_PARTS);
    als_free(&als);
    towers_free(m);
    pairs_free(&pairs);
    model_head_free(&head);
    threads_free(threads);
    input_close(in);
    return EXIT_SUCCESS;
}
