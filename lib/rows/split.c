#include "rows/split.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/intern.h"
#include "base/rng.h"
#include "rows/value.h"

enum { PURPOSE_RANDOM = 0x73706c69 }; /* "spli" */

/* A row as the rules by time see it. */
struct moment {
    uint64_t time; /* value_order() */
    uint32_t user; /* 0 for SPLIT_TIME */
    uint32_t row;
};

struct split {
    struct split_rule rule;
    enum type key_type, time_type;
    uint64_t rows, at; /* rows in all; the next one to be assigned */

    /* SPLIT_RANDOM: what each part is still to get. */
    uint64_t left[SPLIT_PARTS_MAX];
    struct rng rng;

    /* By time. */
    struct intern *users;
    struct moment *moment; /* [rows], until the plan is made */
    size_t cap;
    uint8_t *part; /* [rows], from then on */
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
    return by != SPLIT_RANDOM && by != SPLIT_HASH;
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

struct split *
split_new(const struct split_rule *rule, const struct schema *schema,
          struct error *e)
{
    struct split *s;

    if (has_key(rule->by) && key_check(&schema->column[rule->key], e) != 0)
        return NULL;
    if (has_time(rule->by) && check_time(&schema->column[rule->time], e) != 0)
        return NULL;
    s = mem_new(1, sizeof *s, e);
    if (s == NULL)
        return NULL;
    s->rule = *rule;
    if (has_key(rule->by))
        s->key_type = schema->column[rule->key].type;
    if (has_time(rule->by)) {
        s->time_type = schema->column[rule->time].type;
        s->users = intern_new(e);
        if (s->users == NULL) {
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
    intern_free(s->users);
    free(s->moment);
    free(s->part);
    free(s);
}

static int
add_moment(struct split *s, const struct block *b, uint32_t row,
           struct error *e)
{
    struct moment *m = &s->moment[s->rows + row];

    *m = (struct moment){ .row = (uint32_t)(s->rows + row) };
    if (value_order(&b->column[s->rule.time], s->time_type, row, &m->time, e) !=
        0)
        return error_prefix(e, "row %" PRIu64, s->rows + row + 1);
    if (has_key(s->rule.by)) {
        struct key k;

        key_at(&k, &b->column[s->rule.key], s->key_type, row);
        m->user = intern_add(s->users, k.data, k.len, e);
        if (m->user == INTERN_NONE)
            return -1;
    }
    return 0;
}

int
split_look(struct split *s, const struct block *b, struct error *e)
{
    if (has_time(s->rule.by)) {
        struct moment *grown;

        if (s->rows + b->rows > UINT32_MAX)
            return error_set(e, "more than %" PRIu32 " rows cannot be sorted",
                             UINT32_MAX);
        grown = mem_grow(s->moment, &s->cap, (size_t)s->rows + b->rows,
                         sizeof *grown, e);
        if (grown == NULL)
            return -1;
        s->moment = grown;
        for (uint32_t r = 0; r < b->rows; r++)
            if (add_moment(s, b, r, e) != 0)
                return -1;
    }
    s->rows += b->rows;
    return 0;
}

/* By user, then by time; equal times as the rows came. */
static int
compare_moments(const void *a, const void *b)
{
    const struct moment *x = a, *y = b;

    if (x->user != y->user)
        return x->user < y->user ? -1 : 1;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

/* How many of a user's N rows each part gets. */
static void
user_counts(const struct split_rule *rule, uint64_t n, uint64_t *count)
{
    if (rule->by != SPLIT_LAST) {
        split_counts(n, rule->share, rule->parts, count);
        return;
    }
    for (size_t i = rule->parts; i-- > 0;) {
        count[i] = i > 0 && n > rule->last ? rule->last : n;
        n -= count[i];
    }
}

/* M are the N rows of one user, the earliest first. */
static void
assign(struct split *s, const struct moment *m, size_t n)
{
    uint64_t count[SPLIT_PARTS_MAX];

    user_counts(&s->rule, n, count);
    for (size_t i = 0; i < s->rule.parts; i++)
        for (uint64_t c = 0; c < count[i]; c++)
            s->part[m++->row] = (uint8_t)i;
}

static int
plan_by_time(struct split *s, struct error *e)
{
    const size_t n = (size_t)s->rows;

    s->part = mem_new(n, sizeof *s->part, e);
    if (s->part == NULL)
        return -1;
    if (n > 0)
        qsort(s->moment, n, sizeof *s->moment, compare_moments);
    for (size_t first = 0, end; first < n; first = end) {
        end = first + 1;
        while (end < n && s->moment[end].user == s->moment[first].user)
            end++;
        assign(s, &s->moment[first], end - first);
    }
    free(s->moment);
    s->moment = NULL;
    return 0;
}

int
split_plan(struct split *s, struct error *e)
{
    if (has_time(s->rule.by))
        return plan_by_time(s, e);
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
part_by_hash(const struct split *s, const struct array *a, uint32_t row)
{
    struct key k;
    double u;
    uint8_t i = 0;

    key_at(&k, a, s->key_type, row);
    u = (double)(hash_bytes(k.data, k.len, s->rule.seed) >> 11) * 0x1p-53;
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
        case SPLIT_HASH:
            part[r] = part_by_hash(s, &b->column[s->rule.key], r);
            break;
        default: part[r] = s->part[s->at]; break;
        }
    return 0;
}
