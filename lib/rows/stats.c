#include "rows/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/intern.h"
#include "base/mem.h"
#include "rows/value.h"

struct stats {
    struct stats_columns columns;
    enum type by, except, time;  /* of these columns, where there are such */
    struct intern *groups, *own; /* values of BY and of EXCEPT */
    struct stats_row *row;       /* [rows]; in the end by group and place */
    size_t rows, cap;
    size_t *start; /* [groups + 1]: where each group's rows begin */
    double sum;
    double first, last; /* time */
};

/* Rows of one group, in the order of their places. */
struct group {
    const struct stats_row *row;
    size_t n;
};

static const struct column *
column_of(const struct stats_columns *c, long at)
{
    return &c->schema->column[at];
}

static int
check_number(const struct stats_columns *c, long at, struct error *e)
{
    const struct column *is;

    if (at < 0)
        return 0;
    is = column_of(c, at);
    if (is->shape != SHAPE_SCALAR || is->type == TYPE_STR)
        return error_set(e, "column '%s' is no number a row", is->name);
    return 0;
}

static int
check_columns(const struct stats_columns *c, struct error *e)
{
    if (key_check(column_of(c, c->by), e) != 0 ||
        (c->except >= 0 && key_check(column_of(c, c->except), e) != 0))
        return -1;
    return check_number(c, c->time, e);
}

struct stats *
stats_new(const struct stats_columns *c, struct error *e)
{
    struct stats *s = mem_new(1, sizeof *s, e);

    if (s == NULL)
        return NULL;
    s->columns = *c;
    s->by = column_of(c, c->by)->type;
    if (c->except >= 0)
        s->except = column_of(c, c->except)->type;
    if (c->time >= 0)
        s->time = column_of(c, c->time)->type;
    s->groups = intern_new(e);
    s->own = intern_new(e);
    s->first = (double)INFINITY;
    s->last = -(double)INFINITY;
    if (s->groups == NULL || s->own == NULL || check_columns(c, e) != 0 ||
        check_number(c, c->of, e) != 0 || check_number(c, c->less, e) != 0) {
        stats_free(s);
        return NULL;
    }
    return s;
}

void
stats_free(struct stats *s)
{
    if (s == NULL)
        return;
    free(s->row);
    free(s->start);
    intern_free(s->groups);
    intern_free(s->own);
    free(s);
}

static double
number_of(const struct stats_columns *c, const struct block *b, long at,
          uint32_t r)
{
    return at >= 0 ? array_number(&b->column[at], column_of(c, at)->type, r)
                   : 0;
}

/* What of R decides its place; a new EXCEPT gets a number when ADD is S. */
static int
read_place(const struct stats *s, struct stats *add,
           const struct stats_columns *c, const struct block *b, uint32_t r,
           uint64_t number, struct stats_row *row, struct error *e)
{
    *row = (struct stats_row){ .own = INTERN_NONE };
    if (c->except < 0 && s->columns.numbered) {
        row->tie = number;
        row->own = 0;
    }
    if (c->except >= 0) {
        struct key k;

        key_at(&k, &b->column[c->except], column_of(c, c->except)->type, r);
        row->tie = hash_bytes(k.data, k.len, 1);
        row->own = add != NULL ? intern_add(add->own, k.data, k.len, e)
                               : intern_find(s->own, k.data, k.len);
        if (add != NULL && row->own == INTERN_NONE)
            return -1;
    }
    row->time = number_of(c, b, c->time, r);
    if (!isfinite(row->time))
        return error_set(e, "%s is not finite", column_of(c, c->time)->name);
    return c->time < 0
               ? 0
               : value_order(&b->column[c->time], column_of(c, c->time)->type,
                             r, &row->order, e);
}

static int
add_row(struct stats *s, const struct block *b, uint32_t r, struct error *e)
{
    const struct stats_columns *c = &s->columns;
    struct stats_row row, *grown;
    struct key k;

    if (read_place(s, s, c, b, r, s->rows, &row, e) != 0)
        return -1;
    key_at(&k, &b->column[c->by], column_of(c, c->by)->type, r);
    row.group = intern_add(s->groups, k.data, k.len, e);
    if (row.group == INTERN_NONE)
        return -1;
    row.value = number_of(c, b, c->of, r);
    if (c->at_least != NULL && !isnan(row.value))
        row.value = row.value >= *c->at_least;
    row.value -= number_of(c, b, c->less, r);
    s->sum += row.value;
    if (!isfinite(s->sum))
        return error_set(e, "%s%s is not finite",
                         isfinite(row.value) ? "the sum of " : "",
                         column_of(c, c->of >= 0 ? c->of : c->less)->name);
    grown = mem_grow(s->row, &s->cap, s->rows + 1, sizeof *grown, e);
    if (grown == NULL)
        return -1;
    s->row = grown;
    grown[s->rows++] = row;
    s->first = fmin(s->first, row.time);
    s->last = fmax(s->last, row.time);
    return 0;
}

