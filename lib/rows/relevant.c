#include "rows/relevant.h"

#include <stdlib.h>

#include "base/intern.h"
#include "base/mem.h"

struct relevant_pairs {
    struct intern *pairs;
    struct buffer pair; /* the item, then the query's key */
};

void
relevant_in_row(const struct array *truth, const struct array *candidates,
                uint32_t rows, uint8_t *label)
{
    const uint32_t *want = array_u32(truth), *id = array_u32(candidates);

    for (uint32_t r = 0; r < rows; r++) {
        const size_t from = truth->list != NULL ? truth->list[r] : r;
        const size_t to =
            truth->list != NULL ? truth->list[r + 1] : (size_t)r + 1;

        for (size_t i = candidates->list[r]; i < candidates->list[r + 1]; i++) {
            label[i] = 0;
            for (size_t t = from; t < to && id[i] != 0; t++)
                label[i] |= id[i] == want[t];
        }
    }
}

struct relevant_pairs *
relevant_pairs_new(struct error *e)
{
    struct relevant_pairs *p = mem_new(1, sizeof *p, e);

    if (p == NULL)
        return NULL;
    p->pairs = intern_new(e);
    if (p->pairs == NULL) {
        free(p);
        return NULL;
    }
    return p;
}

void
relevant_pairs_free(struct relevant_pairs *p)
{
    if (p == NULL)
        return;
    intern_free(p->pairs);
    buffer_free(&p->pair);
    free(p);
}

/* Make p->pair of query ROW; its item is still to come. */
static int
start_pair(struct relevant_pairs *p, const struct array *by, enum type t,
           size_t row, struct error *e)
{
    static const uint32_t none;
    struct key k;

    key_at(&k, by, t, row);
    p->pair.len = 0;
    if (buffer_append(&p->pair, &none, sizeof none, e) != 0)
        return -1;
    return buffer_append(&p->pair, k.data, k.len, e);
}

int
relevant_pairs_add(struct relevant_pairs *p, const struct array *by,
                   enum type t, size_t row, uint32_t item, struct error *e)
{
    if (item == 0)
        return 0;
    if (start_pair(p, by, t, row, e) != 0)
        return -1;
    memcpy(p->pair.data, &item, sizeof item);
    return intern_add(p->pairs, p->pair.data, p->pair.len, e) != INTERN_NONE
               ? 0
               : -1;
}

int
relevant_pairs_label(struct relevant_pairs *p, const struct array *by,
                     enum type t, const struct array *candidates, uint32_t rows,
                     uint8_t *label, struct error *e)
{
    const uint32_t *id = array_u32(candidates);

    for (uint32_t r = 0; r < rows; r++) {
        if (start_pair(p, by, t, r, e) != 0)
            return -1;
        for (size_t i = candidates->list[r]; i < candidates->list[r + 1]; i++) {
            memcpy(p->pair.data, &id[i], sizeof id[i]);
            label[i] =
                intern_find(p->pairs, p->pair.data, p->pair.len) != INTERN_NONE;
        }
    }
    return 0;
}
