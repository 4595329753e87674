/*
 * rec-train-rank - features to a ranking model
 *
 * The model learns the label of each row by binary cross-entropy, or which rows
 * of a list have one by that of a softmax.  Everything is read before training
 * begins, packed to some 20 bytes a row, into memory or with --memory a file;
 * the model goes out at the end.
 */
#include <stdlib.h>
#include <string.h>

#include "filter/model.h"
#include "filter/training.h"
#include "model/fingerprint.h"
#include "model/ranker_judge.h"
#include "model/ranker_train.h"

enum {
    OPT_GROUP = OPT_OWN,
    OPT_CROSS,
    OPT_PRODUCT,
    OPT_DROPOUT,
    OPT_GRADES,
    OPT_PENALTY,
    OPT_AVERAGE
};

struct options {
    struct training_options training;
    const char *group; /* column; NULL: rows are not in lists */
    uint64_t cross;
    const char **product; /* [products]: A,B */
    size_t products;
    float dropout;
    double average;     /* 0: none */
    const char *grades; /* a column, or NULL */
    char *const *path;  /* [paths] */
    int paths;
};

static const struct cli_option option_table[] = {
    TRAINING_OPTIONS("256,64", "auc"),
    { OPT_GROUP, "group", CLI_VALUE, "COLUMN",
      "learn from lists: rows with equal COLUMN that follow each other" },
    { OPT_CROSS, "cross", CLI_VALUE, "N",
      "cross layers before the others (0)" },
    { OPT_PRODUCT, "product", CLI_VALUE, "A,B",
      "multiply feature A by B; may be repeated" },
    { OPT_PENALTY, "penalty", CLI_VALUE, "P",
      "add P/2 w^2 to the loss for all embeddings w (0)" },
    { OPT_DROPOUT, "dropout", CLI_VALUE, "P",
      "train without this share of what layers give (0)" },
    { OPT_AVERAGE, "average", CLI_VALUE, "D",
      "give the mean of the steps' weights, D the share kept (0)" },
    { OPT_GRADES, "grades", CLI_VALUE, "COLUMN",
      "learn the grades in COLUMN beside the label" },
    { 0 },
};

static const struct cli cli = {
    .name = "rec-train-rank",
    .operands = "[FILE]...",
    .purpose = "Train a ranking model on a stream of features with labels.",
    .example = "rec-train-rank -e 20 --validate test.rms train.rms "
               "-o ranker.rms",
    .flags = CLI_STREAM_OUT | CLI_THREADS | CLI_TEMPORARY,
    .options = option_table,
};

static const struct training_figure figures[] = {
    { "accuracy", false },
    { "auc", false },
    { "log_loss", true },
    { NULL, false },
};

/* With lists also these, and the last one is looked at. */
static const struct training_figure list_figures[] = {
    { "accuracy", false }, { "auc", false },     { "log_loss", true },
    { "list_loss", true }, { "ndcg_10", false }, { NULL, false },
};

#define LIST_LOSS 3
#define NDCG_10 4

/* What is looked at may be a figure of lists only with lists. */
static void
choose_figures(struct options *opt)
{
    struct training_options *o = &opt->training;

    if (opt->group != NULL && o->memory > 0)
        usage_error("--memory: lists of --group are held in memory");
    if (opt->grades != NULL && o->memory > 0)
        usage_error("--memory: --grades are held in memory");
    if (opt->dropout > 0 && o->layers == 0)
        usage_error("--dropout says nothing with --layers none");
    if (o->optimizer.penalty > 0 && o->optimizer.kind == OPTIMIZER_LAZY_ADAM)
        usage_error("--penalty changes whole tables, which lazy-adam is not "
                    "for: take adam");
    if (opt->grades != NULL && opt->group != NULL)
        usage_error("--grades: lists of --group are learned by labels alone");
    if (opt->group == NULL && o->watch >= LIST_LOSS)
        usage_error("--watch %s: there are no lists without --group",
                    list_figures[o->watch].name);
    if (opt->group == NULL)
        o->figure = figures;
    else if (!o->watch_said)
        o->watch = NDCG_10;
}

