#include "model/network.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"

/* The widths of all layers; tables and their size are counted by the way. */
static int
measure(struct network *n, const struct network_shape *shape, struct error *e)
{
    const uint32_t *layer = shape->layer;
    const size_t layers = shape->layers, cross = shape->cross;
    size_t pools = 0;

    if (layers > NETWORK_LAYERS_MAX || cross > NETWORK_LAYERS_MAX)
        return error_set(e, "a network of %zu layers: at most %d can be",
                         layers > cross ? layers : cross, NETWORK_LAYERS_MAX);
    if (layers == 0 && (cross > 0 || shape->products > 0))
        return error_set(e, "products of features need a layer behind them");
    if (layers == 0 && n->looks_at[PART_QUERY] && n->looks_at[PART_ITEM])
        return error_set(e, "a network over both parts needs a layer");
    for (size_t f = 0; f < n->features; f++) {
        const struct feature *v = &n->feature[f];

        if (!n->looks_at[v->part])
            continue;
        n->width[0] += feature_width(v);
        if (feature_embedded(v)) {
            n->tables++;
            n->parameters += (size_t)v->size * v->dim;
        }
        if (v->pool == POOL_WEIGHTED) {
            pools++;
            n->dense += (size_t)v->positions * v->dim;
        }
        if (feature_width(v) < 1 || n->width[0] > NETWORK_WIDTH_MAX)
            return error_set(e, "%s: the model's input is 1 to %d wide",
                             v->name, NETWORK_WIDTH_MAX);
    }
    if (n->width[0] == 0)
        return error_set(e, "no feature for the model to look at");
    for (size_t l = 0; l < layers; l++) {
        if (layer[l] < 1 || layer[l] > NETWORK_WIDTH_MAX)
            return error_set(e, "a layer of width %u: 1 to %d can be", layer[l],
                             NETWORK_WIDTH_MAX);
        n->width[l + 1] = layer[l];
        n->dense += (n->width[l] + 1) * layer[l];
    }
    n->dense += cross * (n->width[0] + 1) * n->width[0];
    n->parameters += n->dense;
    n->layers = layers;
    n->cross = cross;
    n->tensors = n->tables + 2 * (layers + cross) + pools;
    return 0;
}

/* Where feature F begins in a row of all that the network looks at. */
static size_t
place_of(const struct network *n, size_t f)
{
    size_t at = 0;

    for (size_t i = 0; i < f; i++)
        if (n->looks_at[n->feature[i].part])
            at += feature_width(&n->feature[i]);
    return at;
}

/* Could K be there with the products before it?  What is a product is no factor
 * of another, so that their order is of no interest. */
static int
check_product(const struct network *n, const struct network_shape *shape,
              size_t k, struct error *e)
{
    const struct feature_pair *p = &shape->product[k];
    const struct feature *of = &n->feature[p->of], *by = &n->feature[p->by];

    if (!n->looks_at[of->part] || !n->looks_at[by->part])
        return error_set(e, "%s times %s: not of this part", of->name,
                         by->name);
    if (feature_width(of) != feature_width(by))
        return error_set(e,
                         "%s times %s: %zu elements times %zu; they must be "
                         "equally wide (dim=)",
                         of->name, by->name, feature_width(of),
                         feature_width(by));
    if (p->of == p->by)
        return error_set(e, "%s times itself is no product", of->name);
    for (size_t i = 0; i <= k; i++)
        if (shape->product[i].of == p->by || shape->product[i].by == p->of ||
            (i < k && shape->product[i].of == p->of))
            return error_set(e,
                             "%s times %s: one of them is in a product "
                             "already",
                             of->name, by->name);
    return 0;
}

static int
find_products(struct network *n, const struct network_shape *shape,
              struct error *e)
{
    n->product = mem_new(shape->products, sizeof *n->product, e);
    if (n->product == NULL)
        return -1;
    for (size_t k = 0; k < shape->products; k++) {
        const struct feature_pair *p = &shape->product[k];

        if (check_product(n, shape, k, e) != 0)
            return -1;
        n->product[k] =
            (struct product){ place_of(n, p->of), place_of(n, p->by),
                              feature_width(&n->feature[p->of]) };
    }
    n->products = shape->products;
    return 0;
}

