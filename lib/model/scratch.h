/*
 * scratch.h - arrays that grow to the largest batch and stay
 *
 * Start from = { 0 }; free(a.v) ends one.  Growing keeps what was in it, as
 * mem_grow() does.
 */
#ifndef MODEL_SCRATCH_H
#define MODEL_SCRATCH_H

#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

struct floats {
    float *v;
    size_t cap;
};

struct ids {
    uint32_t *v;
    size_t cap;
};

/* Room for N elements, not zeroed. */
static inline int
floats_room(struct floats *f, size_t n, struct error *e)
{
    float *v = mem_grow(f->v, &f->cap, n, sizeof *v, e);

    if (v == NULL)
        return -1;
    f->v = v;
    return 0;
}

static inline int
ids_room(struct ids *f, size_t n, struct error *e)
{
    uint32_t *v = mem_grow(f->v, &f->cap, n, sizeof *v, e);

    if (v == NULL)
        return -1;
    f->v = v;
    return 0;
}

#endif
