#include "model/ranker.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/pieces.h"
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

struct mix {
    const struct tensor *to, *from;
    float keep;
};

static void
mix_piece(void *ctx, size_t piece, unsigned worker)
{
    const struct mix *m = ctx;
    const size_t to = m->to->cols, from = m->from->cols;
    const struct range r = piece_of(m->to->rows, piece);

    (void)worker;
    if (to == from) /* together */
        vector_mix((r.end - r.begin) * to, m->keep,
                   m->from->data + r.begin * to, m->to->data + r.begin * to);
    for (size_t i = r.begin; i < r.end && to != from; i++)
        vector_mix(to < from ? to : from, m->keep, m->from->data + i * from,
                   m->to->data + i * to);
}

void
ranker_mix(struct ranker *to, float keep, const struct ranker *from,
           struct threads *t)
{
    for (size_t i = 0; i < to->net->tensors; i++) {
        struct mix m = { &to->net->tensor[i], &from->net->tensor[i], keep };

        threads_run(t, PIECES, mix_piece, &m);
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
