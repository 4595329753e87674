#include "base/mt19937.h"

#define N MT19937_WORDS
#define M 397

void
mt19937_seed(struct mt19937 *m, uint32_t seed)
{
    m->word[0] = seed;
    for (uint32_t i = 1; i < N; i++) {
        const uint32_t before = m->word[i - 1];

        m->word[i] = UINT32_C(1812433253) * (before ^ (before >> 30)) + i;
    }
    m->used = N;
}

/* The next N words in place of the last. */
static void
refill(struct mt19937 *m)
{
    uint32_t *w = m->word;

    for (size_t i = 0; i < N; i++) {
        const uint32_t y = (w[i] & UINT32_C(0x80000000)) |
                           (w[(i + 1) % N] & UINT32_C(0x7fffffff));

        w[i] = w[(i + M) % N] ^ (y >> 1) ^ (y & 1 ? UINT32_C(0x9908b0df) : 0);
    }
    m->used = 0;
}

uint32_t
mt19937_u32(struct mt19937 *m)
{
    uint32_t y;

    if (m->used == N)
        refill(m);
    y = m->word[m->used++];
    y ^= y >> 11;
    y ^= (y << 7) & UINT32_C(0x9d2c5680);
    y ^= (y << 15) & UINT32_C(0xefc60000);
    return y ^ (y >> 18);
}

uint64_t
mt19937_u53(struct mt19937 *m)
{
    const uint64_t high = mt19937_u32(m) >> 5, low = mt19937_u32(m) >> 6;

    return high << 26 | low;
}