static void
add_product(struct options *opt, const char *value)
{
    if (opt->products == NETWORK_PRODUCTS_MAX)
        usage_error("more than %d --product", NETWORK_PRODUCTS_MAX);
    if (opt->product == NULL)
        opt->product = must_new(NETWORK_PRODUCTS_MAX, sizeof *opt->product);
    opt->product[opt->products++] = value;
}

static struct options
parse_options(int argc, char **argv)
{
    struct options opt = { .training = training_defaults("256,64", list_figures,
                                                         "auc") };
    const char *value;
    int c;

    training_start(cli.name);
    cli_init(&cli, argc, argv);
    while ((c = cli_next(&value)) != 0) {
        switch (c) {
        case OPT_GROUP: opt.group = value; break;
        case OPT_CROSS:
            opt.cross = cli_u64(c, value, 0, NETWORK_LAYERS_MAX);
            break;
        case OPT_DROPOUT:
            opt.dropout = (float)cli_f64(c, value, 0, 0.99);
            break;
        case OPT_AVERAGE: opt.average = cli_f64(c, value, 0, 1); break;
        case OPT_PENALTY:
            opt.training.optimizer.penalty = cli_f64(c, value, 0, 1e3);
            break;
        case OPT_GRADES: opt.grades = value; break;
        case OPT_PRODUCT: add_product(&opt, value); break;
        default: (void)training_option(&opt.training, c, value); break;
        }
    }
    opt.path = cli_operands_or_stdin(&opt.paths);
    choose_figures(&opt);
    training_check(&opt.training, opt.path, opt.paths);
    return opt;
}

/* The options' shape of the network. */
static void
set_shape(struct model_head *head, const struct options *opt)
{
    struct error e;

    model_head_set_layers(head, opt->training.layer, opt->training.layers);
    head->cross = (size_t)opt->cross;
    for (size_t i = 0; i < opt->products; i++) {
        const char *pair = opt->product[i];
        const size_t len = strcspn(pair, ",");
        char *of;

        if (pair[len] == '\0')
            usage_error("--product %s: two features are needed, A,B", pair);
        of = must_new(len + 1, 1);
        memcpy(of, pair, len);
        must(model_head_add_product(head, of, pair + len + 1, &e), &e);
        free(of);
    }
}

/* What the training loop is given back with each call. */
struct work {
    struct ranker *model, *average;
    struct ranker_train *train;
    struct ranker_judge *judge;
    struct threads *threads;
};

static int
step(void *ctx, const uint32_t *rows, size_t n, double *loss, struct error *e)
{
    const struct work *w = ctx;
    double batch;

    if (ranker_step(w->train, rows, n, w->threads, &batch, e) != 0)
        return -1;
    *loss += batch;
    return 0;
}

static int
validate(void *ctx, double *figure, struct error *e)
{
    const struct work *w = ctx;
    struct ranker_figures f;

    if (ranker_judge_measure(w->judge,
                             w->average != NULL ? w->average : w->model,
                             w->threads, &f, e) != 0)
        return -1;
    figure[0] = f.accuracy;
    figure[1] = f.auc;
    figure[2] = f.log_loss;
    figure[LIST_LOSS] = f.list_loss; /* there is room for those not asked for */
    figure[NDCG_10] = f.ndcg_10;
    return 0;
}

/* How many different ones there are. */
static size_t
grades_of(const struct input *in, const struct examples *x)
{
    float grade[EXAMPLES_GRADES_MAX];
    struct error e;
    size_t n;

    if (examples_grades(x, grade, &n, &e) != 0)
        input_bad(in, "%s", e.text);
    return n;
}

