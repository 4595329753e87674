/* Sums are those of all digits, whatever the order and however they are split.
 */
#include "base/sum.h"

#include <float.h>
#include <string.h>

#include "base/rng.h"
#include "check.h"

static double
sum_of(const double *v, size_t n)
{
    struct sum s = { 0 };

    for (size_t i = 0; i < n; i++)
        sum_add(&s, v[i]);
    return sum_value(&s);
}

#define SUM(...)                                                               \
    sum_of((const double[]){ __VA_ARGS__ },                                    \
           sizeof((const double[]){ __VA_ARGS__ }) / sizeof(double))

static void
check_is(const char *name, double got, double want)
{
    CHECK(memcmp(&got, &want, sizeof got) == 0, "%s: %.17g, not %.17g", name,
          got, want);
}

static void
test_by_hand(void)
{
    const double big = 0x1p53;

    check_is("nothing", sum_of(NULL, 0), 0);
    check_is("one", SUM(-0.3), -0.3);
    check_is("ten tenths", SUM(.1, .1, .1, .1, .1, .1, .1, .1, .1, .1), 1);
    check_is("cancels", SUM(1e100, 1, -1e100), 1);
    check_is("cancels below", SUM(-1e100, -1, 1e100), -1);
    check_is("to nothing", SUM(.1, 3, -.1, -3), 0);
    check_is("a tie to even", SUM(big, 1), big);
    check_is("a tie to even, up", SUM(big + 2, 1), big + 4);
    check_is("above a tie", SUM(big, 1, 0x1p-1074), big + 2);
    check_is("below a tie", SUM(big, 1, -0x1p-1074), big);
    check_is("negative", SUM(-big, -1, -0x1p-1000), -big - 2);
    check_is("the least", SUM(0x1p-1074), 0x1p-1074);
    check_is("denormal", SUM(0x1p-1022, -0x1p-1074), 0x1p-1022 - 0x1p-1074);
    check_is("the largest", SUM(DBL_MAX, DBL_MAX, -DBL_MAX), DBL_MAX);
    CHECK(isinf(SUM(DBL_MAX, DBL_MAX)), "beyond all");
    CHECK(isnan(SUM(1, (double)INFINITY)), "an infinity");
    CHECK(isnan(SUM((double)NAN, 1)), "a NaN");
}

#define VALUES 5000

/* Whole numbers of 2^-20, so that integers know the sum. */
static void
test_many(void)
{
    static double v[VALUES];
    struct rng rng = rng_for(1, 2, 3);
    int64_t want = 0;

    for (size_t i = 0; i < VALUES; i++) {
        const int64_t n = (int64_t)(rng_u64(&rng) >> 14) - (INT64_C(1) << 49);

        v[i] = ldexp((double)n, -20);
        want += n;
    }
    check_is("of integers", sum_of(v, VALUES), ldexp((double)want, -20));
}

/* The parts of a sum that was merged from pieces are those of the whole. */
static void
test_merge(void)
{
    static double v[VALUES];
    struct rng rng = rng_for(4, 5, 6);
    struct sum all = { 0 };
    double want[SUM_PARTS];
    unsigned parts;

    for (size_t i = 0; i < VALUES; i++) {
        v[i] = ldexp((double)(int64_t)rng_u64(&rng),
                     (int)rng_below(&rng, 1900) - 1060);
        sum_add(&all, v[i]);
    }
    parts = sum_parts(&all, want);
    CHECK(parts > 2, "%u parts", parts);
    for (size_t pieces = 1; pieces < 40; pieces += 6) {
        struct sum piece[40] = { 0 }, merged = { 0 };
        double got[SUM_PARTS];

        for (size_t i = 0; i < VALUES; i++)
            sum_add(&piece[rng_below(&rng, pieces)], v[i]);
        for (size_t p = pieces; p-- > 0;)
            if (p % 2 == 0) {
                sum_merge(&merged, &piece[p]);
            } else {
                const unsigned n = sum_parts(&piece[p], got);

                for (unsigned i = 0; i < n; i++)
                    sum_add(&merged, got[i]);
            }
        CHECK(sum_parts(&merged, got) == parts &&
                  memcmp(got, want, parts * sizeof *got) == 0,
              "%zu pieces are not the whole", pieces);
    }
}

static void
test_spread(void)
{
    /* 6, 3, 3 and 6 from the mean; 1e9 is what a plain sum loses them in. */
    static const double v[] = { 1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16 };
    struct sum sum = { 0 }, squares = { 0 };

    for (size_t i = 0; i < 4; i++) {
        sum_add(&sum, v[i]);
        sum_add_product(&squares, v[i], v[i]);
    }
    check_is("spread", sum_spread(4, &sum, &squares), 4 * 90);
    memset(&sum, 0, sizeof sum);
    memset(&squares, 0, sizeof squares);
    sum_add(&sum, 0.1);
    sum_add_product(&squares, 0.1, 0.1);
    check_is("of one", sum_spread(1, &sum, &squares), 0);
}

int
main(void)
{
    test_by_hand();
    test_many();
    test_merge();
    test_spread();
    return check_status();
}
