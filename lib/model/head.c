#include "model/head.h"

#include <stdio.h>
#include <string.h>

#include "base/number.h"

void
model_head_free(struct model_head *h)
{
    spec_free(&h->spec);
}

void
model_head_set_layers(struct model_head *h, const uint32_t *layer,
                      size_t layers)
{
    if (layers > 0)
        memcpy(h->layer, layer, layers * sizeof *layer);
    h->layers = layers;
}

static int
find_feature(const struct model_head *h, const char *name, size_t *at,
             struct error *e)
{
    for (*at = 0; *at < h->spec.features; ++*at)
        if (strcmp(h->spec.feature[*at].name, name) == 0)
            return 0;
    return error_set(e, "a product with '%.200s': no such feature", name);
}

int
model_head_add_product(struct model_head *h, const char *of, const char *by,
                       struct error *e)
{
    struct feature_pair *p = &h->product[h->products];

    if (h->products == NETWORK_PRODUCTS_MAX)
        return error_set(e, "more than %d products", NETWORK_PRODUCTS_MAX);
    if (find_feature(h, of, &p->of, e) != 0 ||
        find_feature(h, by, &p->by, e) != 0)
        return -1;
    h->products++;
    return 0;
}

struct network_shape
model_head_shape(const struct model_head *h)
{
    return (struct network_shape){ .layer = h->layer,
                                   .layers = h->layers,
                                   .cross = h->cross,
                                   .product = h->product,
                                   .products = h->products };
}

/* A label is not the model's: it is there to learn from. */
static void
drop_labels(struct spec *s)
{
    size_t kept = 0;

    for (size_t i = 0; i < s->features; i++)
        if (s->feature[i].part != PART_LABEL)
            s->feature[kept++] = s->feature[i];
    s->features = kept;
}

int
model_head_from_features(struct model_head *h, const struct schema *s,
                         struct error *e)
{
    *h = (struct model_head){ 0 };
    if (spec_from_metas(&h->spec, s, e) != 0)
        return -1;
    if (h->spec.features == 0)
        return error_set(e, "its head describes no features: it has not been "
                            "through rec-featurize");
    drop_labels(&h->spec);
    for (size_t i = 0; i < h->spec.features; i++) {
        const struct feature *f = &h->spec.feature[i];

        if (f->size == 0 && f->encoder != ENCODER_NORMALIZE) {
            error_set(e, "%s: its head has no size= for it", f->name);
            spec_free(&h->spec);
            return -1;
        }
    }
    return 0;
}

/* A ranker compares no embeddings. */
static bool
has_similarity(const char *kind)
{
    return strcmp(kind, "towers") == 0;
}

/* So that a reader that knows nothing of products, which have no tensors, does
 * not take the model for one without. */
#define INTERACTING "interacting-"

static bool
interacts(const struct model_head *h)
{
    return h->cross > 0 || h->products > 0;
}

/* Of most models there is none, and no word. */
static int
write_interactions(const struct model_head *h, struct schema *s,
                   struct error *e)
{
    char key[32], value[2 * FEATURE_NAME_MAX + 2];

    if (h->cross > 0) {
        (void)number_from_u64(value, h->cross);
        if (schema_set_meta(s, "cross", value, e) != 0)
            return -1;
    }
    for (size_t i = 0; i < h->products; i++) {
        snprintf(key, sizeof key, "product.%zu", i + 1);
        snprintf(value, sizeof value, "%s %s",
                 h->spec.feature[h->product[i].of].name,
                 h->spec.feature[h->product[i].by].name);
        if (schema_set_meta(s, key, value, e) != 0)
            return -1;
    }
    return 0;
}

