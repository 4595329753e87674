#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

void
error_clean(char *s)
{
    size_t left = strlen(s);

    while (left > 0) {
        const size_t len = utf8_character(s, left);
        const size_t n = len > 0 ? len : 1;

        if (!utf8_printable(s, len))
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
