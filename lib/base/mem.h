/*
 * mem.h - memory whose size comes from data
 *
 * Every size is a count times an element size and is checked for overflow.
 * Failure is an ordinary error, "out of memory (N bytes)".
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>
#include <string.h>

#include "base/error.h"

/* Zeroed memory for N elements of SIZE bytes, to be freed with free(); at least
 * one byte, so NULL always means failure. */
void *mem_new(size_t n, size_t size, struct error *e);

/*
 * Make room for NEED elements in P, which has room for *CAP: P itself when that
 * is enough, else memory at least half as large again.  New room is not
 * zeroed.  NULL on failure, and then P is still good and the caller's.
 */
void *mem_grow(void *p, size_t *cap, size_t need, size_t size, struct error *e);

/* Give back what P, which has room for *CAP, has beyond N elements. */
void *mem_trim(void *p, size_t *cap, size_t n, size_t size);

/* A copy of LEN bytes with a NUL behind them. */
char *mem_string(const char *s, size_t len, struct error *e);

/* Bytes that grow.  Start from = { 0 }. */
struct buffer {
    unsigned char *data;
    size_t len, cap;
};

/* What buffer_reserve() does when there is not enough room. */
int buffer_grow(struct buffer *b, size_t more, struct error *e);

/* Room for MORE bytes behind those that are there.  This and buffer_append()
 * are called for every value of a stream: so they are here, and the compiler
 * makes a store of an append of 4 or 8 bytes. */
static inline int
buffer_reserve(struct buffer *b, size_t more, struct error *e)
{
    return more < b->cap - b->len ? 0 : buffer_grow(b, more, e);
}

static inline int
buffer_append(struct buffer *b, const void *p, size_t len, struct error *e)
{
    if (buffer_reserve(b, len, e) != 0)
        return -1;
    if (len > 0)
        memcpy(b->data + b->len, p, len);
    b->len += len;
    return 0;
}

/* Formatted text without its NUL. */
int buffer_printf(struct buffer *b, struct error *e, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
void buffer_free(struct buffer *b);

#endif
