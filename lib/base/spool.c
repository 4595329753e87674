#include "base/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"

#define PIECE ((size_t)64 * 1024)

const char *
spool_folder(void)
{
    const char *dir = getenv("TMPDIR");

    return dir != NULL && *dir != '\0' ? dir : "/tmp";
}

int
spool_new(struct error *e)
{
    const char *dir = spool_folder();
    const size_t size = strlen(dir) + 32;
    char *name = mem_new(size, 1, e);
    int fd;

    if (name == NULL)
        return -1;
    snprintf(name, size, "%s/recmill-XXXXXX", dir);
    fd = mkstemp(name);
    if (fd < 0) {
        /* A sandbox may let it be made and then not be opened. */
        const bool made = errno == EACCES;

        error_errno(e, "%s", name);
        if (made)
            (void)unlink(name);
    } else {
        (void)unlink(name);
        (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
    free(name);
    return fd;
}

static int
copy(int from, int to, struct error *e)
{
    unsigned char *piece = mem_new(PIECE, 1, e);
    int status = 0;
    ssize_t got = 1;

    if (piece == NULL)
        return -1;
    while (status == 0 && got > 0) {
        got = io_read(from, piece, PIECE);
        if (got < 0)
            status = error_errno(e, "read failed");
        else if (io_write(to, piece, (size_t)got) != 0)
            status = error_errno(e, "its copy in %s", spool_folder());
    }
    if (status == 0 && lseek(to, 0, SEEK_SET) != 0)
        status = error_errno(e, "its copy in %s", spool_folder());
    free(piece);
    return status;
}

int
spool_copy(int fd, struct error *e)
{
    const int to = spool_new(e);

    if (to < 0)
        return -1;
    if (copy(fd, to, e) == 0)
        return to;
    (void)close(to);
    return -1;
}
