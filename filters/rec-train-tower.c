/*
 * rec-train-tower - features to a two-tower retrieval model
 *
 * The loss is a softmax: each row's item against the items of all rows of its
 * batch, or all that there are.  Everything is read before training begins,
 * packed to some 20 bytes a row, into memory or with --memory a file; the model
 * goes out at the end.
 */
#include <stdlib.h>
#include <string.h>

#include "filter/model.h"
#include "filter/must.h"
#include "filter/training.h"
#include "model/accuracy.h"
#include "model/fingerprint.h"
#include "model/towers_train.h"

enum {
    OPT_SIMILARITY = OPT_OWN,
    OPT_TEMPERATURE,
    OPT_NEGATIVES,
    OPT_HARDEST,
    OPT_NO_LOG_Q,
    OPT_NO_MASK,
    OPT_UNSEEN,
};

struct options {
    struct training_options training;
    struct towers_options towers;
    bool cosine;
    bool unseen; /* validation leaves out the items of a row's own lists */
    char *const *path; /* [paths] */
    int paths;
};

static const struct cli_option option_table[] = {
    TRAINING_OPTIONS("64,32", "ndcg_10"),
    { OPT_SIMILARITY, "similarity", CLI_VALUE, "NAME", "dot or cosine (dot)" },
    { OPT_TEMPERATURE, "temperature", CLI_VALUE, "T",
      "divide scores by T (1)" },
    { OPT_NEGATIVES, "negatives", CLI_VALUE, "NAME",
      "batch, batch+N with N drawn items, or all (batch)" },
    { OPT_HARDEST, "hardest", CLI_VALUE, "N",
      "only the N negatives with the best scores (all)" },
    { OPT_NO_LOG_Q, "no-log-q", CLI_FLAG, NULL,
      "do not correct for how often items are in a batch" },
    { OPT_NO_MASK, "no-mask", CLI_FLAG, NULL,
      "an item may be a negative of itself" },
    { OPT_UNSEEN, "unseen", CLI_HIDDEN_FLAG, NULL,
      "validate without the items of a query's own lists" },
    { 0 },
};

static const struct cli cli = {
    .name = "rec-train-tower",
    .operands = "[FILE]...",
    .purpose = "Train a two-tower retrieval model on a stream of features.",
    .example = "rec-train-tower -e 20 train.rms -o tower.rms",
    .flags = CLI_STREAM_OUT | CLI_THREADS | CLI_TEMPORARY,
    .options = option_table,
};

static const uint32_t depth[] = { 1, 5, 10, 50, 100 };
#define DEPTHS (sizeof depth / sizeof *depth)

static const struct training_figure figures[] = {
    { "top_1_accuracy", false },
    { "top_5_accuracy", false },
    { "top_10_accuracy", false },
    { "top_50_accuracy", false },
    { "top_100_accuracy", false },
    { "ndcg_10", false },
    { NULL, false },
};

/* "batch", "batch+N" or "all". */
static void
choose_negatives(struct negatives_options *n, int letter, const char *value)
{
    static const char *const sources[] = { "batch", "all", NULL };
    static const char more[] = "batch+";

    n->from = NEGATIVES_BATCH;
    n->uniform = 0;
    if (strncmp(value, more, strlen(more)) == 0)
        n->uniform = cli_u64(letter, value + strlen(more), 1, 1 << 20);
    else
        n->from = (enum negatives_from)cli_choice(letter, value, sources);
}

static struct options
parse_options(int argc, char **argv)
{
    static const char *const similarities[] = { "dot", "cosine", NULL };
    struct options opt = {
        .training = training_defaults("64,32", figures, "ndcg_10"),
        .towers = { .temperature = 1.0f,
                    .negatives.logq = true,
                    .accidental = true },
    };
    struct negatives_options *negatives = &opt.towers.negatives;
    const char *value;
    int c;

    training_start(cli.name);
    cli_init(&cli, argc, argv);
    while ((c = cli_next(&value)) != 0) {
        switch (c) {
        case OPT_SIMILARITY:
            opt.cosine = cli_choice(c, value, similarities) == 1;
            break;
        case OPT_TEMPERATURE:
            opt.towers.temperature = (float)cli_f64(c, value, 1e-4, 1e4);
            break;
        case OPT_NEGATIVES: choose_negatives(negatives, c, value); break;
        case OPT_HARDEST:
            opt.towers.hardest = cli_u64(c, value, 1, 1 << 30);
            break;
        case OPT_NO_LOG_Q: negatives->logq = false; break;
        case OPT_NO_MASK: opt.towers.accidental = false; break;
        case OPT_UNSEEN: opt.unseen = true; break;
        default: (void)training_option(&opt.training, c, value);
        }
    }
    opt.path = cli_operands_or_stdin(&opt.paths);
    training_check(&opt.training, opt.path, opt.paths);
    if (negatives->from == NEGATIVES_ALL)
        negatives->logq = false; /* each is there once */
    negatives->seed = opt.towers.seed = opt.training.seed;
    if (opt.unseen && opt.training.validate == NULL)
        usage_error("--unseen says nothing without --validate");
    if (opt.unseen && opt.training.patience > 0)
        cli_record(OPT_UNSEEN, CLI_FLAG, NULL);
    return opt;
}

