/*
 * training_options.h - the options that both trainers have
 */
#ifndef FILTER_TRAINING_OPTIONS_H
#define FILTER_TRAINING_OPTIONS_H

#include "filter/cli.h"
#include "filter/drop.h"
#include "model/optimizer.h"

#define TRAINING_LAYERS_MAX 8
#define TRAINING_FIGURES_MAX 8

/* What a validation gives, TRAINING_FIGURES_MAX of them at most. */
struct training_figure {
    const char *name;
    bool falls; /* the lower the better */
};

/* What the user said; see TRAINING_OPTIONS. */
struct training_options {
    uint32_t layer[TRAINING_LAYERS_MAX];
    unsigned layers;
    uint64_t batch_size, epochs, seed;
    uint64_t memory;                    /* bytes for rows; 0 for all there is */
    struct optimizer_options optimizer; /* its steps: training_optimizer() */
    bool no_shuffle;
    struct drop_options drop;
    const char *init;                     /* a model to start from, or NULL */
    const char *validate;                 /* a stream of features, or NULL */
    const struct training_figure *figure; /* what the trainer's validation
                                             gives; ends with a zeroed one */
    uint64_t every;                       /* epochs between validations */
    uint64_t patience;                    /* validations without a better
                                             figure; 0: no early stopping */
    unsigned watch;                       /* the figure */
    bool watch_said;
    const char *log, *checkpoint;
    uint64_t checkpoint_every; /* epochs */
};

/* Letters of the options that have no short form. */
enum {
    OPT_LEARNING_RATE = 256,
    OPT_OPTIMIZER,
    OPT_DECAY,
    OPT_SCHEDULE,
    OPT_WARMUP,
    OPT_FINAL_RATE,
    OPT_INIT,
    OPT_NO_SHUFFLE,
    OPT_DROP,
    OPT_VALIDATE,
    OPT_EVERY,
    OPT_PATIENCE,
    OPT_WATCH,
    OPT_LOG,
    OPT_CHECKPOINT,
    OPT_CHECKPOINT_EVERY,
    OPT_MEMORY,
    OPT_OWN, /* the first number free for a trainer's own options */
};

/* For a trainer's option table.  LAYERS and WATCH are the defaults, as text. */
#define TRAINING_OPTIONS(LAYERS, WATCH)                                        \
    { 'l', "layers", CLI_VALUE, "N,N",                                         \
      "widths of the layers, or none (" LAYERS ")" },                          \
        { 'b', "batch-size", CLI_VALUE, "N", "rows in a batch (2048)" },       \
        { 'e', "epochs", CLI_VALUE, "N", "passes over the rows (100)" },       \
        { OPT_LEARNING_RATE, "learning-rate", CLI_VALUE, "R",                  \
          "step size (0.1)" },                                                 \
        { OPT_OPTIMIZER, "optimizer", CLI_VALUE, "NAME",                       \
          "sgd, adagrad, adam or lazy-adam (adagrad)" },                       \
        { OPT_DECAY, "decay", CLI_VALUE, "L",                                  \
          "weight decay, apart from the gradient (0)" },                       \
        { OPT_SCHEDULE, "schedule", CLI_VALUE, "NAME",                         \
          "the rate: constant, linear or cosine (constant)" },                 \
        { OPT_WARMUP, "warmup", CLI_VALUE, "N",                                \
          "let the rate rise over the first N steps (0)" },                    \
        { OPT_FINAL_RATE, "final-rate", CLI_VALUE, "F",                        \
          "fall to this share of the rate (0)" },                              \
        { 's', "seed", CLI_VALUE, "N", "seed of weights and order (1)" },      \
        { OPT_INIT, "init", CLI_FILE, "MODEL", "start from MODEL's weights" }, \
        { OPT_NO_SHUFFLE, "no-shuffle", CLI_FLAG, NULL,                        \
          "take the rows as they come" },                                      \
        { OPT_DROP, "drop", CLI_VALUE, "FEATURE=P",                            \
          "train without this share of a feature's ids; repeatable" },         \
        { OPT_MEMORY, "memory", CLI_VALUE, "SIZE",                             \
          "keep rows beyond SIZE (such as 2G) in a file" },                    \
        { OPT_VALIDATE, "validate", CLI_HIDDEN, "FILE",                        \
          "judge the model on the rows of FILE" },                             \
        { OPT_EVERY, "every", CLI_HIDDEN, "N",                                 \
          "validate every N epochs (at the end only)" },                       \
        { OPT_PATIENCE, "patience", CLI_VALUE, "N",                            \
          "stop after N validations without a better one" },                   \
        { OPT_WATCH, "watch", CLI_VALUE, "FIGURE",                             \
          "what is to get better (" WATCH ")" },                               \
        { OPT_LOG, "log", CLI_OUTPUT, "FILE",                                  \
          "write a line an epoch, as TSV" },                                   \
        { OPT_CHECKPOINT, "checkpoint", CLI_OUTPUT, "FILE",                    \
          "save to FILE; go on from it when it exists" },                      \
    {                                                                          \
        OPT_CHECKPOINT_EVERY, "checkpoint-every", CLI_HIDDEN, "N",             \
            "save every N epochs (10)"                                         \
    }

/* The defaults above; LAYERS and WATCH as in a value of --layers and of
 * --watch, FIGURE ends with a zeroed one and is kept. */
struct training_options training_defaults(const char *layers,
                                          const struct training_figure *figure,
                                          const char *watch);

/* Take option LETTER if it is one of the above; false if it is not. */
bool training_option(struct training_options *o, int letter, const char *value);

/* Epochs between validations, 0 when there is only one in the end. */
uint64_t training_every(const struct training_options *o);

/* Call after the options: wrong usage when one of them would do nothing, or
 * when a file that is written is another's too.  OPERAND are the inputs. */
void training_check(const struct training_options *o, char *const *operand,
                    int operands);

#endif
