/*
 * short_number.h - numbers of few digits, which is what nearly all texts have
 *
 * Exact, and where they are not sure they refuse: then base/number.h decides.
 * They are here for the loops that read them by the million.
 */
#ifndef STREAM_SHORT_NUMBER_H
#define STREAM_SHORT_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Up to 18 digits: the usual case, which cannot overflow. */
static inline bool
short_whole(const char *s, size_t len, int64_t *out)
{
    const bool negative = len > 0 && s[0] == '-';
    int64_t v = 0;

    if (len - negative == 0 || len - negative > 18)
        return false;
    for (size_t i = negative; i < len; i++) {
        const unsigned d = (unsigned)((unsigned char)s[i] - '0');

        if (d > 9)
            return false;
        v = v * 10 + (int64_t)d;
    }
    *out = negative ? -v : v;
    return true;
}

/*
 * Decimals of up to 15 digits: such a number and its power of ten are both
 * exact as doubles, so one division rounds correctly, as strtod(3) would.
 */
static inline bool
short_decimal(const char *s, size_t len, double *out)
{
    static const double power[] = { 1,   1e1, 1e2,  1e3,  1e4,  1e5,  1e6, 1e7,
                                    1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14 };
    const bool negative = len > 0 && s[0] == '-';
    size_t digits = 0, decimals = 0;
    bool point = false;
    int64_t v = 0;

    if (len - negative > 16)
        return false;
    for (size_t i = negative; i < len; i++) {
        const unsigned d = (unsigned)((unsigned char)s[i] - '0');

        if (d > 9 && (s[i] != '.' || point))
            return false;
        if (d > 9) {
            point = true;
            continue;
        }
        v = v * 10 + (int64_t)d;
        digits++;
        decimals += point;
    }
    if (digits == 0 || digits > 15 || decimals == digits)
        return false;
    *out = (double)v / power[decimals];
    if (negative)
        *out = -*out;
    return true;
}

#endif
