#include "filter/training_options.h"

#include <string.h>

#include "base/number.h"
#include "base/outfile.h"
#include "base/world.h"

static unsigned
find_figure(const struct training_figure *figure, const char *value)
{
    const char *name[TRAINING_FIGURES_MAX + 1] = { NULL };

    for (size_t i = 0; figure[i].name != NULL; i++)
        name[i] = figure[i].name;
    return cli_choice(OPT_WATCH, value, name);
}

struct training_options
training_defaults(const char *layers, const struct training_figure *figure,
                  const char *watch)
{
    struct training_options o = {
        .batch_size = 2048,
        .epochs = 100,
        .seed = 1,
        .figure = figure,
        .watch = find_figure(figure, watch),
        .optimizer = { .kind = OPTIMIZER_ADAGRAD, .rate = 0.1 },
    };

    o.layers = cli_u32_list('l', layers, 1, TRAINING_LAYERS_MAX, o.layer);
    return o;
}

bool
training_option(struct training_options *o, int letter, const char *value)
{
    static const char *const optimizers[] = {
        [OPTIMIZER_SGD] = "sgd",
        [OPTIMIZER_ADAGRAD] = "adagrad",
        [OPTIMIZER_ADAM] = "adam",
        [OPTIMIZER_LAZY_ADAM] = "lazy-adam",
        NULL,
    };
    static const char *const schedules[] = {
        [SCHEDULE_CONSTANT] = "constant",
        [SCHEDULE_LINEAR] = "linear",
        [SCHEDULE_COSINE] = "cosine",
        NULL,
    };
    struct optimizer_options *optimizer = &o->optimizer;
    struct schedule *schedule = &optimizer->schedule;

    switch (letter) {
    case 'l':
        o->layers =
            strcmp(value, "none") == 0
                ? 0
                : cli_u32_list(letter, value, 1, TRAINING_LAYERS_MAX, o->layer);
        break;
    case 'b': o->batch_size = cli_u64(letter, value, 1, 1 << 20); break;
    case 'e': o->epochs = cli_u64(letter, value, 1, 1000000); break;
    case 's': o->seed = cli_u64(letter, value, 0, UINT64_MAX); break;
    case OPT_LEARNING_RATE:
        optimizer->rate = cli_f64(letter, value, 1e-9, 1e3);
        break;
    case OPT_OPTIMIZER:
        optimizer->kind =
            (enum optimizer_kind)cli_choice(letter, value, optimizers);
        break;
    case OPT_DECAY: optimizer->decay = cli_f64(letter, value, 0, 1e3); break;
    case OPT_SCHEDULE:
        schedule->kind =
            (enum schedule_kind)cli_choice(letter, value, schedules);
        break;
    case OPT_WARMUP:
        schedule->warmup = cli_u64(letter, value, 0, UINT32_MAX);
        break;
    case OPT_FINAL_RATE: schedule->end = cli_f64(letter, value, 0, 1); break;
    case OPT_INIT: o->init = value; break;
    case OPT_NO_SHUFFLE: o->no_shuffle = true; break;
    case OPT_DROP: drop_add(&o->drop, letter, value); break;
    case OPT_MEMORY: o->memory = cli_size(letter, value); break;
    case OPT_VALIDATE: o->validate = value; break;
    case OPT_EVERY: o->every = cli_u64(letter, value, 1, 1000000); break;
    case OPT_PATIENCE: o->patience = cli_u64(letter, value, 1, 1000000); break;
    case OPT_WATCH:
        o->watch = find_figure(o->figure, value);
        o->watch_said = true;
        break;
    case OPT_LOG: o->log = value; break;
    case OPT_CHECKPOINT: o->checkpoint = value; break;
    case OPT_CHECKPOINT_EVERY:
        o->checkpoint_every = cli_u64(letter, value, 1, 1000000);
        break;
    default: return false;
    }
    return true;
}

uint64_t
training_every(const struct training_options *o)
{
    return o->every == 0 && o->patience > 0 ? 1 : o->every;
}

/* With early stopping it changes the model what it is judged on and when. */
static void
record_judgement(const struct training_options *o)
{
    char every[NUMBER_TEXT_MAX];

    if (o->patience == 0)
        return;
    cli_record(OPT_VALIDATE, CLI_FILE, o->validate);
    if (training_every(o) > 1) {
        (void)number_from_u64(every, o->every);
        cli_record(OPT_EVERY, CLI_VALUE, every);
    }
}

/* Is file A, which is written, the same as B? */
static void
check_file(const char *a, const char *what_a, const char *b, const char *what_b)
{
    if (a != NULL && b != NULL && strcmp(a, "-") != 0 && outfile_same(a, b))
        usage_error("%s: %s and %s are the same file", a, what_a, what_b);
}

void
training_check(const struct training_options *o, char *const *operand,
               int operands)
{
    /* The first three are written. */
    const struct {
        const char *what, *path;
    } file[] = {
        { "--output", cli_output() },      { "--log", o->log },
        { "--checkpoint", o->checkpoint }, { "--init", o->init },
        { "--validate", o->validate },
    };
    const size_t files = sizeof file / sizeof *file;
    const struct schedule *schedule = &o->optimizer.schedule;

    if (schedule->end > 0 && schedule->kind == SCHEDULE_CONSTANT)
        usage_error("--final-rate says nothing with a constant --schedule");
    if (o->optimizer.rate * o->optimizer.decay >= 1)
        usage_error("--learning-rate times --decay is not below 1: nothing "
                    "would be left of the weights");
    if (o->every > 0 && o->validate == NULL)
        usage_error("--every says nothing without --validate");
    if (o->patience > 0 && o->validate == NULL)
        usage_error("--patience needs rows to --validate on");
    if (o->watch_said && o->patience == 0)
        usage_error("--watch says nothing without --patience");
    if (o->checkpoint_every > 0 && o->checkpoint == NULL)
        usage_error("--checkpoint-every says nothing without --checkpoint");
    if (o->log != NULL && strcmp(o->log, "-") == 0)
        usage_error("--log: standard output is for the model");
    if (world_size() > 1 && strcmp(cli_output(), "-") == 0)
        usage_error("several processes write a file: --output is missing");
    if (o->checkpoint != NULL && strcmp(o->checkpoint, "-") == 0)
        usage_error("--checkpoint: needs a file that can be read again");
    for (size_t i = 0; i < 3; i++) {
        for (size_t j = i + 1; j < files; j++)
            check_file(file[i].path, file[i].what, file[j].path, file[j].what);
        for (int j = 0; j < operands; j++)
            check_file(file[i].path, file[i].what, operand[j], "the input");
    }
    record_judgement(o);
}
