#include "retrieval/exclude.h"

#include <stdlib.h>

#include "base/mem.h"

struct exclude {
    uint64_t *pair; /* [pairs] key << 32 | position; NULL once finished */
    size_t pairs, room;
    /* From exclude_finish() on: */
    uint32_t *position; /* [pairs], of one key after the other */
    uint32_t *key;      /* [keys], ascending */
    size_t *start;      /* [keys + 1] into position */
    size_t keys;
};

struct exclude *
exclude_new(struct error *e)
{
    return mem_new(1, sizeof(struct exclude), e);
}

void
exclude_free(struct exclude *x)
{
    if (x == NULL)
        return;
    free(x->pair);
    free(x->position);
    free(x->key);
    free(x->start);
    free(x);
}

int
exclude_add(struct exclude *x, uint32_t key, uint32_t position, struct error *e)
{
    uint64_t *p = mem_grow(x->pair, &x->room, x->pairs + 1, sizeof *x->pair, e);

    if (p == NULL)
        return -1;
    x->pair = p;
    x->pair[x->pairs++] = (uint64_t)key << 32 | position;
    return 0;
}

static int
compare_u64(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* Sort the pairs, keep one of each, and count the keys. */
static void
order_pairs(struct exclude *x)
{
    size_t kept = 0;

    if (x->pairs > 1)
        qsort(x->pair, x->pairs, sizeof *x->pair, compare_u64);
    for (size_t i = 0; i < x->pairs; i++) {
        if (kept > 0 && x->pair[i] == x->pair[kept - 1])
            continue;
        if (kept == 0 || x->pair[i] >> 32 != x->pair[kept - 1] >> 32)
            x->keys++;
        x->pair[kept++] = x->pair[i];
    }
    x->pairs = kept;
}

int
exclude_finish(struct exclude *x, struct error *e)
{
    size_t k = 0;

    order_pairs(x);
    x->position = mem_new(x->pairs, sizeof *x->position, e);
    x->key = mem_new(x->keys, sizeof *x->key, e);
    x->start = mem_new(x->keys + 1, sizeof *x->start, e);
    if (x->position == NULL || x->key == NULL || x->start == NULL)
        return -1;
    for (size_t i = 0; i < x->pairs; i++) {
        const uint32_t key = (uint32_t)(x->pair[i] >> 32);

        if (k == 0 || x->key[k - 1] != key) {
            x->key[k] = key;
            x->start[k++] = i;
        }
        x->position[i] = (uint32_t)x->pair[i];
    }
    x->start[k] = x->pairs;
    free(x->pair);
    x->pair = NULL;
    return 0;
}

struct exact_exclude
exclude_find(const struct exclude *x, uint32_t key)
{
    size_t low = 0, high = x->keys;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (x->key[middle] < key)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == x->keys || x->key[low] != key)
        return (struct exact_exclude){ NULL, 0 };
    return (struct exact_exclude){ x->position + x->start[low],
                                   x->start[low + 1] - x->start[low] };
}
