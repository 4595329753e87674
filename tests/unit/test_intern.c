/*
 * Keys found together are those found one by one, and a table that was cleared
 * is a new one.
 */
#include <stdint.h>
#include <stdio.h>

#include "base/intern.h"
#include "base/mem.h"
#include "base/rng.h"
#include "check.h"

enum { KEYS = 5000, MOST = 200 };

static size_t
key_text(char out[16], uint64_t n)
{
    return n > 0 ? (size_t)snprintf(out, 16, "%x", (unsigned)n) : 0;
}

/* Even numbers, in the order of the numbers they are to have. */
static void
add_keys(struct intern *t, uint32_t first)
{
    struct error e;
    char key[16];

    for (uint32_t i = 0; i < KEYS; i++) {
        const size_t len = key_text(key, 2 * (uint64_t)(first + i));
        const uint32_t number = intern_add(t, key, len, &e);

        CHECK(number == i, "key %u has number %u", i, number);
    }
    CHECK(intern_count(t) == KEYS, "%u keys", intern_count(t));
}

/* As many keys as N, half of them not there. */
static void
check_find_all(const struct intern *t, struct rng *rng, size_t n)
{
    uint32_t at[MOST + 1] = { 0 }, number[MOST];
    char bytes[16 * MOST] = "";

    for (size_t i = 0; i < n; i++)
        at[i + 1] =
            at[i] + (uint32_t)key_text(bytes + at[i], rng_below(rng, 4 * KEYS));
    intern_find_all(t, bytes, at, n, number);
    for (size_t i = 0; i < n; i++) {
        const uint32_t want = intern_find(t, bytes + at[i], at[i + 1] - at[i]);

        CHECK(number[i] == want, "key %zu of %zu: number %u, not %u", i, n,
              number[i], want);
    }
}

int
main(void)
{
    struct rng rng = rng_for(1, 1, 0);
    struct error e;
    struct intern *t = intern_new(&e);

    CHECK(t != NULL, "%s", e.text);
    if (t == NULL)
        return check_status();
    check_find_all(t, &rng, 40);
    for (uint32_t first = 0; first < 4; first++) {
        add_keys(t, first * KEYS / 2);
        for (size_t n = 0; n <= MOST; n++)
            check_find_all(t, &rng, n);
        intern_clear(t);
        CHECK(intern_count(t) == 0 && intern_bytes(t) == 0 &&
                  intern_find(t, "2", 1) == INTERN_NONE,
              "keys are left");
    }
    intern_free(t);
    return check_status();
}
