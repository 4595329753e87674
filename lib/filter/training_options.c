#include "filter/training_options.h"

#include <string.h>

#include "base/outfile.h"

struct training_options
training_defaults(const char *layers)
{
    struct training_options o = {
        .batch_size = 2048,
        .epochs = 100,
        .seed = 1,
        .learning_rate = 0.1,
        .optimizer = OPTIMIZER_ADAGRAD,
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
        NULL,
    };

    switch (letter) {
    case 'l':
        o->layers =
            cli_u32_list(letter, value, 1, TRAINING_LAYERS_MAX, o->layer);
        break;
    case 'b': o->batch_size = cli_u64(letter, value, 1, 1 << 20); break;
    case 'e': o->epochs = cli_u64(letter, value, 1, 1000000); break;
    case 's': o->seed = cli_u64(letter, value, 0, UINT64_MAX); break;
    case OPT_LEARNING_RATE:
        o->learning_rate = cli_f64(letter, value, 1e-9, 1e3);
        break;
    case OPT_OPTIMIZER:
        o->optimizer =
            (enum optimizer_kind)cli_choice(letter, value, optimizers);
        break;
    case OPT_INIT: o->init = value; break;
    case OPT_NO_SHUFFLE: o->no_shuffle = true; break;
    case OPT_MEMORY: o->memory = cli_size(letter, value); break;
    case OPT_VALIDATE: o->validate = value; break;
    case OPT_EVERY: o->every = cli_u64(letter, value, 1, 1000000); break;
    case OPT_LOG: o->log = value; break;
    case OPT_CHECKPOINT: o->checkpoint = value; break;
    case OPT_CHECKPOINT_EVERY:
        o->checkpoint_every = cli_u64(letter, value, 1, 1000000);
        break;
    default: return false;
    }
    return true;
}

void
training_check(const struct training_options *o, const char *operand)
{
    /* The first three are written. */
    const struct {
        const char *what, *path;
    } file[] = {
        { "--output", cli_output() },      { "--log", o->log },
        { "--checkpoint", o->checkpoint }, { "--init", o->init },
        { "--validate", o->validate },     { "the input", operand },
    };
    const size_t files = sizeof file / sizeof *file;

    if (o->every > 0 && o->validate == NULL)
        usage_error("--every says nothing without --validate");
    if (o->checkpoint_every > 0 && o->checkpoint == NULL)
        usage_error("--checkpoint-every says nothing without --checkpoint");
    if (o->log != NULL && strcmp(o->log, "-") == 0)
        usage_error("--log: standard output is for the model");
    if (o->checkpoint != NULL && strcmp(o->checkpoint, "-") == 0)
        usage_error("--checkpoint: needs a file that can be read again");
    for (size_t i = 0; i < 3; i++)
        for (size_t j = i + 1; j < files; j++)
            if (file[i].path != NULL && file[j].path != NULL &&
                strcmp(file[i].path, "-") != 0 &&
                outfile_same(file[i].path, file[j].path))
                usage_error("%s: %s and %s are the same file", file[i].path,
                            file[i].what, file[j].what);
}
