#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *
out_of_memory(size_t n, size_t size, struct error *e)
{
    error_set(e, "out of memory (%zu x %zu bytes)", n, size);
    return NULL;
}

void *
mem_new(size_t n, size_t size, struct error *e)
{
    void *p = calloc(n > 0 ? n : 1, size > 0 ? size : 1);

    if (p == NULL)
        return out_of_memory(n, size, e);
    return p;
}

void *
mem_grow(void *p, size_t *cap, size_t need, size_t size, struct error *e)
{
    size_t want = *cap;
    void *q;

    if (p != NULL && need <= *cap)
        return p;
    if (need < 16)
        need = 16;
    want += want / 2;
    if (want < need)
        want = need;
    if (want > SIZE_MAX / 2 / size)
        return out_of_memory(want, size, e);
    q = realloc(p, want * size);
    if (q == NULL)
        return out_of_memory(want, size, e);
    *cap = want;
    return q;
}

void *
mem_trim(void *p, size_t *cap, size_t n, size_t size)
{
    void *q = n > 0 && n < *cap ? realloc(p, n * size) : NULL;

    if (q == NULL)
        return p;
    *cap = n;
    return q;
}

char *
mem_string(const char *s, size_t len, struct error *e)
{
    char *copy = mem_new(len + 1, 1, e);

    if (copy != NULL && len > 0)
        memcpy(copy, s, len);
    return copy;
}

int
buffer_grow(struct buffer *b, size_t more, struct error *e)
{
    void *p;

    if (more > SIZE_MAX / 4 - b->len) {
        out_of_memory(more, 1, e);
        return -1;
    }
    p = mem_grow(b->data, &b->cap, b->len + more, 1, e);
    if (p == NULL)
        return -1;
    b->data = p;
    return 0;
}

int
buffer_printf(struct buffer *b, struct error *e, const char *fmt, ...)
{
    va_list ap;
    int len;

    va_start(ap, fmt);
    len = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (len < 0 || buffer_reserve(b, (size_t)len + 1, e) != 0)
        return -1;
    va_start(ap, fmt);
    vsnprintf((char *)b->data + b->len, (size_t)len + 1, fmt, ap);
    va_end(ap);
    b->len += (size_t)len;
    return 0;
}

void
buffer_free(struct buffer *b)
{
    free(b->data);
    *b = (struct buffer){ 0 };
}
