#include "model/distinct.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "model/vector.h"

/* Rows that are asked for before their turn: no processor guesses where the
 * next one is. */
#define AHEAD_IDS 32

int
distinct_init(struct distinct *d, size_t space, struct error *e)
{
    *d = (struct distinct){ .space = space };
    d->slot_of = mem_new(space, sizeof *d->slot_of, e);
    return d->slot_of != NULL ? 0 : -1;
}

void
distinct_free(struct distinct *d)
{
    free(d->slot_of);
    free(d->id.v);
    free(d->slot.v);
    free(d->start.v);
    free(d->member.v);
}

int
distinct_find(struct distinct *d, const uint32_t *id, const uint32_t *at,
              size_t count, struct error *e)
{
    const size_t most = count < d->space ? count : d->space;
    uint32_t n = 0;

    if (ids_room(&d->id, most, e) != 0 || ids_room(&d->slot, count, e) != 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        const uint32_t v = id[at != NULL ? at[i] : i];

        if (at != NULL && i + AHEAD_IDS < count)
            vector_prefetch(1, id + at[i + AHEAD_IDS]);
        assert(v < d->space);
        if (d->slot_of[v] == 0) {
            d->id.v[n++] = v;
            d->slot_of[v] = n;
        }
        d->slot.v[i] = d->slot_of[v] - 1;
    }
    for (size_t s = 0; s < n; s++)
        d->slot_of[d->id.v[s]] = 0;
    d->count = count;
    d->n = n;
    return 0;
}

/* A counting sort: START[s] walks from the first place of slot s to that of
 * the next one, and is then moved up by one slot. */
int
distinct_group(struct distinct *d, struct error *e)
{
    uint32_t *start, sum = 0;

    if (ids_room(&d->start, d->n + 1, e) != 0 ||
        ids_room(&d->member, d->count, e) != 0)
        return -1;
    start = d->start.v;
    memset(start, 0, (d->n + 1) * sizeof *start);
    for (size_t i = 0; i < d->count; i++)
        start[d->slot.v[i]]++;
    for (size_t s = 0; s < d->n; s++) {
        const uint32_t size = start[s];

        start[s] = sum;
        sum += size;
    }
    for (size_t i = 0; i < d->count; i++)
        d->member.v[start[d->slot.v[i]]++] = (uint32_t)i;
    memmove(start + 1, start, d->n * sizeof *start);
    start[0] = 0;
    return 0;
}

void
distinct_sum(const struct distinct *d, size_t s, size_t width, const float *x,
             float *sum)
{
    const size_t first = d->start.v[s], end = d->start.v[s + 1];

    vector_sum_rows(width, NULL, end - first, d->member.v + first, x, sum);
}
