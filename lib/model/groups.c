#include "model/groups.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "rows/value.h"

static int
start_list(struct groups *g, const struct key *k, struct error *e)
{
    const uint32_t known = intern_count(g->keys);

    g->key = intern_add(g->keys, k->data, k->len, e);
    if (g->key == INTERN_NONE)
        return -1;
    if (g->key < known)
        return error_set(e,
                         "the key of an earlier list comes back: the rows of "
                         "a list must follow each other");
    if (ids_room(&g->begin, g->n + 1, e) != 0 ||
        ids_room(&g->end, g->n + 1, e) != 0)
        return -1;
    g->begin.v[g->n++] = (uint32_t)g->rows;
    return 0;
}

/* Is K the key of the last row? */
static bool
is_last(const struct groups *g, const struct key *k)
{
    size_t len;
    const char *last;

    if (g->n == 0)
        return false;
    last = intern_key(g->keys, g->key, &len);
    return len == k->len && (len == 0 || memcmp(last, k->data, len) == 0);
}

int
groups_append(struct groups *g, const struct array *a, enum type t,
              uint32_t rows, uint32_t *bad, struct error *e)
{
    *bad = 0;
    if (rows > UINT32_MAX - g->rows)
        return error_set(e, "more than %u rows", UINT32_MAX);
    if (g->keys == NULL && (g->keys = intern_new(e)) == NULL)
        return -1;
    for (; *bad < rows; ++*bad) {
        struct key k;

        key_at(&k, a, t, *bad);
        if (!is_last(g, &k) && start_list(g, &k, e) != 0)
            return -1;
        g->end.v[g->n - 1] = (uint32_t)++g->rows;
    }
    return 0;
}

void
groups_finish(struct groups *g, const uint8_t *label)
{
    size_t kept = 0, rows = 0;

    for (size_t i = 0; i < g->n; i++) {
        const uint32_t begin = g->begin.v[i], end = g->end.v[i];
        uint32_t r = begin;

        while (r < end && label[r] == 0)
            r++;
        if (r == end)
            continue;
        g->begin.v[kept] = begin;
        g->end.v[kept++] = end;
        rows += end - begin;
    }
    g->left_out = g->n - kept;
    g->n = kept;
    g->rows = rows;
    intern_free(g->keys);
    g->keys = NULL;
}

void
groups_free(struct groups *g)
{
    free(g->begin.v);
    free(g->end.v);
    intern_free(g->keys);
    g->keys = NULL;
}

size_t
groups_of_rows(const struct groups *g, size_t rows)
{
    const double share = (double)rows * (double)g->n / (double)g->rows;

    return share < 1 ? 1 : share < (double)g->n ? (size_t)share : g->n;
}

int
groups_rows(const struct groups *g, const uint32_t *number, size_t n,
            struct ids *row, struct ids *start, struct error *e)
{
    size_t rows = 0, at = 0;

    for (size_t i = 0; i < n; i++)
        rows += g->end.v[number[i]] - g->begin.v[number[i]];
    if (ids_room(row, rows, e) != 0 || ids_room(start, n + 1, e) != 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        start->v[i] = (uint32_t)at;
        for (uint32_t r = g->begin.v[number[i]]; r < g->end.v[number[i]]; r++)
            row->v[at++] = r;
    }
    start->v[n] = (uint32_t)at;
    return 0;
}

uint64_t
groups_fingerprint(const struct groups *g)
{
    const uint64_t h =
        hash_bytes(g->begin.v, g->n * sizeof *g->begin.v, g->rows);

    return hash_bytes(g->end.v, g->n * sizeof *g->end.v, h);
}
