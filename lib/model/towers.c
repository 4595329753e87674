#include "model/towers.h"

#include <stdlib.h>

#include "base/mem.h"
#include "model/unit.h"

struct towers *
towers_new(const struct feature *feature, size_t features,
           const uint32_t *layer, size_t layers, bool cosine, struct error *e)
{
    static const char *const prefix[MODEL_PARTS] = { "query", "item" };
    const struct network_shape shape = { .layer = layer, .layers = layers };
    struct towers *m = mem_new(1, sizeof *m, e);

    if (m == NULL)
        return NULL;
    m->cosine = cosine;
    for (size_t p = 0; p < MODEL_PARTS; p++) {
        m->net[p] = network_new(prefix[p], p == PART_QUERY, p == PART_ITEM,
                                feature, features, &shape, e);
        if (m->net[p] == NULL ||
            (m->pass[p] = pass_new(m->net[p], e)) == NULL) {
            error_prefix(e, "%s tower", prefix[p]);
            towers_free(m);
            return NULL;
        }
    }
    m->dim = m->net[PART_QUERY]->width[layers];
    if (m->net[PART_ITEM]->width[layers] != m->dim) {
        error_set(e,
                  "without layers both parts must be of one width, and the "
                  "query's features are %zu wide, the item's %zu",
                  m->dim, m->net[PART_ITEM]->width[layers]);
        towers_free(m);
        return NULL;
    }
    return m;
}

void
towers_free(struct towers *m)
{
    if (m == NULL)
        return;
    for (size_t p = 0; p < MODEL_PARTS; p++) {
        pass_free(m->pass[p]);
        network_free(m->net[p]);
    }
    free(m);
}

void
towers_init(struct towers *m, uint64_t seed)
{
    network_init(m->net[PART_QUERY], seed, SEED_QUERY);
    network_init(m->net[PART_ITEM], seed, SEED_ITEM);
}

const float *
towers_embed(struct towers *m, enum feature_part part,
             const struct feature_values *column, size_t n, struct threads *t,
             struct error *e)
{
    const struct batch b = { .column = column, .n = n };
    float *y = pass_forward(m->pass[part], &b, false, t, e);

    if (y != NULL && m->cosine)
        unit_forward(n, m->dim, y, NULL);
    return y;
}
