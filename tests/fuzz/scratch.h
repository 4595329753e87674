/*
 * scratch.h - give a fuzzer's bytes to code that reads descriptors
 */
#ifndef SCRATCH_H
#define SCRATCH_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"

/* A violated property must not pass, whatever NDEBUG says. */
#define REQUIRE(condition)                                                     \
    do {                                                                       \
        if (!(condition)) {                                                    \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);    \
            abort();                                                           \
        }                                                                      \
    } while (0)

/* A nameless file, in memory where there is a place for such. */
static inline int
scratch_new(void)
{
    char name[64];
    FILE *f;
    int fd;

    snprintf(name, sizeof name, "/recmill-fuzz-%ld", (long)getpid());
    fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd >= 0) {
        (void)shm_unlink(name);
        return fd; /* stays open for the life of the process */
    }
    f = tmpfile();
    REQUIRE(f != NULL);
    return fileno(f);
}

/* Make P the content of FD, to be read from its start. */
static inline void
scratch_fill(int fd, const void *p, size_t len)
{
    REQUIRE(ftruncate(fd, 0) == 0);
    REQUIRE(pwrite(fd, p, len, 0) == (ssize_t)len);
    REQUIRE(lseek(fd, 0, SEEK_SET) == 0);
}

/* What was written to FD. */
static inline struct buffer
scratch_bytes(int fd)
{
    const off_t len = lseek(fd, 0, SEEK_END);
    struct buffer b = { 0 };
    struct error e;

    REQUIRE(len >= 0 && buffer_reserve(&b, (size_t)len, &e) == 0);
    REQUIRE(pread(fd, b.data, (size_t)len, 0) == len);
    b.len = (size_t)len;
    return b;
}

#endif
