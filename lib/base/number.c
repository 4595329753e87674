#include "base/number.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool
number_u64(const char *s, size_t len, uint64_t *out)
{
    uint64_t v = 0;

    if (len == 0)
        return false;
    for (size_t i = 0; i < len; i++) {
        const unsigned d = (unsigned)((unsigned char)s[i] - '0');

        if (d > 9 || v > (UINT64_MAX - d) / 10)
            return false;
        v = v * 10 + d;
    }
    *out = v;
    return true;
}

bool
number_i64(const char *s, size_t len, int64_t *out)
{
    const bool negative = len > 0 && s[0] == '-';
    uint64_t v;

    if (!number_u64(s + negative, len - negative, &v) ||
        v > (uint64_t)INT64_MAX + negative)
        return false;
    /* Through v - 1, for the magnitude of INT64_MIN is no int64_t. */
    *out = negative && v > 0 ? -(int64_t)(v - 1) - 1 : (int64_t)v;
    return true;
}

bool
number_f64(const char *s, size_t len, double *out)
{
    char copy[64], *end;
    double v;

    if (len == 0 || len >= sizeof copy || memchr(s, 'x', len) != NULL ||
        memchr(s, 'X', len) != NULL || memchr(s, '(', len) != NULL)
        return false;
    memcpy(copy, s, len);
    copy[len] = '\0';
    if ((unsigned char)copy[0] <= ' ')
        return false;
    errno = 0;
    v = strtod(copy, &end);
    if (end != copy + len || (errno == ERANGE && fabs(v) > 1.0))
        return false;
    *out = v;
    return true;
}

bool
number_finite(const char *s, size_t len, double *out)
{
    return number_f64(s, len, out) && isfinite(*out);
}

static size_t
shortest(char *out, double v, int from, int to, bool single)
{
    int len = 0;

    if (isnan(v))
        return (size_t)snprintf(out, NUMBER_TEXT_MAX, "nan");
    for (int digits = from; digits <= to; digits++) {
        double back;

        len = snprintf(out, NUMBER_TEXT_MAX, "%.*g", digits, v);
        back = strtod(out, NULL);
        if (single ? (float)back == (float)v : !(back < v || back > v))
            break;
    }
    return (size_t)len;
}

size_t
number_from_f32(char *out, float v)
{
    /* Ratings and counts are whole numbers more often than not. */
    if (fabsf(v) < 1e6f && v == (float)(int32_t)v && !signbit(v))
        return number_from_u64(out, (uint64_t)v);
    return shortest(out, (double)v, 6, 9, true);
}

size_t
number_from_f64(char *out, double v)
{
    return shortest(out, v, 15, 17, false);
}

size_t
number_from_u64(char *out, uint64_t v)
{
    char digits[NUMBER_TEXT_MAX];
    size_t n = 0;

    do
        digits[n++] = (char)('0' + v % 10);
    while ((v /= 10) > 0);
    for (size_t i = 0; i < n; i++)
        out[i] = digits[n - 1 - i];
    out[n] = '\0';
    return n;
}

size_t
number_from_i64(char *out, int64_t v)
{
    if (v >= 0)
        return number_from_u64(out, (uint64_t)v);
    out[0] = '-';
    return 1 + number_from_u64(out + 1, 0 - (uint64_t)v);
}

size_t
number_grouped(char *out, uint64_t v)
{
    char digits[NUMBER_TEXT_MAX];
    const size_t n = number_from_u64(digits, v);
    size_t len = 0;

    for (size_t i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            out[len++] = ',';
        out[len++] = digits[i];
    }
    out[len] = '\0';
    return len;
}