/* Tensor number I gets its name and its share of the parameters from *AT. */
static void
add_tensor(struct network *n, size_t i, const char *name, size_t rows,
           size_t cols, size_t *at)
{
    char *copy = n->names + i * TENSOR_NAME_MAX;

    snprintf(copy, TENSOR_NAME_MAX, "%s", name);
    n->tensor[i] = (struct tensor){ copy, rows, cols, n->value + *at };
    *at += rows * cols;
}

static void
add_tensors(struct network *n, const char *prefix)
{
    char name[TENSOR_NAME_MAX];
    size_t at = 0, i = 0;

    for (size_t f = 0; f < n->features; f++) {
        const struct feature *v = &n->feature[f];

        if (n->looks_at[v->part] && feature_embedded(v))
            add_tensor(n, i++, v->name, v->size, v->dim, &at);
    }
    for (size_t l = 0; l < n->layers; l++) {
        snprintf(name, sizeof name, "%s.%zu.kernel", prefix, l);
        add_tensor(n, i++, name, n->width[l], n->width[l + 1], &at);
        snprintf(name, sizeof name, "%s.%zu.bias", prefix, l);
        add_tensor(n, i++, name, 1, n->width[l + 1], &at);
    }
    for (size_t l = 0; l < n->cross; l++) {
        snprintf(name, sizeof name, "%s.cross.%zu.kernel", prefix, l);
        add_tensor(n, i++, name, n->width[0], n->width[0], &at);
        snprintf(name, sizeof name, "%s.cross.%zu.bias", prefix, l);
        add_tensor(n, i++, name, 1, n->width[0], &at);
    }
    for (size_t f = 0; f < n->features; f++) {
        const struct feature *v = &n->feature[f];

        if (!n->looks_at[v->part] || v->pool != POOL_WEIGHTED)
            continue;
        snprintf(name, sizeof name, "%s.positions", v->name);
        add_tensor(n, i++, name, v->positions, v->dim, &at);
    }
}

struct network *
network_new(const char *prefix, bool query, bool item,
            const struct feature *feature, size_t features,
            const struct network_shape *shape, struct error *e)
{
    struct network *n = mem_new(1, sizeof *n, e);

    if (n == NULL)
        return NULL;
    n->looks_at[PART_QUERY] = query;
    n->looks_at[PART_ITEM] = item;
    n->features = features;
    n->feature = mem_new(features, sizeof *n->feature, e);
    if (n->feature == NULL)
        goto fail;
    memcpy(n->feature, feature, features * sizeof *feature);
    if (measure(n, shape, e) != 0 || find_products(n, shape, e) != 0)
        goto fail;
    n->value = mem_new(n->parameters, sizeof *n->value, e);
    n->tensor = mem_new(n->tensors, sizeof *n->tensor, e);
    n->names = mem_new(n->tensors, TENSOR_NAME_MAX, e);
    if (n->value == NULL || n->tensor == NULL || n->names == NULL)
        goto fail;
    add_tensors(n, prefix);
    return n;
fail:
    network_free(n);
    return NULL;
}

void
network_free(struct network *n)
{
    if (n == NULL)
        return;
    free(n->feature);
    free(n->value);
    free(n->tensor);
    free(n->names);
    free(n->product);
    free(n);
}

void
network_init(struct network *n, uint64_t seed, enum network_seed purpose)
{
    const size_t random = n->tables + 2 * (n->layers + n->cross);

    for (size_t i = random; i < n->tensors; i++) {
        const struct tensor *t = &n->tensor[i];

        for (size_t v = 0; v < t->rows * t->cols; v++)
            t->data[v] = 1 / sqrtf((float)t->rows);
    }
    for (size_t i = 0; i < random; i++) {
        const struct tensor *t = &n->tensor[i];
        struct rng r = rng_for(seed, purpose, i);
        float limit = 0.05f;

        if (i >= n->tables)
            limit = (i - n->tables) % 2 != 0
                        ? 0
                        : sqrtf(6.0f / (float)(t->rows + t->cols));
        for (size_t v = 0; v < t->rows * t->cols; v++)
            t->data[v] = limit * (2 * rng_f32(&r) - 1);
    }
}
