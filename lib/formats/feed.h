/*
 * feed.h - the bytes of a file as they arrive, taken in pieces or by lines
 *
 * However long a piece is said to be, memory grows only as its bytes arrive.
 * Errors are the reason alone: the caller puts the place before it, once.
 */
#ifndef FORMATS_FEED_H
#define FORMATS_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"

/* Longer lines are refused. */
#define FEED_LINE_MAX ((size_t)16 << 20)

/* Start from { .fd, .name }; FD stays the caller's to close. */
struct feed {
    int fd;
    const char *name; /* for messages; kept */
    size_t chunk;     /* bytes asked for at once; 0 for a good number */
    uint64_t line;    /* of the line last taken or failed at, from 1 */
    bool last_open;   /* the last line needs no line end */
    struct buffer bytes;
    size_t pos; /* what has been taken of them */
    bool ended;
};

/*
 * The next LEN bytes, good until the next call: 1, or 0 when the input has
 * ended before the first of them, or -1: it ends within them ("cut short"), or
 * a system call failed.
 */
int feed_bytes(struct feed *f, size_t len, const unsigned char **p,
               struct error *e);

/* The next line without LF or CRLF, good until the next call: 1, 0 at the end,
 * -1.  Without a line end the last one is cut short: "0.2" may have been
 * "0.25". */
int feed_line(struct feed *f, const char **s, size_t *len, struct error *e);

void feed_free(struct feed *f); /* twice is fine */

/* Put "items.txt:12: " before the text in E. */
int feed_at_line(const struct feed *f, struct error *e);

/* The next word of a line, up to a blank or a tab; those before it are passed.
 * False when there is none. */
bool feed_word(const char **line, size_t *left, const char **s, size_t *len);

/* Can S stand as a word in a line: UTF-8, not empty, no blank, no control
 * character? */
bool feed_is_word(const char *s, size_t len);

#endif
