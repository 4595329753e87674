/*
 * hash.h - 64-bit hashes of bytes, the same on every machine
 *
 * Good mixing and speed, no defence against keys chosen to collide.  The
 * values are part of rec-split's promise (a row's share by hash), so they may
 * never change.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* FNV-1a over 8 bytes at a time, finished with splitmix64's mixer. */
uint64_t hash_bytes(const void *p, size_t len, uint64_t seed);

/* A bijection that spreads every bit (splitmix64's mixer). */
static inline uint64_t
hash_u64(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

#endif
