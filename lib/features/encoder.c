#include "features/encoder.h"

#include <math.h>
#include <stdlib.h>

#include "features/tokens.h"
#include "features/value.h"

#define SMALLEST_DEVIATION 1e-7 /* Keras' epsilon */

struct encoder {
    const struct feature *feature;
    const struct learned *learned;
    double deviation;
    struct tokens tokens;
};

struct encoder *
encoder_new(const struct vocabulary *v, size_t f, struct error *e)
{
    struct encoder *x = mem_new(1, sizeof *x, e);

    if (x == NULL)
        return NULL;
    x->feature = &v->spec.feature[f];
    x->learned = &v->learned[f];
    x->deviation = fmax(sqrt(x->learned->variance), SMALLEST_DEVIATION);
    return x;
}

void
encoder_free(struct encoder *x)
{
    if (x == NULL)
        return;
    tokens_free(&x->tokens);
    free(x);
}

static uint32_t
key_id(const struct encoder *x, const char *key, size_t len)
{
    const uint32_t number = intern_find(x->learned->keys, key, len);

    return number != INTERN_NONE ? x->learned->first_id + number
                                 : vocabulary_unknown(x->feature);
}

/* How many of the edges are below V; with SIDE_RIGHT, not above it. */
static uint32_t
bucket(const struct learned *l, uint32_t side, float v)
{
    size_t below = 0, n = l->edges;

    while (n > 0) {
        const float middle = l->edge[below + n / 2];

        if (middle < v || (side == SIDE_RIGHT && middle <= v)) {
            below += n / 2 + 1;
            n -= n / 2 + 1;
        } else {
            n /= 2;
        }
    }
    return (uint32_t)below;
}

static int
encode_tokens(struct encoder *x, const char *text, size_t len,
              struct builder *out, struct error *e)
{
    const char *token;

    if (tokens_start(&x->tokens, text, len, e) != 0)
        return -1;
    while ((token = tokens_next(&x->tokens, &len)) != NULL) {
        const uint32_t id = key_id(x, token, len);

        if (builder_add(out, &id, 1, e) != 0)
            return -1;
    }
    return builder_end_row(out, e);
}

static int
encode_number(const struct encoder *x, double v, struct builder *out,
              struct error *e)
{
    const double z = (v - x->learned->mean) / x->deviation;
    const uint8_t label = v >= x->feature->at;
    const float normal = (float)z;
    uint32_t id;

    switch (x->feature->encoder) {
    case ENCODER_NORMALIZE: return builder_add(out, &normal, 1, e);
    case ENCODER_THRESHOLD: return builder_add(out, &label, 1, e);
    case ENCODER_LOOKUP:
    case ENCODER_TOKENIZE:
    case ENCODER_BUCKETIZE: break;
    }
    id = bucket(x->learned, x->feature->side, (float)v);
    return builder_add(out, &id, 1, e);
}

static int
encode_row(struct encoder *x, const struct column *c, const struct array *a,
           uint32_t r, struct builder *out, struct error *e)
{
    char scratch[NUMBER_TEXT_MAX];
    const char *text;
    uint32_t id;
    size_t len;
    double v;

    switch (x->feature->encoder) {
    case ENCODER_LOOKUP:
        text = value_key(c, a, r, scratch, &len, e);
        if (text == NULL)
            return -1;
        id = key_id(x, text, len);
        return builder_add(out, &id, 1, e);
    case ENCODER_TOKENIZE:
        text = array_str(a, r, &len);
        return encode_tokens(x, text, len, out, e);
    case ENCODER_BUCKETIZE:
    case ENCODER_NORMALIZE:
    case ENCODER_THRESHOLD: break;
    }
    if (value_number(c, a, r, &v, e) != 0)
        return -1;
    return encode_number(x, v, out, e);
}

int
encoder_run(struct encoder *x, const struct column *c, const struct array *a,
            uint32_t rows, struct builder *out, uint32_t *bad, struct error *e)
{
    for (uint32_t r = 0; r < rows; r++)
        if (encode_row(x, c, a, r, out, e) != 0) {
            *bad = r;
            return -1;
        }
    return 0;
}
