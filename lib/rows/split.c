#include "rows/split.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/rng.h"
#include "rows/split_order.h"
#include "rows/value.h"

enum { PURPOSE_RANDOM = 0x73706c69 }; /* "spli" */

struct split {
    struct split_rule rule;
    uint64_t rows, at; /* rows in all; the next one to be assigned */

    enum type key_type[SPLIT_KEYS_MAX]; /* SPLIT_HASH */

    /* SPLIT_RANDOM: what each part is still to get. */
    uint64_t left[SPLIT_PARTS_MAX];
    struct rng rng;

    struct split_order *order; /* the other laws */
};

void
split_counts(uint64_t n, const double *share, size_t parts, uint64_t *count)
{
    double remainder[SPLIT_PARTS_MAX], sum = 0;
    uint64_t given = 0;

    assert(parts > 0 && parts <= SPLIT_PARTS_MAX);
    for (size_t i = 0; i < parts; i++)
        sum += share[i];
    for (size_t i = 0; i < parts; i++) {
        const double exact = (double)n * (share[i] / sum);

        count[i] = (uint64_t)exact;
        /* Rounding errors must not give more than there is. */
        if (count[i] > n - given)
            count[i] = n - given;
        remainder[i] = exact - floor(exact);
        given += count[i];
    }
    for (; given < n; given++) {
        size_t best = 0;

        for (size_t i = 1; i < parts; i++)
            if (remainder[i] > remainder[best])
                best = i;
        count[best]++;
        remainder[best] -= 1;
    }
}

static bool
has_key(enum split_by by)
{
    return by != SPLIT_RANDOM && by != SPLIT_TIME;
}

static bool
has_time(enum split_by by)
{
    return by == SPLIT_TIME || by == SPLIT_USER_TIME || by == SPLIT_LAST;
}

static int
check_time(const struct column *c, struct error *e)
{
    char type[TYPE_TEXT_MAX];

    if (c->shape == SHAPE_SCALAR && c->type != TYPE_STR)
        return 0;
    column_type_text(c, type);
    return error_set(e, "column '%s' is %s; a time is one number", c->name,
                     type);
}

/* Column number K of those that are hashed. */
static size_t
hashed(const struct split_rule *rule, size_t k)
{
    return k == 0 ? rule->key : rule->more_key[k - 1];
}

struct split *
split_new(const struct split_rule *rule, const struct schema *schema,
          struct error *e)
{
    struct split *s;

    if (has_key(rule->by) && key_check(&schema->column[rule->key], e) != 0)
        return NULL;
    for (size_t k = 0; k < rule->more; k++)
        if (key_check(&schema->column[rule->more_key[k]], e) != 0)
            return NULL;
    if (has_time(rule->by) && check_time(&schema->column[rule->time], e) != 0)
        return NULL;
    s = mem_new(1, sizeof *s, e);
    if (s == NULL)
        return NULL;
    s->rule = *rule;
    for (size_t k = 0; rule->by == SPLIT_HASH && k <= rule->more; k++)
        s->key_type[k] = schema->column[hashed(rule, k)].type;
    if (rule->by != SPLIT_HASH && rule->by != SPLIT_RANDOM) {
        s->order = split_order_new(rule, schema, e);
        if (s->order == NULL) {
            free(s);
            return NULL;
        }
    }
    return s;
}

void
split_free(struct split *s)
{
    if (s == NULL)
        return;
    split_order_free(s->order);
    free(s);
}

int
split_look(struct split *s, const struct block *b, struct error *e)
{
    if (s->order != NULL && split_order_look(s->order, b, e) != 0)
        return -1;
    s->rows += b->rows;
    return 0;
}

int
split_plan(struct split *s, struct error *e)
{
    if (s->order != NULL)
        return split_order_plan(s->order, e);
    if (s->rule.by == SPLIT_RANDOM) {
        split_counts(s->rows, s->rule.share, s->rule.parts, s->left);
        s->rng = rng_for(s->rule.seed, PURPOSE_RANDOM, 0);
    }
    return 0;
}

/* Knuth's Algorithm S (TAOCP 3.4.2) for any number of parts: a row goes to a
 * part with a chance of the places left there by the rows left in all. */
static uint8_t
part_at_random(struct split *s)
{
    uint64_t u = rng_below(&s->rng, s->rows - s->at);
    uint8_t i = 0;

    while (u >= s->left[i])
        u -= s->left[i++];
    s->left[i]--;
    return i;
}

static uint8_t
part_by_hash(const struct split *s, const struct block *b, uint32_t row)
{
    uint64_t hash = s->rule.seed;
    double u;
    uint8_t i = 0;

    for (size_t k = 0; k <= s->rule.more; k++) {
        struct key key;

        key_at(&key, &b->column[hashed(&s->rule, k)], s->key_type[k], row);
        hash = hash_bytes(key.data, key.len, hash);
    }
    u = (double)(hash >> 11) * 0x1p-53;
    while ((size_t)i + 1 < s->rule.parts && u >= s->rule.share[i])
        u -= s->rule.share[i++];
    return i;
}

int
split_parts(struct split *s, const struct block *b, uint8_t *part,
            struct error *e)
{
    if (s->rule.by != SPLIT_HASH && b->rows > s->rows - s->at)
        return error_set(e, "changed while it was read");
    for (uint32_t r = 0; r < b->rows; r++, s->at++)
        switch (s->rule.by) {
        case SPLIT_RANDOM: part[r] = part_at_random(s); break;
        case SPLIT_HASH: part[r] = part_by_hash(s, b, r); break;
        default: part[r] = split_order_part(s->order, s->at); break;
        }
    return 0;
}
