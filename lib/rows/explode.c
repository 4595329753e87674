#include "rows/explode.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct explode {
    const struct schema *schema;
    const struct explode_list *list;
    size_t lists;
    bool *is_list; /* [columns]: not repeated */
    struct block block;
    struct array *element; /* [lists]: all elements of the block */
    float **standard;      /* [lists]: room for them, or NULL */
    size_t *standard_cap;
    uint32_t *row, *at; /* [BLOCK_ROWS]: rows and elements of a part */
    uint64_t *number;   /* the same, for "list" and "rank" */
    uint32_t *rank;
    uint64_t rows;      /* of the blocks before this one */
    uint32_t next_row;  /* that is to be gone through */
    uint32_t next_rank; /* elements of it that have been */
};

static int
check(const struct explode *x, struct error *e)
{
    for (size_t i = 0; i < x->lists; i++) {
        const struct column *c = &x->schema->column[x->list[i].from];

        if (c->shape != SHAPE_LIST)
            return error_set(e, "column '%s' is no list", c->name);
        if (x->list[i].standardize && c->type == TYPE_STR)
            return error_set(e, "column '%s' has no numbers to standardize",
                             c->name);
    }
    return 0;
}

struct explode *
explode_new(const struct schema *s, const struct explode_list *list, size_t n,
            struct error *e)
{
    struct explode *x = mem_new(1, sizeof *x, e);

    if (x == NULL)
        return NULL;
    x->schema = s;
    x->list = list;
    x->lists = n;
    x->is_list = mem_new(s->columns, sizeof *x->is_list, e);
    x->element = mem_new(n, sizeof *x->element, e);
    x->standard = mem_new(n, sizeof *x->standard, e);
    x->standard_cap = mem_new(n, sizeof *x->standard_cap, e);
    x->row = mem_new(BLOCK_ROWS, sizeof *x->row, e);
    x->at = mem_new(BLOCK_ROWS, sizeof *x->at, e);
    x->number = mem_new(BLOCK_ROWS, sizeof *x->number, e);
    x->rank = mem_new(BLOCK_ROWS, sizeof *x->rank, e);
    if (x->is_list == NULL || x->element == NULL || x->standard == NULL ||
        x->standard_cap == NULL || x->row == NULL || x->at == NULL ||
        x->number == NULL || x->rank == NULL || check(x, e) != 0) {
        explode_free(x);
        return NULL;
    }
    for (size_t i = 0; i < n; i++)
        x->is_list[list[i].from] = true;
    return x;
}

void
explode_free(struct explode *x)
{
    if (x == NULL)
        return;
    for (size_t i = 0; x->standard != NULL && i < x->lists; i++)
        free(x->standard[i]);
    free(x->standard);
    free(x->standard_cap);
    free(x->is_list);
    free(x->element);
    free(x->row);
    free(x->at);
    free(x->number);
    free(x->rank);
    free(x);
}

int
explode_columns(const struct explode *x, struct schema *out, struct error *e)
{
    const struct schema *s = x->schema;

    for (size_t c = 0; c < s->columns; c++)
        if (!x->is_list[c] && schema_add_column(out, &s->column[c], e) != 0)
            return -1;
    for (size_t i = 0; i < x->lists; i++) {
        const struct explode_list *l = &x->list[i];
        const enum type type =
            l->standardize ? TYPE_F32 : s->column[l->from].type;

        if (schema_add(out, l->name, type, SHAPE_SCALAR, 1, e) != 0)
            return -1;
    }
    if (schema_add(out, "list", TYPE_U64, SHAPE_SCALAR, 1, e) != 0)
        return -1;
    return schema_add(out, "rank", TYPE_U32, SHAPE_SCALAR, 1, e);
}

/* Elements FROM to TO - 1 of A, into OUT; false when one is not finite. */
static bool
standardize(const struct array *a, enum type t, size_t from, size_t to,
            float *out)
{
    const double n = (double)(to - from);
    double mean = 0, variance = 0, least = (double)INFINITY,
           most = -(double)INFINITY;

    for (size_t i = from; i < to; i++) {
        const double x = array_number(a, t, i);

        mean += x / n;
        least = fmin(least, x);
        most = fmax(most, x);
    }
    if (!isfinite(mean))
        return false;
    /* Then the mean may be off by its last bit, and they are not. */
    if (least == most) {
        memset(out + from, 0, (to - from) * sizeof *out);
        return true;
    }
    for (size_t i = from; i < to; i++) {
        const double d = array_number(a, t, i) - mean;

        variance += d * d / n;
    }
    for (size_t i = from; i < to; i++) {
        const double d = array_number(a, t, i) - mean;

        out[i] = (float)(variance > 0 ? d / sqrt(variance) : 0);
    }
    return isfinite(variance);
}

