/*
 * Any bytes as a number: what reads well is written, in the shortest way there
 * is, and reads the same; and floating point agrees with strtod(3).
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "scratch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_integers(const char *s, size_t len)
{
    char text[NUMBER_TEXT_MAX];
    uint64_t u, u_again;
    int64_t i, i_again;

    if (number_u64(s, len, &u)) {
        REQUIRE(number_u64(text, number_from_u64(text, u), &u_again));
        REQUIRE(u == u_again);
        REQUIRE(!number_i64(s, len, &i) || (uint64_t)i == u);
    }
    if (number_i64(s, len, &i)) {
        REQUIRE(number_i64(text, number_from_i64(text, i), &i_again));
        REQUIRE(i == i_again);
    }
}

static void
check_floats(const char *s, size_t len)
{
    char text[NUMBER_TEXT_MAX], *copy = strndup(s, len), *end;
    double d, again;
    float f;

    REQUIRE(copy != NULL);
    if (number_f64(s, len, &d)) {
        again = strtod(copy, &end);
        REQUIRE(end == copy + len);
        REQUIRE(memcmp(&d, &again, sizeof d) == 0 ||
                (d != d && again != again));
        REQUIRE(number_f64(text, number_from_f64(text, d), &again));
        REQUIRE(memcmp(&d, &again, sizeof d) == 0 ||
                (d != d && again != again));
        f = (float)d;
        REQUIRE(number_f64(text, number_from_f32(text, f), &again));
        REQUIRE((float)again == f || f != f);
    } else {
        REQUIRE(!number_finite(s, len, &d));
    }
    free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    double d;

    check_integers((const char *)data, size);
    check_floats((const char *)data, size);
    if (size >= sizeof d) { /* the other way: any double at all */
        char text[NUMBER_TEXT_MAX];

        memcpy(&d, data, sizeof d);
        check_floats(text, number_from_f64(text, d));
    }
    return 0;
}
