#include "features/tally.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "features/moments.h"
#include "features/texts.h"
#include "features/tokens.h"
#include "features/value.h"

struct entry {
    const char *key;
    uint64_t count;
    uint32_t len;
    bool rare; /* too rare for an id of its own */
};

/* Distinct byte strings, and how often each occurs. */
struct counter {
    struct intern *keys;
    uint64_t *count; /* [keys] */
    size_t cap;
};

struct tally {
    struct feature feature;
    struct counter keys;  /* of a lookup; tokens */
    struct counter texts; /* met lately, not cut into tokens yet: texts.h */
    struct tokens tokens;
    uint64_t n; /* numbers to find buckets for */
    double min, max;
    struct moments moments;
    uint64_t labels[2];
    struct entry *entry; /* [keys], once finished: in the order of rows */
    size_t with_id;      /* the first so many entries have ids */
};

struct tally *
tally_new(const struct feature *f, struct error *e)
{
    struct tally *t = mem_new(1, sizeof *t, e);

    if (t == NULL)
        return NULL;
    t->feature = *f;
    t->keys.keys = intern_new(e);
    t->texts.keys = intern_new(e);
    if (t->keys.keys == NULL || t->texts.keys == NULL) {
        tally_free(t);
        return NULL;
    }
    return t;
}

static void
counter_free(struct counter *c)
{
    intern_free(c->keys);
    free(c->count);
}

void
tally_free(struct tally *t)
{
    if (t == NULL)
        return;
    counter_free(&t->keys);
    counter_free(&t->texts);
    tokens_free(&t->tokens);
    free(t->entry);
    free(t);
}

/* KEY occurs TIMES times more. */
static int
count_key(struct counter *c, const char *key, size_t len, uint64_t times,
          struct error *e)
{
    const uint32_t n = intern_count(c->keys);
    const uint32_t i = intern_add(c->keys, key, len, e);
    uint64_t *grown;

    if (i == INTERN_NONE)
        return -1;
    if (i == n) {
        grown = mem_grow(c->count, &c->cap, (size_t)n + 1, sizeof *grown, e);
        if (grown == NULL)
            return -1;
        c->count = grown;
        c->count[n] = 0;
    }
    c->count[i] += times;
    return 0;
}

/* Cut the texts into tokens, each once, and forget them. */
static int
count_tokens(struct tally *t, struct error *e)
{
    const uint32_t n = intern_count(t->texts.keys);

    for (uint32_t i = 0; i < n; i++) {
        size_t len;
        const char *text = intern_key(t->texts.keys, i, &len), *token;

        if (tokens_start(&t->tokens, text, len, e) != 0)
            return -1;
        while ((token = tokens_next(&t->tokens, &len)) != NULL)
            if (count_key(&t->keys, token, len, t->texts.count[i], e) != 0)
                return -1;
    }
    intern_clear(t->texts.keys);
    return 0;
}

/* Count the first ROWS strings of A with C, t->keys or t->texts; returns how
 * many went well. */
static uint32_t
count_strings(struct tally *t, struct counter *c, const struct array *a,
              uint32_t rows, struct error *e)
{
    uint32_t number[TEXTS_TOGETHER], n;

    for (uint32_t from = 0; from < rows; from += n) {
        n = rows - from < TEXTS_TOGETHER ? rows - from : TEXTS_TOGETHER;
        if (texts_are_many(t->texts.keys) && count_tokens(t, e) != 0)
            return from;
        intern_find_all(c->keys, a->values, a->str + from, n, number);
        for (uint32_t i = 0; i < n; i++) {
            size_t len;
            const char *key = array_str(a, from + i, &len);

            if (number[i] != INTERN_NONE)
                c->count[number[i]]++;
            else if (count_key(c, key, len, 1, e) != 0)
                return from + i;
        }
    }
    return rows;
}

static void
count_number(struct tally *t, double v)
{
    switch (t->feature.encoder) {
    case ENCODER_BUCKETIZE:
        if (t->n == 0 || v < t->min)
            t->min = v;
        if (t->n == 0 || v > t->max)
            t->max = v;
        t->n++;
        break;
    case ENCODER_NORMALIZE: moments_add(&t->moments, v); break;
    default: t->labels[v >= t->feature.at]++; break;
    }
}

/* A lookup's number, or a number: value R. */
static int
add_value(struct tally *t, const struct column *c, const struct array *a,
          uint32_t r, struct error *e)
{
    char scratch[NUMBER_TEXT_MAX];
    const char *text;
    size_t len;
    double v;

    if (t->feature.encoder == ENCODER_LOOKUP) {
        text = value_key(c, a, r, scratch, &len, e);
        return text != NULL ? count_key(&t->keys, text, len, 1, e) : -1;
    }
    if (value_number(c, a, r, &v, e) != 0)
        return -1;
    count_number(t, v);
    return 0;
}

