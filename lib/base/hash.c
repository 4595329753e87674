#include "base/hash.h"

#include "base/bytes.h"

/* The LEN bytes at P, at most 7, as the low ones of a number.  Loads that
 * overlap read the same bytes into the same places, so that no loop is needed:
 * most keys are this short. */
static uint64_t
few_bytes(const unsigned char *p, size_t len)
{
    if (len >= 4)
        return get_u32(p) | (uint64_t)get_u32(p + len - 4) << (8 * (len - 4));
    if (len > 0)
        return p[0] | (uint64_t)p[len / 2] << (8 * (len / 2)) |
               (uint64_t)p[len - 1] << (8 * (len - 1));
    return 0;
}

uint64_t
hash_bytes(const void *bytes, size_t len, uint64_t seed)
{
    const unsigned char *p = bytes;
    uint64_t h = UINT64_C(0xcbf29ce484222325) ^ seed;
    size_t left = len;

    for (; left >= 8; p += 8, left -= 8) {
        h = (h ^ get_u64(p)) * UINT64_C(0x100000001b3);
        h ^= h >> 29;
    }
    h = (h ^ few_bytes(p, left)) * UINT64_C(0x100000001b3);
    return hash_u64(h ^ (uint64_t)len);
}
