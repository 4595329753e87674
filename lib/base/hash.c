#include "base/hash.h"

#include "base/bytes.h"

uint64_t
hash_bytes(const void *bytes, size_t len, uint64_t seed)
{
    const unsigned char *p = bytes;
    uint64_t h = UINT64_C(0xcbf29ce484222325) ^ seed, last = 0;
    size_t left = len;

    for (; left >= 8; p += 8, left -= 8) {
        h = (h ^ get_u64(p)) * UINT64_C(0x100000001b3);
        h ^= h >> 29;
    }
    for (size_t i = 0; i < left; i++)
        last |= (uint64_t)p[i] << (8 * i);
    h = (h ^ last) * UINT64_C(0x100000001b3);
    return hash_u64(h ^ (uint64_t)len);
}
