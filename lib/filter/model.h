/*
 * model.h - model files and streams of features, for main() only
 *
 * Like everything in this room, these functions do what they say or die.
 */
#ifndef FILTER_MODEL_H
#define FILTER_MODEL_H

#include "filter/filter.h"
#include "model/examples.h"
#include "model/groups.h"
#include "model/head.h"
#include "model/intake.h"
#include "model/ranker.h"
#include "model/towers.h"

/* The models in the file PATH.  *HEAD is the caller's to free. */
struct towers *model_open_towers(const char *path, struct model_head *head);
struct ranker *model_open_ranker(const char *path, struct model_head *head);

/* Fill a new model's tensors from the file PATH, which must be of the same
 * kind and shape. */
void model_init_towers(struct towers *m, const struct model_head *head,
                       const char *path);
void model_init_ranker(struct ranker *m, const struct model_head *head,
                       const char *path);

/*
 * Write a model of KIND to cli_output(); FROM is the head of what it learns
 * from.  The output is opened before anything is learned, so that a place that
 * cannot be written to costs no training, and gets its tensors at the end.
 */
struct tensors {
    const struct tensor *tensor;
    size_t n;
};
struct output *model_output(const char *kind, const struct model_head *head,
                            const struct schema *from);
void model_write(struct output *out, const struct tensors *part, size_t parts);

/* All rows of IN, or of the file PATH, as examples of HEAD's features; there
 * must be some.  Of the former at most MEMORY bytes are in memory at a time, if
 * that is not 0. */
struct examples *model_examples(struct input *in, const struct model_head *head,
                                bool labelled, uint64_t memory);
struct examples *model_examples_of(const char *path,
                                   const struct model_head *head,
                                   bool labelled);

/* The same of rows with labels that are lists by COLUMN, which are listed in G;
 * there must be one that has a label 1. */
struct examples *model_lists(struct input *in, const struct model_head *head,
                             const char *column, struct groups *g);
struct examples *model_lists_of(const char *path, const struct model_head *head,
                                const char *column, struct groups *g);
/* The same with labels, and the numbers in column GRADES as grades. */
struct examples *model_graded_examples(struct input *in,
                                       const struct model_head *head,
                                       const char *grades);

/* The threads that -j asked for. */
struct threads *model_threads(void);

#endif
