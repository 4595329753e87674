#include "stream/frequent.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

#define SLOTS ((size_t)FREQUENT_SIZE * 4)

/* Where the value of HASH is in the table, or could be. */
static size_t
find(const struct frequent *f, uint64_t hash)
{
    size_t at = hash & (SLOTS - 1);

    while (f->slot[at] != 0 && f->value[f->slot[at] - 1].hash != hash)
        at = (at + 1) & (SLOTS - 1);
    return at;
}

/* All counters go down; those at 0 are free again. */
static void
count_down(struct frequent *f)
{
    size_t left = 0;

    for (size_t i = 0; i < f->values; i++)
        if (--f->value[i].count > 0)
            f->value[left++] = f->value[i];
    f->values = left;
    f->lost++;
    memset(f->slot, 0, SLOTS * sizeof *f->slot);
    for (size_t i = 0; i < left; i++)
        f->slot[find(f, f->value[i].hash)] = (uint16_t)(i + 1);
}

int
frequent_add(struct frequent *f, const void *bytes, size_t len, struct error *e)
{
    const uint64_t hash = hash_bytes(bytes, len, 0);
    struct frequent_value *v;
    size_t at;

    if (f->value == NULL) {
        f->value = mem_new(FREQUENT_SIZE, sizeof *f->value, e);
        f->slot = mem_new(SLOTS, sizeof *f->slot, e);
        if (f->value == NULL || f->slot == NULL)
            return -1;
    }
    at = find(f, hash);
    if (f->slot[at] != 0) {
        f->value[f->slot[at] - 1].count++;
        return 0;
    }
    if (f->values == FREQUENT_SIZE) {
        count_down(f);
        return 0;
    }
    v = &f->value[f->values++];
    f->slot[at] = (uint16_t)f->values;
    *v = (struct frequent_value){ .hash = hash, .count = 1, .len = len };
    if (len > 0)
        memcpy(v->bytes, bytes, len < FREQUENT_BYTES ? len : FREQUENT_BYTES);
    return 0;
}

static int
by_count(const void *a, const void *b)
{
    const struct frequent_value *x = a, *y = b;
    int order;

    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    order = memcmp(x->bytes, y->bytes, FREQUENT_BYTES);
    return order != 0 ? order : x->len < y->len ? -1 : x->len > y->len;
}

void
frequent_sort(struct frequent *f)
{
    if (f->values > 0)
        qsort(f->value, f->values, sizeof *f->value, by_count);
}

void
frequent_free(struct frequent *f)
{
    free(f->value);
    free(f->slot);
    *f = (struct frequent){ 0 };
}