/* What the training loop is given back with each call. */
struct work {
    struct towers *model;
    struct towers_train *train;
    struct accuracy *accuracy;
    struct threads *threads;
};

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

    if (accuracy_measure(w->accuracy, w->model, w->threads, depth, DEPTHS,
                         figure, e) != 0)
        return -1;
    figure[DEPTHS] = accuracy_ndcg(w->accuracy, 10);
    return 0;
}

/* Leave out what the query's lists of items have. */
static void
leave_out_seen(struct accuracy *a, const struct spec *s, struct input *in)
{
    size_t *list = must_new(s->features, sizeof *list);
    size_t n = 0;
    struct error e;

    for (size_t f = 0; f < s->features; f++) {
        const struct feature *v = &s->feature[f];

        if (v->part == PART_QUERY && feature_is_list(v) &&
            spec_ids_of(s, v) == spec_key(s))
            list[n++] = f;
    }
    if (n == 0)
        input_bad(in, "--unseen: no query feature is a list of ids of the key");
    must(accuracy_leave_out(a, list, n, &e), &e);
    free(list);
}

int
main(int argc, char **argv)
{
    struct options opt = parse_options(argc, argv);
    const struct training_options *o = &opt.training;
    struct input *in = input_open_all(opt.path, (size_t)opt.paths);
    struct model_head head;
    struct output *out;
    struct examples *x, *validation = NULL;
    struct work w = { .threads = model_threads() };
    struct trainee t = { .model = &w, .step = step };
    struct tensors part[2];
    struct error e;
    float *drop;

    if (model_head_from_features(&head, input_schema(in), &e) != 0)
        input_bad(in, "%s", e.text);
    model_head_set_layers(&head, o->layer, o->layers);
    head.cosine = opt.cosine;
    out = model_output("towers", &head, input_schema(in));
    w.model = must_have(towers_new(head.spec.feature, head.spec.features,
                                   head.layer, head.layers, head.cosine, &e),
                        &e);
    drop = drop_rates(&o->drop, &head.spec);
    x = model_examples(in, &head, false, o->memory);
    towers_init(w.model, o->seed);
    if (o->init != NULL)
        model_init_towers(w.model, &head, o->init);
    opt.towers.optimizer = training_optimizer(o, x->rows);
    opt.towers.drop = drop;
    w.train = must_have(towers_train_new(w.model, x, &opt.towers, &e), &e);

    if (o->validate != NULL) {
        validation = model_examples_of(o->validate, &head, false);
        w.accuracy = must_have(accuracy_new(w.model, x, validation, &e), &e);
        if (opt.unseen)
            leave_out_seen(w.accuracy, &head.spec, in);
        t.validate = validate;
        if (o->checkpoint != NULL)
            must(examples_fingerprint(validation, &t.judged, &e), &e);
    }
    t.examples = x;
    t.rows = x->rows;
    if (o->checkpoint != NULL)
        must(examples_fingerprint(x, &t.data, &e), &e);
    t.tensor = w.train->tensor;
    t.tensors = w.train->tensors;
    for (int p = 0; p < 2; p++)
        t.parameters += w.model->net[p]->tensors;
    t.steps = &w.train->steps;
    training_run(o, &t);

    for (int p = 0; p < 2; p++)
        part[p] = (struct tensors){ w.model->net[p]->tensor,
                                    w.model->net[p]->tensors };
    model_write(out, part, 2);
    training_done(o);
    accuracy_free(w.accuracy);
    towers_train_free(w.train);
    free(drop);
    drop_free(&opt.training.drop);
    towers_free(w.model);
    examples_free(validation);
    examples_free(x);
    model_head_free(&head);
    threads_free(w.threads);
    input_close(in);
    return EXIT_SUCCESS;
}
