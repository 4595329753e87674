#include "base/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

#define STDOUT_NAME "standard output"

/* More than any filter writes at once (rec-split has one a part). */
#define UNFINISHED_MAX 64

struct outfile {
    char *path;
    char *temporary; /* NULL: written in place */
    int fd;
    int place; /* in unfinished[], or -1 */
};

/* What a signal handler has to remove.  A slot is set after the file exists
 * and cleared before its name is freed. */
static const char *volatile unfinished[UNFINISHED_MAX];

void
outfile_unlink_all(void)
{
    for (int i = 0; i < UNFINISHED_MAX; i++) {
        const char *name = unfinished[i];

        if (name != NULL)
            (void)unlink(name);
    }
}

static void
outfile_free(struct outfile *f)
{
    if (f->place >= 0)
        unfinished[f->place] = NULL;
    free(f->path);
    free(f->temporary);
    free(f);
}

static int
create_beside(struct outfile *f, struct error *e)
{
    const char *slash = strrchr(f->path, '/');
    const size_t dir = slash != NULL ? (size_t)(slash - f->path) + 1 : 0;
    const size_t size = strlen(f->path) + 32;

    for (int i = 0; i < UNFINISHED_MAX && f->place < 0; i++)
        if (unfinished[i] == NULL)
            f->place = i;
    if (f->place < 0)
        return error_set(e, "%s: too many files are being written", f->path);
    f->temporary = mem_new(size, 1, e);
    if (f->temporary == NULL)
        return -1;
    for (int try = 0; try < 100; try++) {
        snprintf(f->temporary, size, "%.*s.%s.%ld.%d.part", (int)dir, f->path,
                 f->path + dir, (long)getpid(), try);
        f->fd =
            open(f->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (f->fd >= 0) {
            unfinished[f->place] = f->temporary;
            return 0;
        }
        if (errno != EEXIST)
            break;
    }
    return error_errno(e, "%s", f->path);
}

struct outfile *
outfile_open(const char *path, struct error *e)
{
    struct outfile *f = mem_new(1, sizeof *f, e);
    struct stat st;

    if (f == NULL)
        return NULL;
    f->place = -1;
    if (strcmp(path, "-") == 0)
        path = STDOUT_NAME;
    f->path = mem_string(path, strlen(path), e);
    if (f->path == NULL) {
        free(f);
        return NULL;
    }
    if (strcmp(path, STDOUT_NAME) == 0) {
        f->fd = STDOUT_FILENO;
        return f;
    }
    if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
        f->fd = open(path, O_WRONLY | O_CLOEXEC);
        if (f->fd >= 0)
            return f;
        error_errno(e, "%s", path);
    } else if (create_beside(f, e) == 0) {
        return f;
    }
    outfile_free(f);
    return NULL;
}

int
outfile_fd(const struct outfile *f)
{
    return f->fd;
}

const char *
outfile_name(const struct outfile *f)
{
    return f->path;
}

int
outfile_commit(struct outfile *f, struct error *e)
{
    int status = 0;

    /* A disk that is full may say so only now. */
    if (f->temporary != NULL && fsync(f->fd) != 0 && errno != EINVAL)
        status = error_errno(e, "%s", f->path);
    if (close(f->fd) != 0 && errno != EINTR && status == 0)
        status = error_errno(e, "%s", f->path);
    if (f->temporary != NULL) {
        if (status == 0 && rename(f->temporary, f->path) != 0)
            status = error_errno(e, "%s", f->path);
        if (status != 0)
            (void)unlink(f->temporary);
    }
    outfile_free(f);
    return status;
}

void
outfile_abandon(struct outfile *f)
{
    if (f == NULL)
        return;
    (void)close(f->fd);
    if (f->temporary != NULL)
        (void)unlink(f->temporary);
    outfile_free(f);
}
