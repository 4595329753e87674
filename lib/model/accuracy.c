#include "model/accuracy.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/ranks.h"

/* Rows that go through a tower at once: bounds the scratch memory. */
#define CHUNK 4096

struct accuracy {
    const struct examples *set[2]; /* training, validation */
    size_t dim, items;
    uint32_t *place[2]; /* [tuples]: the item that a tuple stands for if it is
                           the first with its key, else RANKS_NONE */
    size_t keys;
    uint32_t *number;       /* [keys]: the item with that key, or RANKS_NONE */
    uint32_t *own;          /* [rows] of the validation set */
    struct ranks_skip skip; /* what accuracy_leave_out() made */
    uint32_t *skip_offset, *skip_item;
    uint32_t *rank;
    float *item, *query;
};

/* Number the items by key, in the order in which they come. */
static int
number_items(struct accuracy *a, struct error *e)
{
    const struct examples *v = a->set[1];
    uint32_t *number;

    a->keys =
        a->set[0]->keys > a->set[1]->keys ? a->set[0]->keys : a->set[1]->keys;
    a->number = number = mem_new(a->keys, sizeof *number, e);
    if (number == NULL)
        return -1;
    memset(number, 0xff, a->keys * sizeof *number);
    for (int s = 0; s < 2; s++)
        for (size_t i = 0; i < a->set[s]->tuples; i++) {
            const uint32_t key = a->set[s]->key[i];
            const bool first = key != 0 && number[key] == RANKS_NONE;

            a->place[s][i] = first ? (uint32_t)a->items : RANKS_NONE;
            if (first)
                number[key] = (uint32_t)a->items++;
        }
    for (size_t i = 0; i < v->rows; i++)
        a->own[i] = number[v->key[v->item[i]]];
    return 0;
}

struct accuracy *
accuracy_new(const struct towers *m, const struct examples *training,
             const struct examples *validation, struct error *e)
{
    struct accuracy *a = mem_new(1, sizeof *a, e);

    if (a == NULL)
        return NULL;
    a->set[0] = training;
    a->set[1] = validation;
    a->dim = m->dim;
    for (int s = 0; s < 2; s++)
        a->place[s] = mem_new(a->set[s]->tuples, sizeof *a->place[s], e);
    a->own = mem_new(validation->rows, sizeof *a->own, e);
    a->rank = mem_new(validation->rows, sizeof *a->rank, e);
    a->query = mem_new(validation->rows * a->dim, sizeof *a->query, e);
    if (a->place[0] == NULL || a->place[1] == NULL || a->own == NULL ||
        a->rank == NULL || a->query == NULL || number_items(a, e) != 0)
        goto fail;
    a->item = mem_new(a->items * a->dim, sizeof *a->item, e);
    if (a->item == NULL)
        goto fail;
    return a;
fail:
    accuracy_free(a);
    return NULL;
}

void
accuracy_free(struct accuracy *a)
{
    if (a == NULL)
        return;
    free(a->place[0]);
    free(a->place[1]);
    free(a->number);
    free(a->own);
    free(a->skip_offset);
    free(a->skip_item);
    free(a->rank);
    free(a->query);
    free(a->item);
    free(a);
}

/* Add the items of row R that LIST has and that are not there yet: ROW_OF says
 * in which row, from 1, an item was last. */
static uint32_t
add_list(struct accuracy *a, const struct feature_values *list, size_t r,
         uint32_t *row_of, uint32_t n)
{
    for (size_t i = list->offset[r]; i < list->offset[r + 1]; i++) {
        const uint32_t key = list->id[i];
        const uint32_t item = key < a->keys ? a->number[key] : RANKS_NONE;

        if (item == RANKS_NONE || row_of[item] == r + 1)
            continue;
        row_of[item] = (uint32_t)(r + 1);
        a->skip_item[n++] = item;
    }
    return n;
}

int
accuracy_leave_out(struct accuracy *a, const size_t *feature, size_t n,
                   struct error *e)
{
    const struct examples *v = a->set[1];
    uint32_t *row_of = mem_new(a->items, sizeof *row_of, e);
    size_t ids = 0;
    uint32_t at = 0;

    for (size_t i = 0; i < n; i++) {
        const uint32_t *offset = v->column[feature[i]].offset;

        ids += offset[v->rows] - offset[0];
    }
    if (row_of == NULL)
        return -1;
    if (ids > UINT32_MAX) {
        error_set(e, "%zu ids to leave out are too many", ids);
        goto fail;
    }
    a->skip_offset = mem_new(v->rows + 1, sizeof *a->skip_offset, e);
    a->skip_item = mem_new(ids, sizeof *a->skip_item, e);
    if (a->skip_offset == NULL || a->skip_item == NULL)
        goto fail;
    for (size_t r = 0; r < v->rows; r++) {
        for (size_t i = 0; i < n; i++)
            at = add_list(a, &v->column[feature[i]], r, row_of, at);
        a->skip_offset[r + 1] = at;
    }
    free(row_of);
    a->skip = (struct ranks_skip){ a->skip_offset, a->skip_item };
    return 0;
fail:
    free(row_of);
    return -1;
}

/* Embed N rows of COLUMN and copy row i to OUT at place[i] (NULL: at i). */
static int
embed(struct accuracy *a, struct towers *m, enum feature_part part,
      const struct examples *x, size_t n, const uint32_t *place, float *out,
      struct threads *t, struct error *e)
{
    struct feature_values *at = mem_new(x->features, sizeof *at, e);
    int status = at != NULL ? 0 : -1;

    for (size_t begin = 0; begin < n && status == 0; begin += CHUNK) {
        const size_t rows = n - begin < CHUNK ? n - begin : CHUNK;
        const float *y;

        for (size_t f = 0; f < x->features; f++)
            if (x->feature[f].part == part)
                at[f] = feature_values_from(&x->column[f], begin);
        y = towers_embed(m, part, at, rows, t, e);
        status = y != NULL ? 0 : -1;
        for (size_t i = 0; i < rows && status == 0; i++) {
            const size_t to = place != NULL ? place[begin + i] : begin + i;

            if (to != RANKS_NONE)
                memcpy(out + to * a->dim, y + i * a->dim, a->dim * sizeof *out);
        }
    }
    free(at);
    return status;
}

int
accuracy_measure(struct accuracy *a, struct towers *m, struct threads *t,
                 const uint32_t *k, size_t n, double *share, struct error *e)
{
    const struct examples *v = a->set[1];

    for (int s = 0; s < 2; s++)
        if (embed(a, m, PART_ITEM, a->set[s], a->set[s]->tuples, a->place[s],
                  a->item, t, e) != 0)
            return -1;
    if (embed(a, m, PART_QUERY, v, v->rows, NULL, a->query, t, e) != 0 ||
        ranks_find(v->rows, a->items, a->dim, a->query, a->item, a->own,
                   a->skip.offset != NULL ? &a->skip : NULL, t, a->rank,
                   e) != 0)
        return -1;
    for (size_t j = 0; j < n; j++) {
        size_t hits = 0;

        for (size_t i = 0; i < v->rows; i++)
            hits += a->rank[i] < k[j];
        share[j] = (double)hits / (double)v->rows;
    }
    return 0;
}

double
accuracy_ndcg(const struct accuracy *a, uint32_t k)
{
    const size_t rows = a->set[1]->rows;
    double sum = 0;

    for (size_t i = 0; i < rows; i++)
        if (a->rank[i] < k)
            sum += 1 / log2(2 + (double)a->rank[i]);
    return sum / (double)rows;
}
