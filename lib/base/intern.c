#include "base/intern.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

/* Open addressing with linear probing; a slot holds the key's number + 1 and
 * 32 bits of its hash, so a probe rarely has to look at the key itself. */
struct slot {
    uint32_t number, hash;
};

struct intern {
    struct buffer keys;
    uint64_t *end; /* [count]: where key i ends in keys */
    size_t count, end_cap;
    struct slot *slots;
    size_t mask;
};

struct intern *
intern_new(struct error *e)
{
    struct intern *t = mem_new(1, sizeof *t, e);

    if (t == NULL)
        return NULL;
    t->mask = 63;
    t->slots = mem_new(t->mask + 1, sizeof *t->slots, e);
    if (t->slots == NULL) {
        free(t);
        return NULL;
    }
    return t;
}

void
intern_free(struct intern *t)
{
    if (t == NULL)
        return;
    buffer_free(&t->keys);
    free(t->end);
    free(t->slots);
    free(t);
}

void
intern_clear(struct intern *t)
{
    t->keys.len = 0;
    t->count = 0;
    memset(t->slots, 0, (t->mask + 1) * sizeof *t->slots);
}

size_t
intern_bytes(const struct intern *t)
{
    return t->keys.len;
}

uint32_t
intern_count(const struct intern *t)
{
    return (uint32_t)t->count;
}

const char *
intern_key(const struct intern *t, uint32_t i, size_t *len)
{
    const uint64_t start = i > 0 ? t->end[i - 1] : 0;

    *len = (size_t)(t->end[i] - start);
    return (const char *)t->keys.data + start;
}

/* The slot of the key, or the free one where it belongs. */
static struct slot *
find_slot(const struct intern *t, const void *key, size_t len, uint64_t hash)
{
    for (size_t i = (size_t)hash & t->mask;; i = (i + 1) & t->mask) {
        struct slot *s = &t->slots[i];
        const char *other;
        size_t other_len;

        if (s->number == 0)
            return s;
        if (s->hash != (uint32_t)(hash >> 32))
            continue;
        other = intern_key(t, s->number - 1, &other_len);
        if (other_len == len && (len == 0 || memcmp(other, key, len) == 0))
            return s;
    }
}

static int
double_slots(struct intern *t, struct error *e)
{
    const size_t mask = t->mask * 2 + 1;
    struct slot *slots = mem_new(mask + 1, sizeof *slots, e);

    if (slots == NULL)
        return -1;
    for (size_t n = 0; n < t->count; n++) {
        size_t len, i;
        const char *key = intern_key(t, (uint32_t)n, &len);
        const uint64_t hash = hash_bytes(key, len, 0);

        i = (size_t)hash & mask;
        while (slots[i].number != 0)
            i = (i + 1) & mask;
        slots[i] = (struct slot){ (uint32_t)n + 1, (uint32_t)(hash >> 32) };
    }
    free(t->slots);
    t->slots = slots;
    t->mask = mask;
    return 0;
}

uint32_t
intern_find(const struct intern *t, const void *key, size_t len)
{
    const struct slot *s = find_slot(t, key, len, hash_bytes(key, len, 0));

    return s->number - 1; /* 0 - 1 is INTERN_NONE */
}

/* Keys that wait for memory together: more than a core can ask for at once. */
#define TOGETHER 32

/* A key leads to its slot, that to where the key in it ends, that to its bytes:
 * each of the three is asked for, for all keys, before any is looked at.  A key
 * that is not in its first slot just has to wait. */
static void
find_together(const struct intern *t, const char *bytes, const uint32_t *at,
              size_t n, uint32_t *number)
{
    uint64_t hash[TOGETHER];
    size_t len;

    for (size_t i = 0; i < n; i++) {
        hash[i] = hash_bytes(bytes + at[i], at[i + 1] - at[i], 0);
        __builtin_prefetch(&t->slots[hash[i] & t->mask]);
    }
    for (size_t i = 0; i < n; i++) {
        number[i] = t->slots[hash[i] & t->mask].number - 1;
        if (number[i] != INTERN_NONE)
            __builtin_prefetch(&t->end[number[i]]);
    }
    for (size_t i = 0; i < n; i++)
        if (number[i] != INTERN_NONE)
            __builtin_prefetch(intern_key(t, number[i], &len));
    for (size_t i = 0; i < n; i++)
        number[i] =
            find_slot(t, bytes + at[i], at[i + 1] - at[i], hash[i])->number - 1;
}

void
intern_find_all(const struct intern *t, const char *bytes, const uint32_t *at,
                size_t n, uint32_t *number)
{
    for (; n > TOGETHER; n -= TOGETHER) {
        find_together(t, bytes, at, TOGETHER, number);
        at += TOGETHER;
        number += TOGETHER;
    }
    find_together(t, bytes, at, n, number);
}

uint32_t
intern_add(struct intern *t, const void *key, size_t len, struct error *e)
{
    const uint64_t hash = hash_bytes(key, len, 0);
    struct slot *s = find_slot(t, key, len, hash);
    uint64_t *end;

    if (s->number != 0)
        return s->number - 1;
    if (t->count >= INTERN_NONE - 1) {
        error_set(e, "more than %zu distinct keys", t->count);
        return INTERN_NONE;
    }
    end = mem_grow(t->end, &t->end_cap, t->count + 1, sizeof *end, e);
    if (end == NULL)
        return INTERN_NONE;
    t->end = end;
    if (buffer_append(&t->keys, key, len, e) != 0)
        return INTERN_NONE;
    if ((t->count + 1) * 4 > (t->mask + 1) * 3) {
        if (double_slots(t, e) != 0)
            return INTERN_NONE;
        s = find_slot(t, key, len, hash);
    }
    t->end[t->count++] = t->keys.len;
    *s = (struct slot){ (uint32_t)t->count, (uint32_t)(hash >> 32) };
    return (uint32_t)t->count - 1;
}
