#include "model/ranker.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/vector.h"

struct ranker *
ranker_new(const struct feature *feature, size_t features,
           const struct network_shape *shape, struct error *e)
{
    struct ranker *m = mem_new(1, sizeof *m, e);
    struct network_shape all = *shape;
    uint32_t width[NETWORK_LAYERS_MAX];

    if (m == NULL)
        return NULL;
    if (shape->layers >= NETWORK_LAYERS_MAX) {
        error_set(e, "a ranker of %zu layers: at most %d can be",
                  shape->layers + 1, NETWORK_LAYERS_MAX);
        goto fail;
    }
    for (size_t i = 0; i < shape->layers; i++)
        width[i] = shape->layer[i];
    width[all.layers++] = 1 + (uint32_t)shape->beside;
    all.layer = width;
    m->net = network_new("rank", true, true, feature, features, &all, e);
    if (m->net != NULL)
        m->pass = pass_new(m->net, e);
    if (m->pass == NULL)
        goto fail;
    return m;
fail:
    ranker_free(m);
    return NULL;
}

void
ranker_free(struct ranker *m)
{
    if (m == NULL)
        return;
    pass_free(m->pass);
    network_free(m->net);
    free(m->logit.v);
    free(m);
}

void
ranker_init(struct ranker *m, uint64_t seed)
{
    network_init(m->net, seed, SEED_RANK);
}

size_t
ranker_outputs(const struct ranker *m)
{
    return m->net->width[m->net->layers];
}

void
ranker_copy(struct ranker *to, const struct ranker *from)
{
    for (size_t i = 0; i < to->net->tensors; i++) {
        const struct tensor *a = &from->net->tensor[i],
                            *b = &to->net->tensor[i];
        const size_t cols = a->cols < b->cols ? a->cols : b->cols;

        for (size_t r = 0; r < b->rows; r++)
            memcpy(b->data + r * b->cols, a->data + r * a->cols,
                   cols * sizeof *b->data);
    }
}

void
ranker_mix(struct ranker *to, float keep, const struct ranker *from)
{
    for (size_t i = 0; i < to->net->tensors; i++) {
        const struct tensor *a = &from->net->tensor[i],
                            *b = &to->net->tensor[i];
        const size_t cols = a->cols < b->cols ? a->cols : b->cols;
        const size_t rows = a->cols == b->cols ? 1 : b->rows;
        const size_t n = b->rows * cols / rows; /* together where they can be */

        for (size_t r = 0; r < rows; r++) {
            vector_scale(n, keep, b->data + r * b->cols, b->data + r * b->cols);
            vector_add_scaled(n, 1 - keep, a->data + r * a->cols,
                              b->data + r * b->cols);
        }
    }
}

const float *
ranker_score(struct ranker *m, const struct feature_values *column, size_t n,
             const uint32_t *query, const struct distinct *items,
             struct threads *t, struct error *e)
{
    const struct batch b = {
        .column = column, .n = n, .row = query, .items = items
    };

    const size_t outputs = ranker_outputs(m);
    const float *y = pass_forward(m->pass, &b, false, t, e);

    if (y == NULL || outputs == 1)
        return y;
    if (floats_room(&m->logit, n, e) != 0)
        return NULL;
    for (size_t i = 0; i < n; i++)
        m->logit.v[i] = y[i * outputs];
    return m->logit.v;
}
