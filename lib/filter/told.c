#include "filter/told.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/world.h"
#include "filter/message.h"

#define STDIN_NAME "standard input"

void
told_open(struct told *t, const char *path, unsigned owner)
{
    int failed = 0;

    *t = (struct told){ path, owner, -1, false };
    if (strcmp(path, "-") == 0) {
        *t = (struct told){ STDIN_NAME, 0, STDIN_FILENO, true };
        if (world_size() > 1)
            usage_error("several processes read files, not %s", STDIN_NAME);
        if (world_rank() == 0 && isatty(STDIN_FILENO))
            usage_error("no input: give a file, or a stream on %s", STDIN_NAME);
    } else if (world_rank() == owner) {
        t->fd = open(path, O_RDONLY | O_CLOEXEC);
        failed = t->fd < 0 ? errno : 0;
    }
    world_tell(t->owner, &failed, sizeof failed);
    errno = failed;
    if (failed != 0)
        die_errno("%s", path);
}

void
told_close(struct told *t)
{
    if (t->fd >= 0 && !t->borrowed)
        (void)close(t->fd); /* only read from: nothing to lose */
    t->fd = -1;
}

ssize_t
told_read(void *told, void *buf, size_t len)
{
    const struct told *t = told;
    int64_t got[2] = { 0 }; /* and errno */

    if (world_rank() == t->owner) {
        got[0] = io_read(t->fd, buf, len);
        got[1] = errno;
    }
    world_tell(t->owner, got, sizeof got);
    if (got[0] > 0)
        world_tell(t->owner, buf, (size_t)got[0]);
    errno = (int)got[1];
    return (ssize_t)got[0];
}
