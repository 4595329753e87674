/*
 * mt19937.h - the Mersenne Twister, for what others drew with it
 *
 * M. Matsumoto and T. Nishimura, "Mersenne Twister: a 623-dimensionally
 * equidistributed uniform pseudo-random number generator", ACM TOMACS 8 (1998),
 * with the seeding of their version of 2002.  It is what NumPy's and Python's
 * older generators are, so published splits can be made again with it.  For
 * all else there is rng.h, whose state is 8 bytes and not 2.5 KiB.
 */
#ifndef BASE_MT19937_H
#define BASE_MT19937_H

#include <stddef.h>
#include <stdint.h>

#define MT19937_WORDS 624

struct mt19937 {
    uint32_t word[MT19937_WORDS];
    size_t used; /* of the words */
};

/* The authors' init_genrand(SEED), which is also numpy.random.seed(SEED). */
void mt19937_seed(struct mt19937 *m, uint32_t seed);

/* The next 32 bits: genrand_int32(). */
uint32_t mt19937_u32(struct mt19937 *m);

/* Uniform over the multiples of 2^-53 in [0, 1), from two of them: their
 * genrand_res53(), NumPy's random_sample().  This is the multiple. */
uint64_t mt19937_u53(struct mt19937 *m);

#endif
