#include "filter/paired.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/intern.h"
#include "filter/filter.h"
#include "rows/value.h"

/* One of the two streams, and the row in it that comes next. */
struct side {
    struct input *in;
    struct block b;
    uint32_t row;
    size_t *metric, *key; /* columns */
    double *value;        /* of the metrics in that row */
};

struct paired {
    struct side side[2];
    size_t metrics, keys;  /* columns that both have */
    size_t by;             /* column of side 0 */
    struct intern *groups; /* NULL: every row is one */
    struct compare *compare;
};

static bool
is_metric(const struct column *c)
{
    const char *at = strrchr(c->name, '@');

    return c->type == TYPE_F64 && c->shape == SHAPE_SCALAR && at != NULL &&
           at > c->name && at[1] != '\0' &&
           strspn(at + 1, "0123456789") == strlen(at + 1);
}

static bool
is_key(const struct column *c)
{
    struct error e;

    return key_check(c, &e) == 0;
}

/* The columns that both streams have and that are KIND there, in those of the
 * sides called COLUMN[0] and COLUMN[1]. */
static size_t
shared(const struct paired *p, bool (*kind)(const struct column *),
       size_t *const *column)
{
    const struct schema *a = input_schema(p->side[0].in);
    const struct schema *b = input_schema(p->side[1].in);
    size_t n = 0;

    for (size_t i = 0; i < a->columns; i++) {
        const long j = schema_find(b, a->column[i].name);

        if (j < 0 || !kind(&a->column[i]) || !kind(&b->column[j]))
            continue;
        column[0][n] = i;
        column[1][n++] = (size_t)j;
    }
    return n;
}

static void
find_columns(struct paired *p)
{
    const size_t columns = input_schema(p->side[0].in)->columns;

    for (size_t i = 0; i < 2; i++) {
        struct side *s = &p->side[i];

        s->metric = must_new(columns, sizeof *s->metric);
        s->key = must_new(columns, sizeof *s->key);
        s->value = must_new(columns, sizeof *s->value);
    }
    p->metrics =
        shared(p, is_metric,
               (size_t *const[]){ p->side[0].metric, p->side[1].metric });
    p->keys =
        shared(p, is_key, (size_t *const[]){ p->side[0].key, p->side[1].key });
    if (p->metrics == 0)
        input_bad(p->side[1].in,
                  "has no column like ndcg@10 that %s has, too: see rec-ndcg's "
                  "--per-row and --per-query",
                  input_name(p->side[0].in));
}

/* Is there a row? */
static bool
more(struct side *s)
{
    while (s->row == s->b.rows) {
        s->row = 0;
        if (!input_next(s->in, &s->b)) {
            s->b.rows = 0;
            return false;
        }
    }
    return true;
}

static void
key_of(const struct side *s, size_t column, struct key *k)
{
    key_at(k, &s->b.column[column], input_schema(s->in)->column[column].type,
           s->row);
}

static void
check_keys(const struct paired *p)
{
    const struct side *a = &p->side[0], *b = &p->side[1];

    for (size_t i = 0; i < p->keys; i++) {
        struct key x, y;

        key_of(a, a->key[i], &x);
        key_of(b, b->key[i], &y);
        if (x.len != y.len || memcmp(x.data, y.data, x.len) != 0)
            input_bad_row(b->in, b->row,
                          "%s is another than in that row of %s: not the same "
                          "queries",
                          input_schema(b->in)->column[b->key[i]].name,
                          input_name(a->in));
    }
}

/* Whether the row has been measured: NaN says that it has not. */
static bool
take_values(const struct paired *p, struct side *s)
{
    size_t measured = 0;

    for (size_t v = 0; v < p->metrics; v++) {
        s->value[v] =
            ((const double *)s->b.column[s->metric[v]].values)[s->row];
        if (!isnan(s->value[v]))
            measured++;
    }
    if (measured > 0 && measured < p->metrics)
        input_bad_row(s->in, s->row, "some values are NaN and others are not");
    return measured > 0;
}

static uint32_t
group_of(const struct paired *p)
{
    struct error e;
    struct key k;
    uint32_t group;

    if (p->groups == NULL) {
        const size_t groups = compare_groups(p->compare);

        if (groups == UINT32_MAX)
            input_bad(p->side[0].in, "has too many rows");
        return (uint32_t)groups;
    }
    key_of(&p->side[0], p->by, &k);
    group = intern_add(p->groups, k.data, k.len, &e);
    must(group == INTERN_NONE ? -1 : 0, &e);
    return group;
}

/* The next row of both; false when it was left out. */
static bool
take_row(struct paired *p)
{
    struct side *a = &p->side[0], *b = &p->side[1];
    const bool measured = take_values(p, a);
    struct error e;

    check_keys(p);
    if (measured != take_values(p, b))
        input_bad_row(b->in, b->row, "was measured only here or only in %s",
                      input_name(a->in));
    if (measured &&
        compare_add(p->compare, group_of(p), a->value, b->value, &e) != 0)
        input_bad_row(b->in, b->row, "%s", e.text);
    a->row++;
    b->row++;
    return measured;
}

static void
read_rows(struct paired *p)
{
    struct side *a = &p->side[0], *b = &p->side[1];
    uint64_t left_out = 0;
    bool more_a, more_b;

    while ((more_a = more(a), more_b = more(b), more_a && more_b))
        if (!take_row(p))
            left_out++;
    if (more_a || more_b)
        input_bad(b->in, "has %s rows than %s", more_b ? "more" : "fewer",
                  input_name(a->in));
    if (compare_queries(p->compare) == 0)
        input_bad(b->in, "no rows to compare");
    if (left_out > 0)
        warning("%" PRIu64 " rows were not measured and are left out",
                left_out);
}

struct paired *
paired_read(const char *a, const char *b, const char *by)
{
    struct paired *p = must_new(1, sizeof *p);
    struct error e;

    p->side[0].in = input_open(a);
    p->side[1].in = input_open(b);
    find_columns(p);
    if (by != NULL) {
        p->by = input_column(p->side[0].in, by);
        if (key_check(&input_schema(p->side[0].in)->column[p->by], &e) != 0)
            input_bad(p->side[0].in, "%s", e.text);
        p->groups = must_have(intern_new(&e), &e);
    }
    p->compare = must_have(compare_new(p->metrics, &e), &e);
    read_rows(p);
    return p;
}

void
paired_free(struct paired *p)
{
    for (size_t i = 0; i < 2; i++) {
        input_close(p->side[i].in);
        free(p->side[i].metric);
        free(p->side[i].key);
        free(p->side[i].value);
    }
    intern_free(p->groups);
    compare_free(p->compare);
    free(p);
}

size_t
paired_values(const struct paired *p)
{
    return p->metrics;
}

const char *
paired_name(const struct paired *p, size_t v)
{
    const struct side *a = &p->side[0];

    return input_schema(a->in)->column[a->metric[v]].name;
}

const struct compare *
paired_compare(const struct paired *p)
{
    return p->compare;
}
