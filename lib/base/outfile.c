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
#define UNFINISHED_MAX 300

struct outfile {
    char *path;      /* what to call it in a message */
    char *place;     /* where it goes: PATH with its links followed */
    char *temporary; /* NULL: written in place */
    int fd;
    int slot; /* in unfinished[], or -1 */
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
    if (f->slot >= 0)
        unfinished[f->slot] = NULL;
    free(f->path);
    free(f->place);
    free(f->temporary);
    free(f);
}

static int
create_beside(struct outfile *f, struct error *e)
{
    const char *slash = strrchr(f->place, '/');
    const size_t dir = slash != NULL ? (size_t)(slash - f->place) + 1 : 0;
    const size_t size = strlen(f->place) + 32;

    for (int i = 0; i < UNFINISHED_MAX && f->slot < 0; i++)
        if (unfinished[i] == NULL)
            f->slot = i;
    if (f->slot < 0)
        return error_set(e, "%s: too many files are being written", f->path);
    f->temporary = mem_new(size, 1, e);
    if (f->temporary == NULL)
        return -1;
    for (int try = 0; try < 100; try++) {
        snprintf(f->temporary, size, "%.*s.%s.%ld.%d.part", (int)dir, f->place,
                 f->place + dir, (long)getpid(), try);
        f->fd =
            open(f->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (f->fd >= 0) {
            unfinished[f->slot] = f->temporary;
            return 0;
        }
        if (errno != EEXIST)
            break;
    }
    return error_errno(e, "%s", f->path);
}

/* A copy of PATH, or of what it is a link to: the link stays, and its target is
 * what gets written. */
static char *
follow(const char *path, struct error *e)
{
    struct stat st;
    char *target;

    if (lstat(path, &st) != 0 || !S_ISLNK(st.st_mode))
        return mem_string(path, strlen(path), e);
    target = realpath(path, NULL);
    if (target == NULL)
        error_errno(e, "%s", path);
    return target;
}

static int
open_place(struct outfile *f, struct error *e)
{
    struct stat st;

    if (stat(f->path, &st) != 0 || S_ISREG(st.st_mode)) {
        f->place = follow(f->path, e);
        return f->place != NULL ? create_beside(f, e) : -1;
    }
    /* Where a link to a pipe leads (/dev/stdout) has no name. */
    f->fd = open(f->path, O_WRONLY | O_CLOEXEC);
    return f->fd >= 0 ? 0 : error_errno(e, "%s", f->path);
}

struct outfile *
outfile_open(const char *path, struct error *e)
{
    struct outfile *f = mem_new(1, sizeof *f, e);
    const bool standard = strcmp(path, "-") == 0;
    const char *name = standard ? STDOUT_NAME : path;

    if (f == NULL)
        return NULL;
    f->slot = -1;
    f->fd = STDOUT_FILENO;
    f->path = mem_string(name, strlen(name), e);
    if (f->path == NULL || (!standard && open_place(f, e) != 0)) {
        outfile_free(f);
        return NULL;
    }
    return f;
}

/* The folder that holds PATH, or would. */
static bool
folder_of(const char *path, struct stat *st)
{
    const char *slash = strrchr(path, '/');
    char folder[4096];

    if (slash == NULL)
        return stat(".", st) == 0;
    if ((size_t)(slash - path) + 2 > sizeof folder)
        return false;
    snprintf(folder, sizeof folder, "%.*s", (int)(slash - path) + 1, path);
    return stat(folder, st) == 0;
}

bool
outfile_same(const char *a, const char *b)
{
    const char *a_slash = strrchr(a, '/'), *b_slash = strrchr(b, '/');
    struct stat x, y;

    if (strcmp(a, "-") == 0 || strcmp(b, "-") == 0)
        return strcmp(a, b) == 0;
    if (stat(a, &x) == 0 && stat(b, &y) == 0)
        return S_ISREG(x.st_mode) && x.st_dev == y.st_dev &&
               x.st_ino == y.st_ino;
    return strcmp(a_slash != NULL ? a_slash + 1 : a,
                  b_slash != NULL ? b_slash + 1 : b) == 0 &&
           folder_of(a, &x) && folder_of(b, &y) && x.st_dev == y.st_dev &&
           x.st_ino == y.st_ino;
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
        if (status == 0 && rename(f->temporary, f->place) != 0)
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
