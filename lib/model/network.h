/*
 * network.h - the parameters of a network: embedding tables and dense layers
 *
 * A network puts its features side by side, each lookup replaced by a row of
 * the feature's table, and sends them through dense layers, ReLU between them
 * and none behind the last.  Without layers its output is the features side by
 * side, which makes a matrix factorisation of two of them.  Products of
 * features and cross layers can come before the dense ones (interact.h).  It
 * looks at the features of one part (a tower) or of both (a ranker).  All
 * parameters are in one allocation and in one list of tensors:
 *
 *     FEATURE        [rows, dim]   a table, for each embedded feature
 *     PREFIX.0.kernel  [in, out]   rows in the order of the features
 *     PREFIX.0.bias    [1, out]
 *     PREFIX.1.kernel  ...
 *     PREFIX.cross.0.kernel  [in, in]
 *     PREFIX.cross.0.bias    [1, in]
 *     PREFIX.cross.1.kernel  ...
 *     FEATURE.positions  [positions, dim]   for each list with pool=weighted
 */
#ifndef MODEL_NETWORK_H
#define MODEL_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/tensor.h"
#include "model/values.h"

#define NETWORK_LAYERS_MAX 8
#define NETWORK_WIDTH_MAX 65536
#define NETWORK_PRODUCTS_MAX 64

/* Purposes for rng_for(); batches.c has number 1.  From SEED_DROP on there is
 * one for each feature. */
enum network_seed {
    SEED_QUERY = 2,
    SEED_ITEM,
    SEED_RANK,
    SEED_NEGATIVES,
    SEED_HIDDEN, /* one for each layer */
    SEED_DROP = 16,
};

/* Two features of the model, as its user names them by their numbers. */
struct feature_pair {
    size_t of, by;
};

struct network_shape {
    const uint32_t *layer; /* [layers]: widths of the dense layers */
    size_t layers;
    size_t cross;                       /* cross layers before these */
    const struct feature_pair *product; /* [products]: OF becomes OF * BY */
    size_t products;
    size_t beside; /* of a ranker: outputs beside the logit */
};

/* The same by where they begin in a row of all features. */
struct product {
    size_t at, by, width;
};

struct network {
    size_t features;
    struct feature *feature; /* all of the model's, also those of a part
                                      that this network does not look at */
    bool looks_at[MODEL_PARTS];
    size_t layers;                        /* may be 0 */
    size_t width[NETWORK_LAYERS_MAX + 1]; /* [0] is the input's, [layers] the
                                             output's */
    size_t cross;                         /* cross layers, each as wide as the
                                             input */
    size_t products;
    struct product *product;
    size_t parameters, dense; /* all; of kernels, biases and positions */
    float *value;             /* [parameters], what the tensors point into */
    size_t tensors, tables;
    struct tensor *tensor; /* the tables, then kernel and bias of each layer,
                              then those of each cross layer, then positions */
    char *names;
};

/* FEATURE and SHAPE are copied.  Refused: too many layers; no dense one behind
 * cross layers or products, or for a network of both parts; a width out of
 * range; no feature to look at; products of unequal width, or of what is a
 * product itself.  Parameters are 0. */
struct network *network_new(const char *prefix, bool query, bool item,
                            const struct feature *feature, size_t features,
                            const struct network_shape *shape, struct error *e);
void network_free(struct network *n); /* NULL is fine */

/* Tables uniform in [-0.05, 0.05), kernels in +-sqrt(6 / (in + out)) (Glorot
 * and Bengio, 2010), biases 0, weights of n positions 1/sqrt(n). */
void network_init(struct network *n, uint64_t seed, enum network_seed purpose);

static inline const float *
network_kernel(const struct network *n, size_t layer)
{
    return n->tensor[n->tables + 2 * layer].data;
}

static inline const float *
network_bias(const struct network *n, size_t layer)
{
    return n->tensor[n->tables + 2 * layer + 1].data;
}

/* Weights of positions of pool number P. */
static inline const struct tensor *
network_positions(const struct network *n, size_t p)
{
    return &n->tensor[n->tables + 2 * (n->layers + n->cross) + p];
}

/* All but tables lie behind each other: where the first begins, where the
 * kernel of LAYER is from there, and how many numbers they are. */
static inline size_t
network_dense_at(const struct network *n)
{
    return n->parameters - n->dense;
}

static inline size_t
network_kernel_at(const struct network *n, size_t layer)
{
    return (size_t)(network_kernel(n, layer) - n->tensor[n->tables].data);
}

static inline size_t
network_bias_at(const struct network *n, size_t layer)
{
    return (size_t)(network_bias(n, layer) - n->tensor[n->tables].data);
}

/* The same of cross layer LAYER. */
static inline const float *
network_cross_kernel(const struct network *n, size_t layer)
{
    return network_kernel(n, n->layers + layer);
}

static inline const float *
network_cross_bias(const struct network *n, size_t layer)
{
    return network_bias(n, n->layers + layer);
}

static inline size_t
network_cross_kernel_at(const struct network *n, size_t layer)
{
    return network_kernel_at(n, n->layers + layer);
}

static inline size_t
network_cross_bias_at(const struct network *n, size_t layer)
{
    return network_bias_at(n, n->layers + layer);
}

static inline size_t
network_dense_size(const struct network *n)
{
    return n->dense;
}

#endif
