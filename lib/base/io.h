/*
 * io.h - whole reads and writes on file descriptors
 *
 * The only calls of read(2), pread(2) and write(2) in the project: interrupted
 * and short ones are carried on with here and nowhere else.
 */
#ifndef BASE_IO_H
#define BASE_IO_H

#include <stddef.h>
#include <sys/types.h>

/* Read until LEN bytes are there or the input ends.  Returns how many there
 * are, or -1 with errno set. */
ssize_t io_read(int fd, void *buf, size_t len);

/* The same from the file offset AT on, which reading leaves as it is. */
ssize_t io_read_at(int fd, void *buf, size_t len, off_t at);

/* Read what one read(2) gives, at most LEN bytes: 0 at the end, -1 with errno
 * set.  For those who want to answer as soon as they are asked. */
ssize_t io_read_some(int fd, void *buf, size_t len);

/* Write all of it.  0, or -1 with errno set. */
int io_write(int fd, const void *buf, size_t len);

#endif
