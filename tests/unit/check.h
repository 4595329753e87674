/*
 * check.h - the verdict of a unit program
 *
 * A check that fails prints "not ok - ..." and is counted; main() ends with
 * "return check_status();".
 */
#ifndef CHECK_H
#define CHECK_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"

static int check_failures;

/* CHECK(n == 3, "n is %zu, not 3", n); */
#define CHECK(condition, ...)                                                  \
    do {                                                                       \
        if (!(condition)) {                                                    \
            printf("not ok - %s:%d: ", __FILE__, __LINE__);                    \
            printf(__VA_ARGS__);                                               \
            putchar('\n');                                                     \
            check_failures++;                                                  \
        }                                                                      \
    } while (0)

/* GOT and WANT differ by at most RELATIVE of WANT. */
static inline void
check_close(const char *name, double got, double want, double relative)
{
    CHECK(fabs(got - want) <= relative * fabs(want), "%s: %.9g, not %.9g", name,
          got, want);
}

/* No element differs by more than RELATIVE of WANT's largest magnitude.  The
 * first that does is named. */
static inline void
check_array(const char *name, const float *got, const double *want, size_t n,
            double relative)
{
    double largest = 0;

    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, fabs(want[i]));
    for (size_t i = 0; i < n; i++) {
        const bool near = fabs((double)got[i] - want[i]) <= relative * largest;

        CHECK(near, "%s[%zu]: %.9g, not %.9g", name, i, (double)got[i],
              want[i]);
        if (!near)
            return;
    }
}

static inline int
check_status(void)
{
    return check_failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* After a call of the library that a test depends on. */
static inline void
or_stop(int status, const struct error *e)
{
    if (status == 0)
        return;
    printf("not ok - %s\n", e->text);
    exit(EXIT_FAILURE);
}

#endif