int
stats_add(struct stats *s, const struct block *b, uint32_t *bad,
          struct error *e)
{
    for (*bad = 0; *bad < b->rows; ++*bad)
        if (add_row(s, b, *bad, e) != 0)
            return -1;
    return 0;
}

static int
compare_u64(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int
by_place(const void *pa, const void *pb)
{
    const struct stats_row *a = pa, *b = pb;

    if (a->order != b->order)
        return compare_u64(a->order, b->order);
    if (a->tie != b->tie)
        return compare_u64(a->tie, b->tie);
    return compare_u64(a->own, b->own);
}

/* Rows of one place have an order, too, lest sums depend on the sort. */
static int
by_group(const void *pa, const void *pb)
{
    const struct stats_row *a = pa, *b = pb;
    int c = compare_u64(a->group, b->group);

    if (c == 0)
        c = by_place(a, b);
    return c != 0 ? c : (a->value > b->value) - (a->value < b->value);
}

int
stats_finish(struct stats *s, struct error *e)
{
    const uint32_t groups = intern_count(s->groups);
    size_t at = 0;

    s->row = mem_trim(s->row, &s->cap, s->rows, sizeof *s->row);
    s->start = mem_new((size_t)groups + 1, sizeof *s->start, e);
    if (s->start == NULL)
        return -1;
    if (s->rows > 0)
        qsort(s->row, s->rows, sizeof *s->row, by_group);
    for (uint32_t g = 0; g < groups; g++) {
        s->start[g] = at;
        for (at++; at < s->rows && s->row[at].group == g; at++)
            s->row[at].value += s->row[at - 1].value;
    }
    s->start[groups] = at;
    return 0;
}

/* Text looks like text, and numbers like numbers. */
static int
check_alike(enum type had, const struct stats_columns *c, long at,
            struct error *e)
{
    const struct column *is = column_of(c, at);

    if ((is->type == TYPE_STR) != (had == TYPE_STR))
        return error_set(e, "column '%s' is %s, and %s in the other rows",
                         is->name, type_name(is->type), type_name(had));
    return 0;
}

int
stats_suits(const struct stats *s, const struct stats_columns *c,
            struct error *e)
{
    if (check_columns(c, e) != 0 || check_alike(s->by, c, c->by, e) != 0)
        return -1;
    if (c->except >= 0 && check_alike(s->except, c, c->except, e) != 0)
        return -1;
    if (c->time >= 0 && column_of(c, c->time)->type != s->time)
        return error_set(e, "column '%s' is of another type in the other rows",
                         column_of(c, c->time)->name);
    return 0;
}

/* How many rows of G have a place below ROW's, or with UP not above it. */
static size_t
below(const struct group *g, const struct stats_row *row, bool up)
{
    size_t low = 0, high = g->n;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (by_place(&g->row[middle], row) < up)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int
stats_find(const struct stats *s, const struct stats_columns *c,
           const struct block *b, uint32_t row, uint64_t number,
           struct stats_place *p, struct error *e)
{
    struct group g = { NULL, 0 };
    struct stats_row at;
    struct key k;
    uint32_t n;

    if (read_place(s, NULL, c, b, row, number, &at, e) != 0)
        return -1;
    key_at(&k, &b->column[c->by], column_of(c, c->by)->type, row);
    n = intern_find(s->groups, k.data, k.len);
    if (n != INTERN_NONE)
        g = (struct group){ s->row + s->start[n],
                            s->start[n + 1] - s->start[n] };
    p->row = g.row;
    p->n = g.n;
    p->time = at.time;
    p->mean = s->rows > 0 ? s->sum / (double)s->rows : 0;
    p->span = s->rows > 0 ? s->last - s->first : 0;
    p->begin = p->end = below(&g, &at, false);
    if (at.own != INTERN_NONE)
        p->end = below(&g, &at, true);
    return 0;
}