int
tally_add(struct tally *t, const struct column *c, const struct array *a,
          uint32_t rows, uint32_t *bad, struct error *e)
{
    const bool list = c->shape == SHAPE_LIST;
    const uint32_t n = list ? (uint32_t)a->count : rows; /* under 4 GiB */
    uint32_t v = 0;

    if (t->feature.encoder == ENCODER_TOKENIZE)
        v = count_strings(t, &t->texts, a, n, e);
    else if (c->type == TYPE_STR)
        v = count_strings(t, &t->keys, a, n, e);
    else
        while (v < n && add_value(t, c, a, v, e) == 0)
            v++;
    if (v == n)
        return 0;
    *bad = list ? value_row(a, v) : v;
    return -1;
}

int
tally_add_row(struct tally *t, const struct vocabulary_row *row,
              struct error *e)
{
    switch (t->feature.encoder) {
    case ENCODER_LOOKUP:
    case ENCODER_TOKENIZE:
        return count_key(&t->keys, row->key, row->len, row->count, e);
    case ENCODER_BUCKETIZE: count_number(t, row->value); break;
    case ENCODER_NORMALIZE:
        if (moments_add_row(&t->moments, row, e) != 0)
            return error_prefix(e, "%s", t->feature.name);
        break;
    case ENCODER_THRESHOLD:
        if (row->id > 1)
            return error_set(e, "a label is 0 or 1, not %u", (unsigned)row->id);
        t->labels[row->id] += row->count;
        break;
    }
    return 0;
}

static int
compare_bytes(const struct entry *a, const struct entry *b)
{
    const size_t both = a->len < b->len ? a->len : b->len;
    const int c = both > 0 ? memcmp(a->key, b->key, both) : 0;

    return c != 0 ? c : (a->len > b->len) - (a->len < b->len);
}

/* Whatever the order is, those without an id of their own go last. */
static int
by_bytes(const void *pa, const void *pb)
{
    const struct entry *a = pa, *b = pb;

    return a->rare != b->rare ? a->rare - b->rare : compare_bytes(a, b);
}

static int
by_count(const void *pa, const void *pb)
{
    const struct entry *a = pa, *b = pb;

    if (a->rare != b->rare)
        return a->rare - b->rare;
    if (a->count != b->count)
        return a->count < b->count ? 1 : -1;
    return compare_bytes(b, a);
}

static int
finish_numbers(struct tally *t, struct error *e)
{
    const struct feature *f = &t->feature;

    if ((f->encoder == ENCODER_BUCKETIZE && t->n == 0) ||
        (f->encoder == ENCODER_NORMALIZE && t->moments.n == 0))
        return error_set(e, "%s: no values", f->name);
    if (f->encoder == ENCODER_NORMALIZE && moments_finish(&t->moments, e) != 0)
        return error_prefix(e, "%s", f->name);
    return 0;
}

int
tally_finish(struct tally *t, struct error *e)
{
    const struct feature *f = &t->feature;
    const bool tokens = f->encoder == ENCODER_TOKENIZE;
    size_t n;

    if (count_tokens(t, e) != 0)
        return -1;
    n = intern_count(t->keys.keys);
    t->entry = mem_new(n, sizeof *t->entry, e);
    if (t->entry == NULL)
        return -1;
    for (size_t i = 0; i < n; i++) {
        struct entry *entry = &t->entry[i];
        size_t len;

        entry->key = intern_key(t->keys.keys, (uint32_t)i, &len);
        entry->len = (uint32_t)len; /* a block is shorter than 4 GiB */
        entry->count = t->keys.count[i];
        entry->rare = entry->count < f->min;
        t->with_id += !entry->rare;
    }
    qsort(t->entry, n, sizeof *t->entry,
          tokens || f->order == ORDER_COUNT ? by_count : by_bytes);
    if (tokens && t->with_id > f->max - (TOKEN_UNKNOWN + 1))
        t->with_id = f->max - (TOKEN_UNKNOWN + 1);
    return finish_numbers(t, e);
}

size_t
tally_rows(const struct tally *t)
{
    switch (t->feature.encoder) {
    case ENCODER_LOOKUP:
    case ENCODER_TOKENIZE: break;
    case ENCODER_BUCKETIZE: return t->feature.bins;
    case ENCODER_NORMALIZE: return moments_rows(&t->moments);
    case ENCODER_THRESHOLD: return 2;
    }
    return intern_count(t->keys.keys);
}

/* In numpy's order of operations, so that the edges have numpy's bits. */
static double
edge(const struct tally *t, size_t i)
{
    const size_t last = t->feature.bins - 1;
    const double step = (t->max - t->min) / (double)last;
    const double way = (double)i * step;

    return i == last ? t->max : way + t->min;
}

struct vocabulary_row
tally_row(const struct tally *t, size_t i)
{
    struct vocabulary_row row = { .id = (uint32_t)i, .key = "" };

    assert(i < tally_rows(t));
    switch (t->feature.encoder) {
    case ENCODER_LOOKUP:
    case ENCODER_TOKENIZE:
        row.id = vocabulary_unknown(&t->feature);
        if (i < t->with_id)
            row.id += 1 + (uint32_t)i;
        row.key = t->entry[i].key;
        row.len = t->entry[i].len;
        row.count = t->entry[i].count;
        break;
    case ENCODER_BUCKETIZE: row.value = edge(t, i); break;
    case ENCODER_NORMALIZE: return moments_row(&t->moments, i);
    case ENCODER_THRESHOLD: row.count = t->labels[i]; break;
    }
    return row;
}
