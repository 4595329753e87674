#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

/* Does the character of LEN bytes at S drive a terminal? */
static bool
drives(const char *s, size_t len)
{
    const unsigned char *p = (const unsigned char *)s;

    switch (len) {
    case 1: return p[0] < ' ' || p[0] == 127;
    case 2: return p[0] == 0xc2 && p[1] < 0xa0; /* U+0080 to U+009F */
    case 3: /* U+202A to U+202E, U+2066 to U+2069 */
        return p[0] == 0xe2 &&
               ((p[1] == 0x80 && p[2] >= 0xaa && p[2] <= 0xae) ||
                (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9));
    default: return len == 0;
    }
}

void
error_clean(char *s)
{
    size_t left = strlen(s);

    while (left > 0) {
        const size_t len = utf8_character(s, left);
        const size_t n = len > 0 ? len : 1;

        if (drives(s, len))
            memset(s, '?', n);
        s += n;
        left -= n;
    }
}

int
error_set(struct error *e, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(e->text, sizeof e->text, fmt, ap);
    va_end(ap);
    error_clean(e->text);
    return -1;
}

int
error_errno(struct error *e, const char *fmt, ...)
{
    const char *why = strerror(errno);
    va_list ap;
    size_t len;

    va_start(ap, fmt);
    vsnprintf(e->text, sizeof e->text, fmt, ap);
    va_end(ap);
    len = strlen(e->text);
    snprintf(e->text + len, sizeof e->text - len, ": %s", why);
    error_clean(e->text);
    return -1;
}

int
error_prefix(struct error *e, const char *fmt, ...)
{
    struct error old = *e;
    va_list ap;
    size_t len;

    va_start(ap, fmt);
    vsnprintf(e->text, sizeof e->text, fmt, ap);
    va_end(ap);
    len = strlen(e->text);
    snprintf(e->text + len, sizeof e->text - len, ": %s", old.text);
    error_clean(e->text);
    return -1;
}
