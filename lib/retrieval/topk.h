/*
 * topk.h - the k best of many scored items
 *
 * Better is the higher score, and among equal scores the lower id.  The two are
 * packed into one integer, the key, so that this is the order of integers, in
 * which no two items are equal:
 *
 *     bits 63 to 32   the score's bits, mapped so that they sort as floats do
 *     bits 31 to 0    the id, complemented
 *
 * Keys that beat the floor are collected in a buffer of twice k; when it is
 * full, the better half is kept and its worst key is the new floor.  So most
 * items cost one comparison, and k or k + 1 does not matter to the speed.
 */
#ifndef RETRIEVAL_TOPK_H
#define RETRIEVAL_TOPK_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* SCORE must not be NaN; -0 counts, and comes back, as 0. */
static inline uint64_t
topk_key(float score, uint32_t id)
{
    uint32_t bits;

    score += 0.0f;
    memcpy(&bits, &score, sizeof bits);
    bits = bits >> 31 ? ~bits : bits | UINT32_C(1) << 31;
    return (uint64_t)bits << 32 | (uint32_t)~id;
}

static inline uint32_t
topk_key_id(uint64_t key)
{
    return (uint32_t)~key;
}

static inline float
topk_key_score(uint64_t key)
{
    uint32_t bits = (uint32_t)(key >> 32);
    float score;

    bits = bits >> 31 ? bits & ~(UINT32_C(1) << 31) : ~bits;
    memcpy(&score, &bits, sizeof score);
    return score;
}

struct topk {
    uint64_t *key; /* [TOPK_ROOM(k)], the caller's */
    size_t k, len;
    uint64_t floor; /* keys below it need not be pushed */
};

/* Keys that a selection of K needs room for. */
#define TOPK_ROOM(k) (2 * (k))

/* Select the K > 0 best, in memory for TOPK_ROOM(K) keys. */
void topk_start(struct topk *t, uint64_t *memory, size_t k);
void topk_push(struct topk *t, uint64_t key);

/* Push the scores of N items whose ids are FIRST, FIRST + 1, ...; a NaN says
 * that the item is not to be had. */
void topk_scan(struct topk *t, const float *score, size_t n, uint32_t first);

/* Leave the best in t->key[0 .. t->len - 1], at most k, in no order. */
void topk_finish(struct topk *t);

/* Keys from best to worst. */
void topk_sort(uint64_t *key, size_t n);

#endif
