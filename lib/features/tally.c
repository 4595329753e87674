#include "features/tally.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "features/tokens.h"
#include "features/value.h"

struct entry {
    const char *key;
    uint64_t count;
    uint32_t len;
    bool rare; /* too rare for an id of its own */
};

struct tally {
    struct feature feature;
    struct intern *keys;
    uint64_t *count; /* [keys] */
    size_t count_cap;
    struct tokens tokens;
    uint64_t n; /* numbers seen */
    double min, max, mean, m2;
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
    t->keys = intern_new(e);
    if (t->keys == NULL) {
        tally_free(t);
        return NULL;
    }
    return t;
}

void
tally_free(struct tally *t)
{
    if (t == NULL)
        return;
    intern_free(t->keys);
    tokens_free(&t->tokens);
    free(t->count);
    free(t->entry);
    free(t);
}

static int
count_key(struct tally *t, const char *key, size_t len, struct error *e)
{
    const uint32_t n = intern_count(t->keys);
    const uint32_t i = intern_add(t->keys, key, len, e);
    uint64_t *grown;

    if (i == INTERN_NONE)
        return -1;
    if (i == n) {
        grown =
            mem_grow(t->count, &t->count_cap, (size_t)n + 1, sizeof *grown, e);
        if (grown == NULL)
            return -1;
        t->count = grown;
        t->count[n] = 0;
    }
    t->count[i]++;
    return 0;
}

static int
count_tokens(struct tally *t, const char *text, size_t len, struct error *e)
{
    const char *token;

    if (tokens_start(&t->tokens, text, len, e) != 0)
        return -1;
    while ((token = tokens_next(&t->tokens, &len)) != NULL)
        if (count_key(t, token, len, e) != 0)
            return -1;
    return 0;
}

static void
count_number(struct tally *t, double v)
{
    const double before = v - t->mean;

    if (t->n == 0 || v < t->min)
        t->min = v;
    if (t->n == 0 || v > t->max)
        t->max = v;
    t->n++;
    t->mean += before / (double)t->n;
    t->m2 += before * (v - t->mean);
    t->labels[v >= t->feature.at]++;
}

static int
add_row(struct tally *t, const struct column *c, const struct array *a,
        uint32_t r, struct error *e)
{
    char scratch[NUMBER_TEXT_MAX];
    const char *text;
    size_t len;
    double v;

    switch (t->feature.encoder) {
    case ENCODER_LOOKUP:
        text = value_key(c, a, r, scratch, &len, e);
        return text != NULL ? count_key(t, text, len, e) : -1;
    case ENCODER_TOKENIZE:
        text = array_str(a, r, &len);
        return count_tokens(t, text, len, e);
    case ENCODER_BUCKETIZE:
    case ENCODER_NORMALIZE:
    case ENCODER_THRESHOLD: break;
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
    for (uint32_t r = 0; r < rows; r++)
        if (add_row(t, c, a, r, e) != 0) {
            *bad = r;
            return -1;
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

int
tally_finish(struct tally *t, struct error *e)
{
    const struct feature *f = &t->feature;
    const size_t n = intern_count(t->keys);
    const bool tokens = f->encoder == ENCODER_TOKENIZE;

    t->entry = mem_new(n, sizeof *t->entry, e);
    if (t->entry == NULL)
        return -1;
    for (size_t i = 0; i < n; i++) {
        struct entry *entry = &t->entry[i];
        size_t len;

        entry->key = intern_key(t->keys, (uint32_t)i, &len);
        entry->len = (uint32_t)len; /* a block is shorter than 4 GiB */
        entry->count = t->count[i];
        entry->rare = entry->count < f->min;
        t->with_id += !entry->rare;
    }
    qsort(t->entry, n, sizeof *t->entry,
          tokens || f->order == ORDER_COUNT ? by_count : by_bytes);
    if (tokens && t->with_id > f->max - (TOKEN_UNKNOWN + 1))
        t->with_id = f->max - (TOKEN_UNKNOWN + 1);
    return 0;
}

size_t
tally_rows(const struct tally *t)
{
    switch (t->feature.encoder) {
    case ENCODER_LOOKUP:
    case ENCODER_TOKENIZE: break;
    case ENCODER_BUCKETIZE: return t->feature.bins;
    case ENCODER_NORMALIZE:
    case ENCODER_THRESHOLD: return 2;
    }
    return intern_count(t->keys);
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
    case ENCODER_NORMALIZE:
        row.key = i == 0 ? "mean" : "variance";
        row.len = strlen(row.key);
        row.count = t->n;
        row.value = i == 0 ? t->mean : t->m2 / (double)t->n;
        break;
    case ENCODER_THRESHOLD: row.count = t->labels[i]; break;
    }
    return row;
}
