#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void
clean(char *s)
{
    for (; *s != '\0'; s++)
        if ((unsigned char)*s < ' ' || *s == 127)
            *s = '?';
}

int
error_set(struct error *e, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(e->text, sizeof e->text, fmt, ap);
    va_end(ap);
    clean(e->text);
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
    clean(e->text);
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
    clean(e->text);
    return -1;
}