static int
read_interactions(struct model_head *h, const struct schema *s, struct error *e)
{
    const char *cross = schema_meta(s, "cross"), *product;
    uint64_t v;

    if (cross != NULL) {
        if (!number_u64(cross, strlen(cross), &v) || v < 1 ||
            v > NETWORK_LAYERS_MAX)
            return error_set(e, "'%.60s' is no number of cross layers", cross);
        h->cross = (size_t)v;
    }
    for (size_t i = 1;; i++) {
        char key[32], of[FEATURE_NAME_MAX + 1];
        size_t len;

        snprintf(key, sizeof key, "product.%zu", i);
        product = schema_meta(s, key);
        if (product == NULL)
            return 0;
        len = strcspn(product, " ");
        if (len >= sizeof of || product[len] == '\0')
            return error_set(e, "meta '%s' is no pair of features", key);
        memcpy(of, product, len);
        of[len] = '\0';
        if (model_head_add_product(h, of, product + len + 1, e) != 0)
            return -1;
    }
}

int
model_head_write(const struct model_head *h, const char *kind, struct schema *s,
                 struct error *e)
{
    char layers[NETWORK_LAYERS_MAX * 12] = "none";

    for (size_t i = 0; i < h->layers; i++) {
        const size_t len = i > 0 ? strlen(layers) : 0;

        snprintf(layers + len, sizeof layers - len, "%s%u", i > 0 ? "," : "",
                 (unsigned)h->layer[i]);
    }
    char word[64];

    snprintf(word, sizeof word, "%s%s", interacts(h) ? INTERACTING : "", kind);
    if (schema_set_meta(s, "model", word, e) != 0 ||
        schema_set_meta(s, "layers", layers, e) != 0)
        return -1;
    if (has_similarity(kind) &&
        schema_set_meta(s, "similarity", h->cosine ? "cosine" : "dot", e) != 0)
        return -1;
    if (write_interactions(h, s, e) != 0)
        return -1;
    for (size_t i = 0; i < h->spec.features; i++)
        if (spec_add_meta(s, &h->spec.feature[i], e) != 0)
            return -1;
    return 0;
}

static int
read_similarity(struct model_head *h, const struct schema *s, struct error *e)
{
    const char *is = schema_meta(s, "similarity");

    h->cosine = is != NULL && strcmp(is, "cosine") == 0;
    if (is == NULL || !(h->cosine || strcmp(is, "dot") == 0))
        return error_set(e, "its meta 'similarity' is neither dot nor cosine");
    return 0;
}

static int
read_layers(struct model_head *h, const char *text, struct error *e)
{
    const char *p = text;

    if (strcmp(text, "none") == 0)
        return 0;
    for (;;) {
        const size_t len = strcspn(p, ",");
        uint64_t v;

        if (h->layers == NETWORK_LAYERS_MAX || !number_u64(p, len, &v) ||
            v < 1 || v > NETWORK_WIDTH_MAX)
            return error_set(e, "'%.60s' are no widths of layers", text);
        h->layer[h->layers++] = (uint32_t)v;
        if (p[len] == '\0')
            return 0;
        p += len + 1;
    }
}

int
model_head_read(struct model_head *h, const char *kind, const struct schema *s,
                struct error *e)
{
    const char *is = schema_meta(s, "model");
    const char *layers = schema_meta(s, "layers");
    const size_t prefix = strlen(INTERACTING);
    bool interacting;

    *h = (struct model_head){ 0 };
    if (is == NULL || layers == NULL)
        return error_set(e, "not a model");
    interacting = strncmp(is, INTERACTING, prefix) == 0;
    if (strcmp(is + (interacting ? prefix : 0), kind) != 0)
        return error_set(e, "a model of kind '%.40s', not '%s'", is, kind);
    if (model_head_from_features(h, s, e) != 0)
        return -1;
    if (read_layers(h, layers, e) != 0 || read_interactions(h, s, e) != 0 ||
        (has_similarity(kind) && read_similarity(h, s, e) != 0) ||
        (interacting != interacts(h) &&
         error_set(e, "a model of kind '%.40s' %s interactions", is,
                   interacting ? "without" : "with") != 0)) {
        model_head_free(h);
        return -1;
    }
    return 0;
}
