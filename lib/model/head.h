/*
 * head.h - what a model file says of its model, in metas
 *
 *     meta model towers          or "ranker", "interacting-ranker" when
 *                                features interact
 *     meta layers 64,32          or "none"
 *     meta similarity dot        or "cosine"; towers only
 *     meta cross 2               cross layers; when there are some
 *     meta product.1 query.liked.lookup item.movie_title.lookup
 *     meta feature.1 query user_id lookup dim=32 ... size=944
 *     meta key item.movie_title.lookup
 *
 * The tensors follow as rows (store.h).
 */
#ifndef MODEL_HEAD_H
#define MODEL_HEAD_H

#include "features/spec.h"
#include "model/network.h"

struct model_head {
    struct spec spec; /* the features, without a label */
    uint32_t layer[NETWORK_LAYERS_MAX];
    size_t layers;
    bool cosine;
    size_t cross, products;
    struct feature_pair product[NETWORK_PRODUCTS_MAX];
};

/* The widths of LAYERS layers, at most NETWORK_LAYERS_MAX. */
void model_head_set_layers(struct model_head *h, const uint32_t *layer,
                           size_t layers);

/* Cross layers, and products of a feature by another. */
int model_head_add_product(struct model_head *h, const char *of, const char *by,
                           struct error *e);
/* What network_new() makes of it, a view. */
struct network_shape model_head_shape(const struct model_head *h);

/* Free what is inside. */
void model_head_free(struct model_head *h);

/* Take the features that S, the head of a stream of features, describes. */
int model_head_from_features(struct model_head *h, const struct schema *s,
                             struct error *e);

/* Metas for a model of KIND ("towers", "ranker") in S, and back: refused when
 * S is another kind's or none. */
int model_head_write(const struct model_head *h, const char *kind,
                     struct schema *s, struct error *e);
int model_head_read(struct model_head *h, const char *kind,
                    const struct schema *s, struct error *e);

#endif
