/*
 * rng.h - random numbers that are the same on every machine
 *
 * The generator is splitmix64 (Steele, Lea and Flood, "Fast splittable
 * pseudorandom number generators", 2014).  State is the caller's, so that two
 * parts of a program never disturb each other's sequence.  rng_for() gives
 * independent sequences from one seed: what the third epoch draws does not
 * depend on what the second drew, and so a run can be taken up again anywhere.
 */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

struct rng {
    uint64_t state; /* any value is a fine seed */
};

static inline uint64_t
rng_u64(struct rng *r)
{
    uint64_t z = (r->state += UINT64_C(0x9e3779b97f4a7c15));

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* The generator for PURPOSE (a number the caller keeps for one use) and INDEX
 * (such as an epoch, a user or a tensor) under SEED. */
static inline struct rng
rng_for(uint64_t seed, uint64_t purpose, uint64_t index)
{
    struct rng a = { seed }, b = { rng_u64(&a) ^ purpose }, c;

    c.state = rng_u64(&b) ^ index;
    (void)rng_u64(&c);
    c.state = rng_u64(&c);
    return c;
}

/* Uniform over [0, 1): 53 bits for the double, 24 for the float. */
static inline double
rng_f64(struct rng *r)
{
    return (double)(rng_u64(r) >> 11) * 0x1p-53;
}

static inline float
rng_f32(struct rng *r)
{
    return (float)(rng_u64(r) >> 40) * 0x1p-24f;
}

/* Uniform over 0 .. N-1, N > 0, without bias. */
uint64_t rng_below(struct rng *r, uint64_t n);

/* Normal, mean 0 and variance 1. */
double rng_normal(struct rng *r);

/* A uniformly random order of the N values (Fisher and Yates). */
void rng_shuffle_u32(struct rng *r, uint32_t *v, size_t n);

#endif
