#include "model/packed.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"

/* Offsets that are made at a time. */
#define TOGETHER 1024

int
packed_init(struct packed *p, size_t width, bool list, struct error *e)
{
    const uint32_t start = 0;

    *p = (struct packed){ .width = width, .list = list };
    return list ? pile_append(&p->offset, &start, sizeof start, e) : 0;
}

void
packed_free(struct packed *p)
{
    pile_free(&p->value);
    pile_free(&p->offset);
    free(p->part);
    free(p->part_offset.v);
}

static int
append_offsets(struct packed *p, const uint32_t *offset, size_t n,
               struct error *e)
{
    uint32_t some[TOGETHER];

    for (size_t at = 0; at < n; at += TOGETHER) {
        const size_t left = n - at, count = left < TOGETHER ? left : TOGETHER;

        for (size_t i = 0; i < count; i++)
            some[i] = (uint32_t)(p->values + (offset[at + i + 1] - offset[0]));
        if (pile_append(&p->offset, some, count * sizeof *some, e) != 0)
            return -1;
    }
    return 0;
}

int
packed_append(struct packed *p, const void *value, const uint32_t *offset,
              size_t n, struct error *e)
{
    const size_t first = p->list ? offset[0] : 0;
    const size_t count = p->list ? offset[n] - first : n;

    if (p->list && count > UINT32_MAX - p->values)
        return error_set(e, "more than %u values in lists", UINT32_MAX);
    if (p->list && append_offsets(p, offset, n, e) != 0)
        return -1;
    if (count > 0 &&
        pile_append(&p->value, (const char *)value + first * p->width,
                    count * p->width, e) != 0)
        return -1;
    p->rows += n;
    p->values += count;
    return 0;
}

size_t
packed_bytes(const struct packed *p)
{
    return pile_size(&p->value) + pile_size(&p->offset);
}

int
packed_spill(struct packed *p, struct error *e)
{
    if (p->list && pile_spill(&p->offset, e) != 0)
        return -1;
    return pile_spill(&p->value, e);
}

/* Read the values FIRST .. END - 1 to place AT of the part. */
static int
load_values(struct packed *p, size_t first, size_t end, size_t at,
            struct error *e)
{
    const size_t bytes = (end - first) * p->width;
    unsigned char *part =
        mem_grow(p->part, &p->part_cap, at * p->width + bytes, 1, e);

    if (part == NULL)
        return -1;
    p->part = part;
    return pile_read(&p->value, first * p->width, part + at * p->width, bytes,
                     e);
}

/* Read the lists of the rows of R to row ROW of the part, of which VALUES are
 * there already.  Offsets count from the part's first value. */
static int
load_lists(struct packed *p, struct range r, size_t row, size_t values,
           struct error *e)
{
    const size_t n = r.end - r.begin;
    uint32_t *offset = p->part_offset.v + row;
    size_t first, end;

    if (pile_read(&p->offset, r.begin * sizeof *offset, offset,
                  (n + 1) * sizeof *offset, e) != 0)
        return -1;
    first = offset[0];
    end = offset[n];
    for (size_t i = 0; i <= n; i++)
        offset[i] = (uint32_t)(offset[i] - first + values);
    return load_values(p, first, end, values, e);
}

int
packed_end(struct packed *p, struct error *e)
{
    if (pile_end(&p->offset, e) != 0 || pile_end(&p->value, e) != 0)
        return -1;
    return p->value.spilled ? packed_load(p, NULL, 0, e) : 0;
}

int
packed_load(struct packed *p, const struct range *range, size_t n,
            struct error *e)
{
    size_t rows = 0, row = 0;

    assert(p->value.spilled);
    for (size_t i = 0; i < n; i++)
        rows += range[i].end - range[i].begin;
    if (p->list) {
        if (ids_room(&p->part_offset, rows + 1, e) != 0)
            return -1;
        p->part_offset.v[0] = 0;
    } else if (load_values(p, 0, 0, rows, e) != 0) { /* room for all */
        return -1;
    }
    for (size_t i = 0; i < n; i++) {
        const struct range r = range[i];
        const int status = p->list
                               ? load_lists(p, r, row, p->part_offset.v[row], e)
                               : load_values(p, r.begin, r.end, row, e);

        if (status != 0)
            return -1;
        row += r.end - r.begin;
    }
    return 0;
}

const void *
packed_values(const struct packed *p)
{
    return p->value.spilled ? p->part : p->value.data;
}

const uint32_t *
packed_offsets(const struct packed *p)
{
    const void *all = p->offset.data;

    if (!p->list)
        return NULL;
    return p->offset.spilled ? p->part_offset.v : all;
}
