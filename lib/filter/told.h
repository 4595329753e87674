/*
 * told.h - a file that one rank of the world reads and tells the others
 *
 * All ranks come through these functions, which do what they say or die, with
 * the same result.  In a world of one this is open() and read().
 */
#ifndef FILTER_TOLD_H
#define FILTER_TOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct told {
    const char *name; /* for messages */
    unsigned owner;   /* the rank that reads it */
    int fd;           /* there; else -1 */
    bool borrowed;    /* fd is not ours to close */
};

/* PATH, which is kept, by OWNER; "-" is the first rank's standard input. */
void told_open(struct told *t, const char *path, unsigned owner);
void told_close(struct told *t);
/* Of the struct told T: LEN bytes into BUF, fewer at the end, or -1 with errno:
 * for a struct reader_source. */
ssize_t told_read(void *t, void *buf, size_t len);

#endif
