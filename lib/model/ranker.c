#include "model/ranker.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

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
    width[all.layers++] = 1;
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
    free(m);
}

void
ranker_init(struct ranker *m, uint64_t seed)
{
    network_init(m->net, seed, SEED_RANK);
}

const float *
ranker_score(struct ranker *m, const struct feature_values *column, size_t n,
             const uint32_t *query, const struct distinct *items,
             struct threads *t, struct error *e)
{
    const struct batch b = {
        .column = column, .n = n, .row = query, .items = items
    };

    return pass_forward(m->pass, &b, false, t, e);
}
