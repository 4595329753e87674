/*
 * rec-train-tower - features to a two-tower retrieval model
 *
 * The loss is the in-batch softmax: each row's item against the items of all
 * rows of its batch.  Everything is read before training begins, packed to some
 * 20 bytes a row, into memory or with --memory a file; the model goes out at
 * the end.
 */
#include <stdlib.h>

#include "filter/model.h"
#include "filter/training.h"
#include "model/accuracy.h"
#include "model/fingerprint.h"
#include "model/towers_train.h"

enum { OPT_SIMILARITY = OPT_OWN, OPT_TEMPERATURE, OPT_LOG_Q, OPT_MASK };

struct options {
    struct training_options training;
    struct towers_options towers;
    bool cosine;
    const char *path;
};

static const struct cli_option option_table[] = {
    TRAINING_OPTIONS("64,32"),
    { OPT_SIMILARITY, "similarity", CLI_VALUE, "NAME", "dot or cosine (dot)" },
    { OPT_TEMPERATURE, "temperature", CLI_VALUE, "T",
      "divide scores by T (1)" },
    { OPT_LOG_Q, "log-q", CLI_FLAG, NULL,
      "correct for how often items are in a batch" },
    { OPT_MASK, "mask-accidental-hits", CLI_FLAG, NULL,
      "an item is no negative of itself" },
    { 0 },
};

static const struct cli cli = {
    .name = "rec-train-tower",
    .operands = "[FILE]",
    .purpose = "Train a two-tower retrieval model on a stream of features.",
    .example = "rec-train-tower -e 20 --log-q train.rms -o tower.rms",
    .flags = CLI_STREAM_OUT | CLI_THREADS,
    .options = option_table,
};

static struct options
parse_options(int argc, char **argv)
{
    static const char *const similarities[] = { "dot", "cosine", NULL };
    struct options opt = { .training = training_defaults("64,32"),
                           .towers = { .temperature = 1.0f } };
    const char *value;
    int c;

    cli_init(&cli, argc, argv);
    while ((c = cli_next(&value)) != 0) {
        switch (c) {
        case OPT_SIMILARITY:
            opt.cosine = cli_choice(c, value, similarities) == 1;
            break;
        case OPT_TEMPERATURE:
            opt.towers.temperature = (float)cli_f64(c, value, 1e-4, 1e4);
            break;
        case OPT_LOG_Q: opt.towers.logq = true; break;
        case OPT_MASK: opt.towers.accidental = true; break;
        default: (void)training_option(&opt.training, c, value);
        }
    }
    opt.towers.optimizer = opt.training.optimizer;
    opt.towers.rate = opt.training.learning_rate;
    opt.path = cli_operand_or_stdin();
    training_check(&opt.training, opt.path);
    return opt;
}

/* What the training loop is given back with each call. */
struct work {
    struct towers *model;
    struct towers_train *train;
    struct accuracy *accuracy;
    struct threads *threads;
};

static const uint32_t depth[] = { 1, 5, 10, 50, 100 };
static const char *const depth_name[] = { "top_1_accuracy", "top_5_accuracy",
                                          "top_10_accuracy", "top_50_accuracy",
                                          "top_100_accuracy" };
#define DEPTHS (sizeof depth / sizeof *depth)

static int
step(void *ctx, const uint32_t *rows, size_t n, double *loss, struct error *e)
{
    const struct work *w = ctx;
    double batch;

    if (towers_step(w->train, rows, n, w->threads, &batch, e) != 0)
        return -1;
    *loss += batch;
    return 0;
}

static int
validate(void *ctx, double *figure, struct error *e)
{
    const struct work *w = ctx;

    return accuracy_measure(w->accuracy, w->model, w->threads, depth, DEPTHS,
                            figure, e);
}

int
main(int argc, char **argv)
{
    const struct options opt = parse_options(argc, argv);
    const struct training_options *o = &opt.training;
    struct input *in = input_open(opt.path);
    struct model_head head;
    struct output *out;
    struct examples *x, *validation = NULL;
    struct work w = { .threads = model_threads() };
    struct trainee t = { .model = &w, .step = step };
    struct tensors part[2];
    struct error e;

    if (model_head_from_features(&head, input_schema(in), &e) != 0)
        input_bad(in, "%s", e.text);
    model_head_set_layers(&head, o->layer, o->layers);
    head.cosine = opt.cosine;
    out = model_output("towers", &head, input_schema(in));
    x = model_examples(in, &head, false, o->memory);
    w.model = must_have(towers_new(head.spec.feature, head.spec.features,
                                   head.layer, head.layers, head.cosine, &e),
                        &e);
    towers_init(w.model, o->seed);
    if (o->init != NULL)
        model_init_towers(w.model, &head, o->init);
    w.train = must_have(towers_train_new(w.model, x, &opt.towers, &e), &e);

    if (o->validate != NULL) {
        validation = model_examples_of(o->validate, &head, false);
        w.accuracy = must_have(accuracy_new(w.model, x, validation, &e), &e);
        t.validate = validate;
        t.figure_name = depth_name;
        t.figures = DEPTHS;
    }
    t.examples = x;
    must(examples_fingerprint(x, &t.data, &e), &e);
    t.tensor = w.train->tensor;
    t.tensors = w.train->tensors;
    t.steps = &w.train->steps;
    training_run(o, &t);

    for (int p = 0; p < 2; p++)
        part[p] = (struct tensors){ w.model->net[p]->tensor,
                                    w.model->net[p]->tensors };
    model_write(out, part, 2);
    training_done(o);
    accuracy_free(w.accuracy);
    towers_train_free(w.train);
    towers_free(w.model);
    examples_free(validation);
    examples_free(x);
    model_head_free(&head);
    threads_free(w.threads);
    input_close(in);
    return EXIT_SUCCESS;
}
