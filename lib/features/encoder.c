#include "features/encoder.h"

#include <math.h>
#include <stdlib.h>

#include "features/texts.h"
#include "features/tokens.h"
#include "features/value.h"

#define SMALLEST_DEVIATION 1e-7 /* Keras' epsilon */

struct encoder {
    const struct feature *feature;
    const struct learned *learned;
    double deviation;
    /* For tokenize. */
    struct tokens tokens;
    struct intern *texts; /* met lately, texts.h */
    struct buffer ids;    /* of their tokens, u32 */
    size_t *end;          /* [texts] where each one's end in IDS, in bytes */
    size_t end_cap;
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
    x->texts = intern_new(e);
    if (x->texts == NULL) {
        encoder_free(x);
        return NULL;
    }
    return x;
}

void
encoder_free(struct encoder *x)
{
    if (x == NULL)
        return;
    tokens_free(&x->tokens);
    intern_free(x->texts);
    buffer_free(&x->ids);
    free(x->end);
    free(x);
}

/* The id of key number NUMBER. */
static uint32_t
id_of(const struct encoder *x, uint32_t number)
{
    return number != INTERN_NONE ? x->learned->first_id + number
                                 : vocabulary_unknown(x->feature);
}

static uint32_t
key_id(const struct encoder *x, const char *key, size_t len)
{
    return id_of(x, intern_find(x->learned->keys, key, len));
}

/* How many of the edges are below V; with SIDE_RIGHT, not above it.  Halving
 * by multiplication: which half it is nobody can predict. */
static uint32_t
bucket(const struct learned *l, uint32_t side, float v)
{
    const bool right = side == SIDE_RIGHT;
    size_t below = 0, n = l->edges;

    while (n > 0) {
        const size_t half = (n + 1) / 2;
        const float middle = l->edge[below + half - 1];

        below += half * (size_t)((middle < v) | (right & (middle <= v)));
        n -= half;
    }
    return (uint32_t)below;
}

/* Append the ids of a text's tokens to x->ids. */
static int
tokenize(struct encoder *x, const char *text, size_t len, struct error *e)
{
    const char *token;

    if (tokens_start(&x->tokens, text, len, e) != 0)
        return -1;
    while ((token = tokens_next(&x->tokens, &len)) != NULL) {
        const uint32_t id = key_id(x, token, len);

        if (buffer_append(&x->ids, &id, sizeof id, e) != 0)
            return -1;
    }
    return 0;
}

/* The number of a text whose ids are in x->ids. */
static uint32_t
tokenize_once(struct encoder *x, const char *text, size_t len, struct error *e)
{
    const uint32_t known = intern_count(x->texts);
    const uint32_t i = intern_add(x->texts, text, len, e);
    size_t *end;

    if (i != known) /* an old text, or a failure */
        return i;
    end = mem_grow(x->end, &x->end_cap, (size_t)i + 1, sizeof *end, e);
    if (end == NULL)
        return INTERN_NONE;
    x->end = end;
    if (tokenize(x, text, len, e) != 0)
        return INTERN_NONE;
    end[i] = x->ids.len;
    return i;
}

/* The ids of text number I are a row. */
static int
add_text(const struct encoder *x, uint32_t i, struct builder *out,
         struct error *e)
{
    const size_t from = i > 0 ? x->end[i - 1] : 0;

    if (builder_add(out, x->ids.data + from,
                    (x->end[i] - from) / sizeof(uint32_t), e) != 0)
        return -1;
    return builder_end_row(out, e);
}

/* Each returns how many rows went well. */

static uint32_t
encode_texts(struct encoder *x, const struct array *a, uint32_t rows,
             struct builder *out, struct error *e)
{
    uint32_t number[TEXTS_TOGETHER], n;

    for (uint32_t from = 0; from < rows; from += n) {
        n = rows - from < TEXTS_TOGETHER ? rows - from : TEXTS_TOGETHER;
        if (texts_are_many(x->texts)) {
            intern_clear(x->texts);
            x->ids.len = 0;
        }
        intern_find_all(x->texts, a->values, a->str + from, n, number);
        for (uint32_t i = 0; i < n; i++) {
            size_t len;
            const char *text = array_str(a, from + i, &len);

            if (number[i] == INTERN_NONE)
                number[i] = tokenize_once(x, text, len, e);
            if (number[i] == INTERN_NONE || add_text(x, number[i], out, e) != 0)
                return from + i;
        }
    }
    return rows;
}

/* N values: one a row, or those of all lists. */
static uint32_t
encode_keys(const struct encoder *x, const struct column *c,
            const struct array *a, uint32_t n, struct builder *out,
            struct error *e)
{
    uint32_t *id = builder_extend(out, n, e);
    char scratch[NUMBER_TEXT_MAX];
    uint32_t r = 0;

    if (id != NULL && c->type == TYPE_STR) {
        intern_find_all(x->learned->keys, a->values, a->str, n, id);
        for (; r < n; r++)
            id[r] = id_of(x, id[r]);
        return n;
    }
    for (; id != NULL && r < n; r++) {
        size_t len;
        const char *key = value_key(c, a, r, scratch, &len, e);

        if (key == NULL)
            break;
        id[r] = key_id(x, key, len);
    }
    return r;
}

static uint32_t
encode_lists(const struct encoder *x, const struct column *c,
             const struct array *a, uint32_t rows, struct builder *out,
             struct error *e)
{
    /* A block is shorter than 4 GiB. */
    const uint32_t n = (uint32_t)a->count;
    const uint32_t done = encode_keys(x, c, a, n, out, e);

    if (done < n)
        return value_row(a, done);
    return builder_end_rows(out, a->list, rows, e) == 0 ? rows : 0;
}

static uint32_t
encode_numbers(const struct encoder *x, const struct column *c,
               const struct array *a, uint32_t rows, struct builder *out,
               struct error *e)
{
    void *to = builder_extend(out, rows, e);
    const struct learned *l = x->learned;
    uint32_t r = 0;
    double v;

    for (; to != NULL && r < rows && value_number(c, a, r, &v, e) == 0; r++)
        switch (x->feature->encoder) {
        case ENCODER_NORMALIZE:
            ((float *)to)[r] = (float)((v - l->mean) / x->deviation);
            break;
        case ENCODER_THRESHOLD: ((uint8_t *)to)[r] = v >= x->feature->at; break;
        default:
            ((uint32_t *)to)[r] = bucket(l, x->feature->side, (float)v);
            break;
        }
    return r;
}

int
encoder_run(struct encoder *x, const struct column *c, const struct array *a,
            uint32_t rows, struct builder *out, uint32_t *bad, struct error *e)
{
    switch (x->feature->encoder) {
    case ENCODER_TOKENIZE: *bad = encode_texts(x, a, rows, out, e); break;
    case ENCODER_LOOKUP:
        *bad = feature_is_list(x->feature) ? encode_lists(x, c, a, rows, out, e)
                                           : encode_keys(x, c, a, rows, out, e);
        break;
    default: *bad = encode_numbers(x, c, a, rows, out, e); break;
    }
    return *bad == rows ? 0 : -1;
}