int
main(int argc, char **argv)
{
    struct options opt = parse_options(argc, argv);
    struct training_options *o = &opt.training;
    struct input *in = input_open_all(opt.path, (size_t)opt.paths);
    struct model_head head;
    struct output *out;
    struct examples *x, *validation = NULL;
    struct work w = { .threads = model_threads() };
    struct trainee t = { .model = &w, .step = step };
    struct ranker_options options = { .seed = o->seed };
    struct groups lists = { 0 }, judged = { 0 };
    struct network_shape shape;
    struct ranker *model; /* what is written */
    struct tensors part;
    struct error e;
    float *drop;

    if (model_head_from_features(&head, input_schema(in), &e) != 0)
        input_bad(in, "%s", e.text);
    set_shape(&head, &opt);
    shape = model_head_shape(&head);
    out = model_output("ranker", &head, input_schema(in));
    drop = drop_rates(&o->drop, &head.spec);
    model = must_have(
        ranker_new(head.spec.feature, head.spec.features, &shape, &e), &e);
    if (opt.grades != NULL)
        x = model_graded_examples(in, &head, opt.grades);
    else if (opt.group != NULL)
        x = model_lists(in, &head, opt.group, &lists);
    else
        x = model_examples(in, &head, true, o->memory);
    t.examples = x;
    t.rows = x->rows;
    if (o->checkpoint != NULL)
        must(examples_fingerprint(x, &t.data, &e), &e);
    if (opt.group != NULL) {
        options.lists = &lists;
        t.rows = lists.n;
        t.data ^= groups_fingerprint(&lists);
        o->batch_size = groups_of_rows(&lists, o->batch_size);
    }
    if (opt.grades != NULL)
        shape.beside = grades_of(in, x) - 1;
    w.model = model;
    if (opt.average > 0 || opt.grades != NULL)
        w.model = must_have(
            ranker_new(head.spec.feature, head.spec.features, &shape, &e), &e);
    ranker_init(w.model, o->seed);
    if (o->init != NULL) {
        model_init_ranker(model, &head, o->init);
        ranker_copy(w.model, model);
    } else {
        ranker_copy(model, w.model);
    }
    options.optimizer = training_optimizer(o, t.rows);
    options.hidden = opt.dropout;
    if (opt.average > 0)
        options.average = w.average = model;
    options.keep = opt.average;
    options.drop = drop;
    w.train = must_have(ranker_train_new(w.model, x, &options, &e), &e);

    if (o->validate != NULL) {
        validation =
            opt.group != NULL
                ? model_lists_of(o->validate, &head, opt.group, &judged)
                : model_examples_of(o->validate, &head, true);
        w.judge =
            must_have(ranker_judge_new(validation,
                                       opt.group != NULL ? &judged : NULL, &e),
                      &e);
        t.validate = validate;
        if (o->checkpoint != NULL)
            must(examples_fingerprint(validation, &t.judged, &e), &e);
        if (opt.group != NULL)
            t.judged ^= groups_fingerprint(&judged);
    }
    t.tensor = w.train->tensor;
    t.tensors = w.train->tensors;
    t.parameters = w.model->net->tensors;
    t.steps = &w.train->steps;
    training_run(o, &t);

    if (opt.average <= 0)
        ranker_copy(model, w.model); /* without what was only to learn by */
    part = (struct tensors){ model->net->tensor, model->net->tensors };
    model_write(out, &part, 1);
    training_done(o);
    ranker_judge_free(w.judge);
    ranker_train_free(w.train);
    free(drop);
    drop_free(&opt.training.drop);
    free(opt.product);
    if (w.model != model)
        ranker_free(w.model);
    ranker_free(model);
    examples_free(validation);
    examples_free(x);
    groups_free(&judged);
    groups_free(&lists);
    model_head_free(&head);
    threads_free(w.threads);
    input_close(in);
    return EXIT_SUCCESS;
}
