/*
 * ranker_case.h - a small ranking model of the golden features, in training
 */
#ifndef RANKER_CASE_H
#define RANKER_CASE_H

#include "golden_model.h"
#include "model/ranker_train.h"

static const uint32_t layers[] = { 9, 5 };
static struct network_shape shape = { .layer = layers, .layers = 2 };
static float hidden;
static struct ranker *average;

static struct ranker *
new_ranker(void)
{
    struct error e;
    struct ranker *m = ranker_new(golden_feature, GOLDEN_FEATURES, &shape, &e);

    if (m == NULL)
        die_of(&e);
    return m;
}

static struct ranker_train *
new_training(struct ranker *m, const struct examples *x)
{
    const struct ranker_options o = { .optimizer = { .kind = OPTIMIZER_ADAGRAD,
                                                     .rate = 0.1 },
                                      .hidden = hidden,
                                      .seed = 5,
                                      .average = average,
                                      .keep = 0.5 };
    struct error e;
    struct ranker_train *t = ranker_train_new(m, x, &o, &e);

    if (t == NULL)
        die_of(&e);
    return t;
}

#endif
