#include "formats/feed.h"

#include <inttypes.h>
#include <string.h>

#include "base/io.h"
#include "base/utf8.h"

#define CHUNK ((size_t)64 * 1024)

/* More bytes behind those that are there. */
static int
refill(struct feed *f, struct error *e)
{
    const size_t chunk = f->chunk > 0 ? f->chunk : CHUNK;
    struct buffer *b = &f->bytes;
    ssize_t got;

    if (f->pos > 0)
        memmove(b->data, b->data + f->pos, b->len - f->pos);
    b->len -= f->pos;
    f->pos = 0;
    if (buffer_reserve(b, chunk, e) != 0)
        return -1;
    got = io_read_some(f->fd, b->data + b->len, chunk);
    if (got < 0)
        return error_errno(e, "read failed");
    f->ended = got == 0;
    b->len += (size_t)got;
    return 0;
}

int
feed_bytes(struct feed *f, size_t len, const unsigned char **p, struct error *e)
{
    while (f->bytes.len - f->pos < len) {
        if (f->ended && f->bytes.len == f->pos)
            return 0;
        if (f->ended)
            return error_set(e, "cut short");
        if (refill(f, e) != 0)
            return -1;
    }
    *p = f->bytes.data + f->pos;
    f->pos += len;
    return 1;
}

int
feed_line(struct feed *f, const char **s, size_t *len, struct error *e)
{
    const unsigned char *end = NULL;
    size_t seen = 0, n;

    f->line++;
    for (;;) {
        const size_t have = f->bytes.len - f->pos;

        if (have > seen)
            end = memchr(f->bytes.data + f->pos + seen, '\n', have - seen);
        seen = have;
        if (end != NULL || f->ended || seen > FEED_LINE_MAX)
            break;
        if (refill(f, e) != 0)
            return -1;
    }
    *s = (const char *)f->bytes.data + f->pos;
    n = end != NULL ? (size_t)((const char *)end - *s) : seen;
    /* Whatever the pieces in which it came. */
    if (n > FEED_LINE_MAX)
        return error_set(e, "a line longer than 16 MiB");
    if (end == NULL && seen == 0) {
        f->line--;
        return 0;
    }
    if (end == NULL && !f->last_open)
        return error_set(e, "cut short: the last line has no line end");
    f->pos += n + (end != NULL);
    *len = n - (n > 0 && (*s)[n - 1] == '\r');
    return 1;
}

void
feed_free(struct feed *f)
{
    buffer_free(&f->bytes);
}

int
feed_at_line(const struct feed *f, struct error *e)
{
    return error_prefix(e, "%s:%" PRIu64, f->name, f->line);
}

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t';
}

bool
feed_word(const char **line, size_t *left, const char **s, size_t *len)
{
    const char *p = *line, *end = p + *left;

    while (p < end && is_blank(*p))
        p++;
    *s = p;
    while (p < end && !is_blank(*p))
        p++;
    *len = (size_t)(p - *s);
    *left = (size_t)(end - p);
    *line = p;
    return *len > 0;
}

bool
feed_is_word(const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)s[i] <= ' ' || s[i] == 127)
            return false;
    return len > 0 && utf8_valid(s, len);
}
