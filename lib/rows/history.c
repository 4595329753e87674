#include "rows/history.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/intern.h"
#include "rows/value.h"

struct taken {
    uint64_t time;  /* value_order()'s, or the number of the row */
    uint32_t item;  /* number in ITEMS */
    uint32_t order; /* of those with the same time */
};

struct person {
    struct taken *taken; /* by time */
    size_t n, cap;
};

struct history {
    struct history_columns columns;
    size_t most;
    bool ties;
    struct intern *people, *items; /* items by their bytes */
    struct person *person;         /* [people] */
    size_t cap;
    uint64_t last; /* time of the row before */
    uint64_t rows;
};

static const struct column *
column_of(const struct history_columns *c, long at)
{
    return &c->schema->column[at];
}

static int
check_time(const struct history_columns *c, struct error *e)
{
    const struct column *time;

    if (c->time < 0)
        return 0;
    time = column_of(c, c->time);
    if (time->shape != SHAPE_SCALAR || time->type == TYPE_STR)
        return error_set(e, "column '%s' is no number a row", time->name);
    return 0;
}

struct history *
history_new(const struct history_columns *c, size_t most, bool ties,
            struct error *e)
{
    struct history *h = mem_new(1, sizeof *h, e);

    if (h == NULL)
        return NULL;
    h->columns = *c;
    h->most = most;
    h->ties = ties;
    h->people = intern_new(e);
    h->items = intern_new(e);
    if (h->people == NULL || h->items == NULL ||
        key_check(column_of(c, c->who), e) != 0 || check_time(c, e) != 0)
        goto fail;
    if (column_of(c, c->item)->shape != SHAPE_SCALAR) {
        error_set(e, "column '%s' is not one value a row",
                  column_of(c, c->item)->name);
        goto fail;
    }
    return h;
fail:
    history_free(h);
    return NULL;
}

void
history_free(struct history *h)
{
    if (h == NULL)
        return;
    for (size_t i = 0; i < h->cap; i++)
        free(h->person[i].taken);
    free(h->person);
    intern_free(h->people);
    intern_free(h->items);
    free(h);
}

enum type
history_type(const struct history *h)
{
    return column_of(&h->columns, h->columns.item)->type;
}

/* The bytes of value R. */
static const void *
item_bytes(const struct array *a, enum type t, size_t r, size_t *len)
{
    if (t == TYPE_STR)
        return array_str(a, r, len);
    *len = type_size(t);
    return (const char *)a->values + r * *len;
}

/* The number of row R's WHO; a new one when ADD. */
static uint32_t
who_of(const struct history *h, const struct history_columns *c,
       const struct block *b, uint32_t r, bool add, struct error *e)
{
    struct key k;

    key_at(&k, &b->column[c->who], column_of(c, c->who)->type, r);
    return add ? intern_add(h->people, k.data, k.len, e)
               : intern_find(h->people, k.data, k.len);
}

static int
time_of(const struct history_columns *c, const struct block *b, uint32_t r,
        uint64_t *time, struct error *e)
{
    return value_order(&b->column[c->time], column_of(c, c->time)->type, r,
                       time, e);
}

/* Row R's person, made room for. */
static struct person *
new_person(struct history *h, const struct block *b, uint32_t r,
           struct error *e)
{
    const uint32_t who = who_of(h, &h->columns, b, r, true, e);
    const size_t had = h->cap;
    struct person *grown;

    if (who == INTERN_NONE)
        return NULL;
    grown = mem_grow(h->person, &h->cap, (size_t)who + 1, sizeof *grown, e);
    if (grown == NULL)
        return NULL;
    h->person = grown;
    memset(grown + had, 0, (h->cap - had) * sizeof *grown);
    return &grown[who];
}

/* Row R is the last that P took. */
static int
take(struct history *h, struct person *p, const struct block *b, uint32_t r,
     uint64_t time, struct error *e)
{
    size_t len;
    const void *bytes =
        item_bytes(&b->column[h->columns.item], history_type(h), r, &len);
    const uint32_t item = intern_add(h->items, bytes, len, e);
    struct taken *grown;

    if (item == INTERN_NONE)
        return -1;
    if (p->n >= UINT32_MAX)
        return error_set(e, "one has taken more than %" PRIu32, UINT32_MAX);
    grown = mem_grow(p->taken, &p->cap, p->n + 1, sizeof *grown, e);
    if (grown == NULL)
        return -1;
    p->taken = grown;
    grown[p->n] = (struct taken){ time, item, (uint32_t)p->n };
    p->n++;
    return 0;
}

