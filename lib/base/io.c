#include "base/io.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <unistd.h>

/* A descriptor that somebody made non-blocking: wait for it. */
static bool
try_again(int fd, short events)
{
    struct pollfd p = { .fd = fd, .events = events };

    if (errno == EINTR)
        return true;
    if (errno != EAGAIN && errno != EWOULDBLOCK)
        return false;
    (void)poll(&p, 1, -1);
    return true;
}

ssize_t
io_read_some(int fd, void *buf, size_t len)
{
    ssize_t got;

    if (len > SSIZE_MAX)
        len = SSIZE_MAX;
    do
        got = read(fd, buf, len);
    while (got < 0 && try_again(fd, POLLIN));
    return got;
}

ssize_t
io_read(int fd, void *buf, size_t len)
{
    size_t have = 0;

    while (have < len) {
        const ssize_t got = io_read_some(fd, (char *)buf + have, len - have);

        if (got < 0)
            return -1;
        if (got == 0)
            break;
        have += (size_t)got;
    }
    return (ssize_t)have;
}

ssize_t
io_read_at(int fd, void *buf, size_t len, off_t at)
{
    size_t have = 0;

    while (have < len) {
        const ssize_t got =
            pread(fd, (char *)buf + have, len - have, at + (off_t)have);

        if (got == 0)
            break;
        if (got > 0)
            have += (size_t)got;
        else if (!try_again(fd, POLLIN))
            return -1;
    }
    return (ssize_t)have;
}

int
io_write(int fd, const void *buf, size_t len)
{
    size_t done = 0;

    while (done < len) {
        const ssize_t put = write(fd, (const char *)buf + done, len - done);

        if (put >= 0)
            done += (size_t)put;
        else if (!try_again(fd, POLLOUT))
            return -1;
    }
    return 0;
}
