#include "model/pairs.h"

#include <assert.h>
#include <stdlib.h>

void
pairs_init(struct pairs *p, size_t queries, size_t items)
{
    *p = (struct pairs){ 0 };
    p->side[PART_QUERY].ids = queries;
    p->side[PART_ITEM].ids = items;
}

void
pairs_free(struct pairs *p)
{
    for (size_t s = 0; s < MODEL_PARTS; s++) {
        free(p->side[s].start);
        free(p->side[s].other);
        free(p->appended[s].v);
    }
}

int
pairs_append(struct pairs *p, const uint32_t *query, const uint32_t *item,
             size_t rows, struct error *e)
{
    for (size_t s = 0; s < MODEL_PARTS; s++)
        if (ids_room(&p->appended[s], p->rows + rows, e) != 0)
            return -1;
    for (size_t i = 0; i < rows; i++) {
        if (query[i] == 0 || item[i] == 0)
            continue;
        assert(query[i] < p->side[PART_QUERY].ids &&
               item[i] < p->side[PART_ITEM].ids);
        p->appended[PART_QUERY].v[p->rows] = query[i];
        p->appended[PART_ITEM].v[p->rows++] = item[i];
    }
    return 0;
}

/* START[i] becomes the sum of what is below i, and at IDS the sum of all. */
static void
add_up(size_t *start, size_t ids)
{
    size_t sum = 0;

    for (size_t i = 0; i <= ids; i++) {
        const size_t n = start[i];

        start[i] = sum;
        sum += n;
    }
}

/* Placing has moved each start to the next one's place. */
static void
move_back(size_t *start, size_t ids)
{
    for (size_t i = ids; i > 0; i--)
        start[i] = start[i - 1];
    start[0] = 0;
}

/* A counting sort of the appended rows by item; repeats are still in it. */
static void
sort_by_item(const struct pairs *p, struct pairs_side *item)
{
    const uint32_t *id = p->appended[PART_ITEM].v;

    for (size_t i = 0; i < p->rows; i++)
        item->start[id[i]]++;
    add_up(item->start, item->ids);
    for (size_t i = 0; i < p->rows; i++)
        item->other[item->start[id[i]]++] = p->appended[PART_QUERY].v[i];
    move_back(item->start, item->ids);
}

/* TO = the transpose of FROM, whose rows need no order: those of TO have it. */
static void
transpose(const struct pairs_side *from, struct pairs_side *to)
{
    const size_t n = from->start[from->ids];

    for (size_t i = 0; i <= to->ids; i++)
        to->start[i] = 0;
    for (size_t i = 0; i < n; i++)
        to->start[from->other[i]]++;
    add_up(to->start, to->ids);
    for (size_t i = 0; i < from->ids; i++)
        for (size_t k = from->start[i]; k < from->start[i + 1]; k++)
            to->other[to->start[from->other[k]]++] = (uint32_t)i;
    move_back(to->start, to->ids);
}

/* Leave one of each run of equal ids in the rows of S. */
static void
drop_repeats(struct pairs_side *s)
{
    size_t n = 0, begin = 0;

    for (size_t i = 0; i < s->ids; i++) {
        const size_t end = s->start[i + 1], first = n;

        for (size_t k = begin; k < end; k++)
            if (n == first || s->other[n - 1] != s->other[k])
                s->other[n++] = s->other[k];
        s->start[i + 1] = n;
        begin = end;
    }
}

static void
count_present(struct pairs_side *s)
{
    s->present = 0;
    for (size_t i = 0; i < s->ids; i++)
        s->present += pairs_degree(s, i) > 0;
}

int
pairs_finish(struct pairs *p, struct error *e)
{
    struct pairs_side *query = &p->side[PART_QUERY];
    struct pairs_side *item = &p->side[PART_ITEM];

    for (size_t s = 0; s < MODEL_PARTS; s++) {
        struct pairs_side *at = &p->side[s];

        at->start = mem_new(at->ids + 1, sizeof *at->start, e);
        at->other = mem_new(p->rows, sizeof *at->other, e);
        if (at->start == NULL || at->other == NULL)
            return -1;
    }
    sort_by_item(p, item);
    for (size_t s = 0; s < MODEL_PARTS; s++) {
        free(p->appended[s].v);
        p->appended[s] = (struct ids){ 0 };
    }
    transpose(item, query);
    drop_repeats(query);
    transpose(query, item);
    p->n = query->start[query->ids];
    for (size_t s = 0; s < MODEL_PARTS; s++)
        count_present(&p->side[s]);
    return 0;
}