/* How many were before TIME, or with TIES not later. */
static size_t
before(const struct person *p, uint64_t time, bool ties)
{
    size_t low = 0, high = p->n;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (p->taken[middle].time < time ||
            (ties && p->taken[middle].time == time))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The last of the first N that P took, without OWN. */
static int
add_list(const struct history *h, const struct person *p, size_t n,
         uint32_t own, struct builder *out, struct error *e)
{
    size_t left = h->most;

    while (n > 0 && left > 0) {
        const uint32_t item = p->taken[--n].item;
        size_t len;
        const char *bytes = intern_key(h->items, item, &len);

        if (item == own)
            continue;
        if ((history_type(h) == TYPE_STR ? builder_add_str(out, bytes, len, e)
                                         : builder_add(out, bytes, 1, e)) != 0)
            return -1;
        left--;
    }
    return builder_end_row(out, e);
}

/* Forget what no later row will ask for, of N that were before this one's time;
 * seldom, and then much. */
static void
forget(const struct history *h, struct person *p, size_t n)
{
    const size_t old = n > h->most ? n - h->most : 0;

    if (old <= h->most)
        return;
    memmove(p->taken, p->taken + old, (p->n - old) * sizeof *p->taken);
    p->n -= old;
}

static int
follow_row(struct history *h, const struct block *b, uint32_t r,
           struct builder *out, struct error *e)
{
    struct person *p = new_person(h, b, r, e);
    uint64_t time = h->rows;
    size_t n;

    if (p == NULL)
        return -1;
    if (h->columns.time >= 0 && time_of(&h->columns, b, r, &time, e) != 0)
        return -1;
    if (time < h->last)
        return error_set(e, "%s falls: the rows are not in the order of time",
                         column_of(&h->columns, h->columns.time)->name);
    h->last = time;
    h->rows++;
    n = before(p, time, false);
    if (add_list(h, p, n, INTERN_NONE, out, e) != 0)
        return -1;
    forget(h, p, n);
    return take(h, p, b, r, time, e);
}

int
history_follow(struct history *h, const struct block *b, struct builder *out,
               uint32_t *bad, struct error *e)
{
    for (*bad = 0; *bad < b->rows; ++*bad)
        if (follow_row(h, b, *bad, out, e) != 0)
            return -1;
    return 0;
}

int
history_remember(struct history *h, const struct block *b, uint32_t *bad,
                 struct error *e)
{
    for (*bad = 0; *bad < b->rows; ++*bad) {
        struct person *p = new_person(h, b, *bad, e);
        uint64_t time = h->rows++;

        if (p == NULL ||
            (h->columns.time >= 0 &&
             time_of(&h->columns, b, *bad, &time, e) != 0) ||
            take(h, p, b, *bad, time, e) != 0)
            return -1;
    }
    return 0;
}

static int
by_time(const void *pa, const void *pb)
{
    const struct taken *a = pa, *b = pb;

    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

void
history_finish(struct history *h)
{
    const uint32_t people = intern_count(h->people);

    for (uint32_t i = 0; i < people; i++)
        qsort(h->person[i].taken, h->person[i].n, sizeof *h->person->taken,
              by_time);
}

/* Without times, and with ties, a row's own item is not in its list. */
static bool
leaves_out_own(const struct history *h)
{
    return h->columns.time < 0 || h->ties;
}

int
history_suits(const struct history *h, const struct history_columns *c,
              struct error *e)
{
    const struct column *mine = column_of(&h->columns, h->columns.who);
    const struct column *who = column_of(c, c->who);

    if (key_check(who, e) != 0 || check_time(c, e) != 0)
        return -1;
    if ((who->type == TYPE_STR) != (mine->type == TYPE_STR))
        return error_set(e, "column '%s' is %s, and %s in the history",
                         who->name, type_name(who->type),
                         type_name(mine->type));
    if (leaves_out_own(h) && c->item >= 0 &&
        (column_of(c, c->item)->type != history_type(h) ||
         column_of(c, c->item)->shape != SHAPE_SCALAR))
        return error_set(e, "column '%s' is of another type in the history",
                         column_of(c, c->item)->name);
    if (h->columns.time >= 0 &&
        column_of(c, c->time)->type !=
            column_of(&h->columns, h->columns.time)->type)
        return error_set(e, "column '%s' is of another type in the history",
                         column_of(c, c->time)->name);
    return 0;
}

/* The number of row R's own item, or INTERN_NONE. */
static uint32_t
own_item(const struct history *h, const struct history_columns *c,
         const struct block *b, uint32_t r)
{
    const void *bytes;
    size_t len;

    if (!leaves_out_own(h) || c->item < 0)
        return INTERN_NONE;
    bytes = item_bytes(&b->column[c->item], history_type(h), r, &len);
    return intern_find(h->items, bytes, len);
}

int
history_lists(const struct history *h, const struct history_columns *c,
              const struct block *b, struct builder *out, uint32_t *bad,
              struct error *e)
{
    static const struct person nobody;

    for (*bad = 0; *bad < b->rows; ++*bad) {
        const uint32_t who = who_of(h, c, b, *bad, false, e);
        const struct person *p = who != INTERN_NONE ? &h->person[who] : &nobody;
        uint64_t time = 0;

        if (h->columns.time >= 0 && time_of(c, b, *bad, &time, e) != 0)
            return -1;
        if (add_list(h, p,
                     h->columns.time >= 0 ? before(p, time, h->ties) : p->n,
                     own_item(h, c, b, *bad), out, e) != 0)
            return -1;
    }
    return 0;
}
