/*
 * pairs.h - who took what: the distinct pairs of a query's id and an item's
 *
 * A sparse matrix of ones, query x item, that can be gone through by rows and
 * by columns.  Id 0 stands for what is not known: pairs that have it are left
 * out.
 */
#ifndef MODEL_PAIRS_H
#define MODEL_PAIRS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/scratch.h"
#include "model/values.h"

/* The matrix by one side.  Id i goes with the ids other[start[i]] ..
 * other[start[i + 1] - 1] of the other side, ascending. */
struct pairs_side {
    size_t ids;     /* of this side are below this */
    size_t present; /* ids that are in a pair */
    size_t *start;  /* [ids + 1] */
    uint32_t *other;
};

/* Memory: 8 bytes a row that was appended and, from pairs_finish() on, 8 an id;
 * 12 a row in between. */
struct pairs {
    size_t rows; /* that were appended and have no id 0 */
    size_t n;    /* distinct pairs */
    struct pairs_side side[MODEL_PARTS];
    struct ids appended[MODEL_PARTS]; /* [rows] until pairs_finish() */
};

/* Ids are below QUERIES and ITEMS. */
void pairs_init(struct pairs *p, size_t queries, size_t items);
void pairs_free(struct pairs *p); /* what = { 0 } made is fine */

/* Row i has query[i] and item[i].  The ids have been checked. */
int pairs_append(struct pairs *p, const uint32_t *query, const uint32_t *item,
                 size_t rows, struct error *e);
int pairs_finish(struct pairs *p, struct error *e);

/* How many ids of the other side go with ID. */
static inline size_t
pairs_degree(const struct pairs_side *s, size_t id)
{
    return s->start[id + 1] - s->start[id];
}

#endif
