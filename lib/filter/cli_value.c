#include "filter/cli_value.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "filter/cli.h"

/* "-k 7x" or "--epochs 7x", as the user knows the option. */
static _Noreturn void
bad_value(int letter, const char *value, const char *want)
{
    usage_error("--%s %s: expected %s", cli_option_name(letter), value, want);
}

uint64_t
cli_u64(int letter, const char *value, uint64_t min, uint64_t max)
{
    char want[96];
    uint64_t v;

    if (number_u64(value, strlen(value), &v) && v >= min && v <= max)
        return v;
    if (max == UINT64_MAX)
        snprintf(want, sizeof want, "a whole number of at least %" PRIu64, min);
    else
        snprintf(want, sizeof want,
                 "a whole number from %" PRIu64 " to %" PRIu64, min, max);
    bad_value(letter, value, want);
}

uint64_t
cli_size(int letter, const char *value)
{
    static const char units[] = "KMGT";
    size_t len = strlen(value);
    const char *unit = len > 0 ? strchr(units, value[len - 1]) : NULL;
    const int shift = unit != NULL ? 10 * (int)(unit - units + 1) : 0;
    uint64_t v;

    if (unit != NULL)
        len--;
    if (number_u64(value, len, &v) && v > 0 && v <= SIZE_MAX >> shift)
        return v << shift;
    bad_value(letter, value, "a number of bytes such as 65536, 64K, 2M or 1G");
}

double
cli_f64(int letter, const char *value, double min, double max)
{
    char want[96];
    double v;

    if (number_finite(value, strlen(value), &v) && v >= min && v <= max)
        return v;
    snprintf(want, sizeof want, "a number from %g to %g", min, max);
    bad_value(letter, value, want);
}

unsigned
cli_u32_list(int letter, const char *value, uint32_t min_value, unsigned max,
             uint32_t *out)
{
    const char *p = value;
    unsigned n = 0;

    for (;;) {
        const size_t len = strcspn(p, ",");
        uint64_t v;

        if (n == max || !number_u64(p, len, &v) || v < min_value ||
            v > INT32_MAX)
            break;
        out[n++] = (uint32_t)v;
        if (p[len] == '\0')
            return n;
        p += len + 1;
    }
    bad_value(letter, value, "whole numbers with commas between them");
}

unsigned
cli_choice(int letter, const char *value, const char *const *names)
{
    char want[256] = "one of";

    for (unsigned i = 0; names[i] != NULL; i++) {
        const size_t len = strlen(want);

        if (strcmp(names[i], value) == 0)
            return i;
        snprintf(want + len, sizeof want - len, "%s %s", i > 0 ? "," : "",
                 names[i]);
    }
    bad_value(letter, value, want);
}

void
cli_check_takes(const int *asks, unsigned last, unsigned takes,
                const char *name)
{
    for (unsigned bit = 1; bit <= last; bit *= 2)
        if (asks[bit] != 0 && (takes & bit) == 0)
            usage_error("--%s: not for %s", cli_option_name(asks[bit]), name);
}
