#include "retrieval/topk.h"

#include <math.h>

/* Scores that are compared with the floor before the first branch. */
#define STRIDE 32

/* So few keys are selected from by sorting them. */
#define SHORT 16

static void
swap(uint64_t *a, uint64_t *b)
{
    const uint64_t t = *a;

    *a = *b;
    *b = t;
}

/* The middle one of the first, middle and last key. */
static uint64_t
pivot(const uint64_t *key, size_t n)
{
    const uint64_t a = key[0], b = key[n / 2], c = key[n - 1];

    if (a < b)
        return b < c ? b : a < c ? c : a;
    return a < c ? a : b < c ? c : b;
}

/* Hoare's partition of N > 2 keys: afterwards no key of the first part is worse
 * than any of the rest, and neither part is empty.  Returns the length of the
 * first. */
static size_t
partition(uint64_t *key, size_t n)
{
    const uint64_t p = pivot(key, n);
    size_t i = 0, j = n - 1;

    for (;;) {
        while (key[i] > p)
            i++;
        while (key[j] < p)
            j--;
        if (i >= j)
            break;
        swap(&key[i++], &key[j--]);
    }
    return i;
}

static void
insertion_sort(uint64_t *key, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        const uint64_t v = key[i];
        size_t j = i;

        for (; j > 0 && key[j - 1] < v; j--)
            key[j] = key[j - 1];
        key[j] = v;
    }
}

/* Bring the K best of N keys, 0 < K <= N, to the front. */
static void
select_best(uint64_t *key, size_t n, size_t k)
{
    while (n > SHORT) {
        const size_t front = partition(key, n);

        if (k <= front) {
            n = front;
        } else {
            key += front;
            n -= front;
            k -= front;
        }
    }
    insertion_sort(key, n);
}

/* Let the key at I sink until both of its children are better: a heap whose
 * root is the worst of its N keys. */
static void
sink(uint64_t *key, size_t n, size_t i)
{
    const uint64_t v = key[i];

    for (size_t child; (child = 2 * i + 1) < n; i = child) {
        if (child + 1 < n && key[child + 1] < key[child])
            child++;
        if (v < key[child])
            break;
        key[i] = key[child];
    }
    key[i] = v;
}

/* Heapsort: n log n whatever the keys are. */
void
topk_sort(uint64_t *key, size_t n)
{
    for (size_t i = n / 2; i-- > 0;)
        sink(key, n, i);
    for (size_t last = n; last-- > 1;) {
        swap(&key[0], &key[last]);
        sink(key, last, 0);
    }
}

void
topk_start(struct topk *t, uint64_t *memory, size_t k)
{
    *t = (struct topk){ .key = memory, .k = k };
}

void
topk_finish(struct topk *t)
{
    if (t->len <= t->k)
        return;
    select_best(t->key, t->len, t->k);
    t->len = t->k;
    t->floor = t->key[0];
    for (size_t i = 1; i < t->k; i++)
        if (t->key[i] < t->floor)
            t->floor = t->key[i];
}

void
topk_push(struct topk *t, uint64_t key)
{
    if (key < t->floor)
        return;
    if (t->len == TOPK_ROOM(t->k))
        topk_finish(t);
    t->key[t->len++] = key;
}

/* The score that an item needs at least. */
static float
floor_score(const struct topk *t)
{
    return t->floor == 0 ? -INFINITY : topk_key_score(t->floor);
}

/* NaN is not above any floor: it falls through both comparisons. */
void
topk_scan(struct topk *t, const float *score, size_t n, uint32_t first)
{
    float floor = floor_score(t);

    for (size_t i = 0; i < n; i += STRIDE) {
        const size_t end = n - i < STRIDE ? n : i + STRIDE;

        if (end - i == STRIDE) {
            int any = 0;

            for (size_t j = 0; j < STRIDE; j++)
                any |= score[i + j] >= floor;
            if (!any)
                continue;
        }
        for (size_t j = i; j < end; j++)
            if (score[j] >= floor)
                topk_push(t, topk_key(score[j], first + (uint32_t)j));
        floor = floor_score(t);
    }
}