static int
check_lengths(const struct explode *x, const struct block *b, uint32_t *bad,
              struct error *e)
{
    const size_t first = x->list[0].from;
    const uint32_t *want = b->column[first].list;

    for (size_t i = 1; i < x->lists; i++) {
        const size_t other = x->list[i].from;
        const uint32_t *is = b->column[other].list;

        for (uint32_t r = 0; r < b->rows; r++)
            if (is[r + 1] != want[r + 1]) {
                *bad = r;
                return error_set(e, "%s has %u elements, %s has %u",
                                 x->schema->column[first].name,
                                 (unsigned)(want[r + 1] - want[r]),
                                 x->schema->column[other].name,
                                 (unsigned)(is[r + 1] - is[r]));
            }
    }
    return 0;
}

static int
standardize_list(struct explode *x, size_t i, uint32_t *bad, struct error *e)
{
    const struct column *c = &x->schema->column[x->list[i].from];
    const struct array *a = &x->block.column[x->list[i].from];
    float *out = mem_grow(x->standard[i], &x->standard_cap[i], a->count + 1,
                          sizeof *out, e);

    if (out == NULL)
        return -1;
    x->standard[i] = out;
    for (uint32_t r = 0; r < x->block.rows; r++)
        if (!standardize(a, c->type, a->list[r], a->list[r + 1], out)) {
            *bad = r;
            return error_set(e, "%s: a number is not finite, or too large",
                             c->name);
        }
    x->element[i].values = out;
    return 0;
}

int
explode_start(struct explode *x, const struct block *b, uint32_t *bad,
              struct error *e)
{
    *bad = 0;
    x->rows += x->block.rows;
    x->block = *b;
    x->next_row = x->next_rank = 0;
    if (check_lengths(x, b, bad, e) != 0)
        return -1;
    for (size_t i = 0; i < x->lists; i++) {
        x->element[i] = b->column[x->list[i].from];
        x->element[i].list = NULL;
        if (x->list[i].standardize && standardize_list(x, i, bad, e) != 0)
            return -1;
    }
    return 0;
}

/* The rows and elements of the next part: how many, from *FIRST on. */
static size_t
choose(struct explode *x, size_t *first)
{
    const uint32_t *list = x->block.column[x->list[0].from].list;
    size_t n = 0;

    while (n < BLOCK_ROWS && x->next_row < x->block.rows) {
        const uint32_t at = list[x->next_row] + x->next_rank;

        if (at == list[x->next_row + 1]) {
            x->next_row++;
            x->next_rank = 0;
            continue;
        }
        if (n == 0)
            *first = at;
        x->row[n] = x->next_row;
        x->at[n] = at;
        x->number[n] = x->rows + x->next_row + 1;
        x->rank[n++] = ++x->next_rank;
    }
    return n;
}

int
explode_next(struct explode *x, struct builder *out, size_t *first, size_t *n,
             struct error *e)
{
    const struct schema *s = x->schema;

    *n = choose(x, first);
    if (*n == 0)
        return 0;
    for (size_t c = 0; c < s->columns; c++)
        if (!x->is_list[c] &&
            builder_gather(out++, &s->column[c], &x->block.column[c], x->row,
                           *n, e) != 0)
            return error_prefix(e, "column '%s'", s->column[c].name);
    for (size_t i = 0; i < x->lists; i++, out++) {
        const struct column c = { NULL, out->type, SHAPE_SCALAR, 1 };

        if (builder_gather(out, &c, &x->element[i], x->at, *n, e) != 0)
            return error_prefix(e, "column '%s'", x->list[i].name);
    }
    if (builder_add(&out[0], x->number, *n, e) != 0 ||
        builder_add(&out[1], x->rank, *n, e) != 0)
        return -1;
    return 1;
}
