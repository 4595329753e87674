#include "retrieval/popular.h"

#include <stdlib.h>
#include <string.h>

#include "base/intern.h"
#include "base/mem.h"

struct item {
    uint64_t count;
    uint32_t id, number; /* of the id in ids */
};

struct popular {
    struct intern *ids;
    struct item *item; /* [count], by number, then in their order */
    size_t count, cap;
    uint32_t *position; /* [count], of the number */
};

struct popular *
popular_new(struct error *e)
{
    struct popular *p = mem_new(1, sizeof *p, e);

    if (p == NULL)
        return NULL;
    p->ids = intern_new(e);
    if (p->ids == NULL) {
        free(p);
        return NULL;
    }
    return p;
}

void
popular_free(struct popular *p)
{
    if (p == NULL)
        return;
    intern_free(p->ids);
    free(p->item);
    free(p->position);
    free(p);
}

int
popular_add(struct popular *p, uint32_t id, struct error *e)
{
    const uint32_t number = intern_add(p->ids, &id, sizeof id, e);

    if (number == INTERN_NONE)
        return -1;
    if (number == p->count) {
        struct item *grown =
            mem_grow(p->item, &p->cap, p->count + 1, sizeof *grown, e);

        if (grown == NULL)
            return -1;
        p->item = grown;
        p->item[p->count++] = (struct item){ 0, id, number };
    }
    p->item[number].count++;
    return 0;
}

static int
compare_items(const void *a, const void *b)
{
    const struct item *x = a, *y = b;

    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

int
popular_finish(struct popular *p, struct error *e)
{
    p->position = mem_new(p->count, sizeof *p->position, e);
    if (p->position == NULL)
        return -1;
    if (p->count > 1)
        qsort(p->item, p->count, sizeof *p->item, compare_items);
    for (size_t i = 0; i < p->count; i++)
        p->position[p->item[i].number] = (uint32_t)i;
    return 0;
}

size_t
popular_items(const struct popular *p)
{
    return p->count;
}

uint32_t
popular_position(const struct popular *p, uint32_t id)
{
    const uint32_t number = intern_find(p->ids, &id, sizeof id);

    return number != INTERN_NONE ? p->position[number] : EXACT_NONE;
}

size_t
popular_list(const struct popular *p, struct exact_exclude skip, size_t k,
             uint32_t *id, float *score)
{
    size_t n = 0, skipped = 0;

    for (size_t i = 0; i < p->count && n < k; i++) {
        if (skipped < skip.count && skip.position[skipped] == i) {
            skipped++;
            continue;
        }
        id[n] = p->item[i].id;
        score[n++] = (float)p->item[i].count;
    }
    return n;
}
