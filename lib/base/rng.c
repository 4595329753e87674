#include "base/rng.h"

#include <math.h>

uint64_t
rng_below(struct rng *r, uint64_t n)
{
    /* Values below the threshold would make the first 2^64 mod n results more
     * likely than the rest: draw again. */
    const uint64_t threshold = (0 - n) % n;
    uint64_t v;

    do
        v = rng_u64(r);
    while (v < threshold);
    return v % n;
}

double
rng_normal(struct rng *r)
{
    const double two_pi = 6.283185307179586;
    const double u = 1.0 - rng_f64(r); /* never 0 */
    const double v = rng_f64(r);

    return sqrt(-2.0 * log(u)) * cos(two_pi * v); /* Box and Muller, 1958 */
}

void
rng_shuffle_u32(struct rng *r, uint32_t *v, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        const size_t j = (size_t)rng_below(r, i);
        const uint32_t t = v[i - 1];

        v[i - 1] = v[j];
        v[j] = t;
    }
}
