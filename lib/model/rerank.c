#include "model/rerank.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/intern.h"
#include "base/mem.h"
#include "model/bce.h"
#include "model/distinct.h"
#include "retrieval/topk.h"

/* Pairs that go through the network at once: bounds the scratch memory. */
#define CHUNK 4096

struct rerank {
    struct ranker *model;
    struct intern *ids;            /* number i is the item in row i */
    struct feature_values *column; /* [features]: items', a block's queries' */
    struct distinct items;
    /* Of all pairs of a block. */
    struct ids query, item;
    struct floats logit;
    uint64_t *key;
    size_t key_cap;
};

struct rerank *
rerank_new(struct ranker *m, const struct feature_values *column,
           const uint32_t *id, size_t n, struct error *e)
{
    const size_t features = m->net->features;
    struct rerank *r = mem_new(1, sizeof *r, e);

    if (r == NULL)
        return NULL;
    r->model = m;
    r->column = mem_new(features, sizeof *r->column, e);
    r->ids = intern_new(e);
    if (r->column == NULL || r->ids == NULL ||
        distinct_init(&r->items, n, e) != 0)
        goto fail;
    memcpy(r->column, column, features * sizeof *column);
    for (size_t i = 0; i < n; i++) {
        const uint32_t number = intern_add(r->ids, &id[i], sizeof id[i], e);

        if (number == INTERN_NONE)
            goto fail;
        if (number != i) {
            error_set(e, "item %" PRIu32 " is there twice", id[i]);
            goto fail;
        }
    }
    return r;
fail:
    rerank_free(r);
    return NULL;
}

void
rerank_free(struct rerank *r)
{
    if (r == NULL)
        return;
    intern_free(r->ids);
    distinct_free(&r->items);
    free(r->column);
    free(r->query.v);
    free(r->item.v);
    free(r->logit.v);
    free(r->key);
    free(r);
}

/* List the pairs of row and item. */
static int
make_pairs(struct rerank *r, const struct candidates *in, uint32_t depth,
           uint32_t *list, struct error *e)
{
    uint32_t n = 0; /* no more than went in */

    list[0] = 0;
    for (size_t row = 0; row < in->rows; row++) {
        const uint32_t len = in->list[row + 1] - in->list[row];
        const uint32_t keep = len < depth ? len : depth;

        if (ids_room(&r->query, (size_t)n + keep, e) != 0 ||
            ids_room(&r->item, (size_t)n + keep, e) != 0)
            return -1;
        for (uint32_t i = 0; i < keep; i++) {
            const uint32_t id = in->id[in->list[row] + i];
            const uint32_t at = intern_find(r->ids, &id, sizeof id);

            if (at == INTERN_NONE)
                return error_set(
                    e, "candidate %" PRIu32 " is none of the items", id);
            r->query.v[n] = (uint32_t)row;
            r->item.v[n++] = at;
        }
        list[row + 1] = n;
    }
    return 0;
}

static int
score_pairs(struct rerank *r, size_t n, struct threads *t, struct error *e)
{
    if (floats_room(&r->logit, n, e) != 0)
        return -1;
    for (size_t at = 0; at < n; at += CHUNK) {
        const size_t len = n - at < CHUNK ? n - at : CHUNK;
        const float *logit;

        if (distinct_find(&r->items, r->item.v + at, NULL, len, e) != 0)
            return -1;
        logit = ranker_score(r->model, r->column, len, r->query.v + at,
                             &r->items, t, e);
        if (logit == NULL)
            return -1;
        memcpy(r->logit.v + at, logit, len * sizeof *logit);
        for (size_t i = 0; i < len; i++)
            if (logit[i] != logit[i])
                return error_set(e, "a score is not a number");
    }
    return 0;
}

int
rerank_lists(struct rerank *r, const struct feature_values *column,
             const struct candidates *in, uint32_t depth, struct threads *t,
             uint32_t *list, uint32_t *id, float *probability, struct error *e)
{
    const struct network *net = r->model->net;
    uint64_t *key;
    size_t n;

    if (make_pairs(r, in, depth, list, e) != 0)
        return -1;
    n = list[in->rows];
    for (size_t f = 0; f < net->features; f++)
        if (net->feature[f].part == PART_QUERY)
            r->column[f] = column[f];
    key = mem_grow(r->key, &r->key_cap, n, sizeof *key, e);
    if (key == NULL)
        return -1;
    r->key = key;
    if (score_pairs(r, n, t, e) != 0)
        return -1;
    for (size_t row = 0; row < in->rows; row++) {
        const uint32_t begin = list[row], len = list[row + 1] - begin;

        for (uint32_t i = 0; i < len; i++)
            key[begin + i] =
                topk_key(r->logit.v[begin + i], in->id[in->list[row] + i]);
        topk_sort(key + begin, len);
        for (uint32_t i = 0; i < len; i++) {
            id[begin + i] = topk_key_id(key[begin + i]);
            probability[begin + i] =
                (float)bce_probability((double)topk_key_score(key[begin + i]));
        }
    }
    return 0;
}
