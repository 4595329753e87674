#include "rows/split_order.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/intern.h"
#include "base/mt19937.h"
#include "base/rng.h"
#include "rows/value.h"

enum { PURPOSE_STRATIFIED = 0x73747261 }; /* "stra" */

/* A row as it is sorted. */
struct place {
    uint64_t order; /* value_order() of the time, or a random number */
    uint32_t group; /* 0 for SPLIT_TIME */
    uint32_t row;
};

struct split_order {
    struct split_rule rule;
    enum type key_type, time_type;
    struct rng rng;     /* SPLIT_STRATIFIED */
    struct mt19937 *mt; /* NULL: rng it is */
    uint64_t rows;
    struct intern *groups;
    struct place *place; /* [rows], until the plan is made */
    size_t cap;
    uint8_t *part; /* [rows], from then on */
};

static bool
is_grouped(const struct split_rule *rule)
{
    return rule->by != SPLIT_TIME;
}

static int
start_generator(struct split_order *o, struct error *e)
{
    o->rng = rng_for(o->rule.seed, PURPOSE_STRATIFIED, 0);
    if (o->rule.generator != SPLIT_MT19937)
        return 0;
    if (o->rule.seed > UINT32_MAX)
        return error_set(e, "seeds of mt19937 end at %" PRIu32, UINT32_MAX);
    o->mt = mem_new(1, sizeof *o->mt, e);
    if (o->mt == NULL)
        return -1;
    mt19937_seed(o->mt, (uint32_t)o->rule.seed);
    return 0;
}

struct split_order *
split_order_new(const struct split_rule *rule, const struct schema *s,
                struct error *e)
{
    struct split_order *o = mem_new(1, sizeof *o, e);

    if (o == NULL)
        return NULL;
    o->rule = *rule;
    if (is_grouped(rule))
        o->key_type = s->column[rule->key].type;
    if (rule->by != SPLIT_STRATIFIED)
        o->time_type = s->column[rule->time].type;
    o->groups = intern_new(e);
    if (o->groups == NULL || start_generator(o, e) != 0) {
        split_order_free(o);
        return NULL;
    }
    return o;
}

void
split_order_free(struct split_order *o)
{
    if (o == NULL)
        return;
    intern_free(o->groups);
    free(o->mt);
    free(o->place);
    free(o->part);
    free(o);
}

static int
order_of(struct split_order *o, const struct block *b, uint32_t row,
         uint64_t *order, struct error *e)
{
    if (o->rule.by == SPLIT_STRATIFIED) {
        *order = o->mt != NULL ? mt19937_u53(o->mt) : rng_u64(&o->rng);
        return 0;
    }
    if (value_order(&b->column[o->rule.time], o->time_type, row, order, e) != 0)
        return error_prefix(e, "row %" PRIu64, o->rows + row + 1);
    return 0;
}

static int
add_place(struct split_order *o, const struct block *b, uint32_t row,
          struct error *e)
{
    struct place *p = &o->place[o->rows + row];

    *p = (struct place){ .row = (uint32_t)(o->rows + row) };
    if (order_of(o, b, row, &p->order, e) != 0)
        return -1;
    if (is_grouped(&o->rule)) {
        struct key k;

        key_at(&k, &b->column[o->rule.key], o->key_type, row);
        p->group = intern_add(o->groups, k.data, k.len, e);
        if (p->group == INTERN_NONE)
            return -1;
    }
    return 0;
}

int
split_order_look(struct split_order *o, const struct block *b, struct error *e)
{
    struct place *grown;

    if (o->rows + b->rows > UINT32_MAX)
        return error_set(e, "more than %" PRIu32 " rows cannot be sorted",
                         UINT32_MAX);
    grown = mem_grow(o->place, &o->cap, (size_t)o->rows + b->rows,
                     sizeof *grown, e);
    if (grown == NULL)
        return -1;
    o->place = grown;
    for (uint32_t r = 0; r < b->rows; r++)
        if (add_place(o, b, r, e) != 0)
            return -1;
    o->rows += b->rows;
    return 0;
}

/* By group, then by time or number; equal ones as the rows came. */
static int
compare_places(const void *a, const void *b)
{
    const struct place *x = a, *y = b;

    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static void
counts_of_last(const struct split_rule *rule, uint64_t n, uint64_t *count)
{
    for (size_t i = rule->parts; i-- > 0;) {
        count[i] = i > 0 && n > rule->last ? rule->last : n;
        n -= count[i];
    }
}

/* Cut at (the shares so far) * N, rounded to the nearest whole number and
 * halves to the even one, as Python's round() does.  rint() does, too, in the
 * rounding mode that a program starts with. */
static void
counts_by_bounds(const struct split_rule *rule, uint64_t n, uint64_t *count)
{
    uint64_t given = 0;
    double share = 0;

    for (size_t i = 0; i < rule->parts; i++) {
        double bound;

        share += rule->share[i];
        bound = rint(share * (double)n);
        if (i + 1 == rule->parts || bound > (double)n)
            bound = (double)n;
        count[i] = (uint64_t)bound - given;
        given += count[i];
    }
}

/* How many of a group's N rows each part gets. */
static void
group_counts(const struct split_rule *rule, uint64_t n, uint64_t *count)
{
    switch (rule->by) {
    case SPLIT_LAST: counts_of_last(rule, n, count); break;
    case SPLIT_STRATIFIED: counts_by_bounds(rule, n, count); break;
    default: split_counts(n, rule->share, rule->parts, count); break;
    }
}

/* P are the N rows of one group in their order. */
static void
assign(struct split_order *o, const struct place *p, size_t n)
{
    uint64_t count[SPLIT_PARTS_MAX];

    group_counts(&o->rule, n, count);
    for (size_t i = 0; i < o->rule.parts; i++)
        for (uint64_t c = 0; c < count[i]; c++)
            o->part[p++->row] = (uint8_t)i;
}

int
split_order_plan(struct split_order *o, struct error *e)
{
    const size_t n = (size_t)o->rows;

    o->part = mem_new(n, sizeof *o->part, e);
    if (o->part == NULL)
        return -1;
    if (n > 0)
        qsort(o->place, n, sizeof *o->place, compare_places);
    for (size_t first = 0, end; first < n; first = end) {
        end = first + 1;
        while (end < n && o->place[end].group == o->place[first].group)
            end++;
        assign(o, &o->place[first], end - first);
    }
    free(o->place);
    o->place = NULL;
    return 0;
}

uint8_t
split_order_part(const struct split_order *o, uint64_t row)
{
    return o->part[row];
}
