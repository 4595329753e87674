/*
 * layer - make one call of the C library fail
 *
 * A library for LD_PRELOAD, so that the programs under test are those that are
 * installed.  Once main() has begun it counts the calls of one kind, and the
 * environment says what becomes of which:
 *
 *     FAULT=KIND:N:ACTION
 *
 * KIND is read, write, open, close, fsync, rename, stat, seek, truncate, flush,
 * line (fgets), unlink, thread or malloc.  Call number N, from 1, fails with the error that ACTION
 * names ("ENOSPC"; "ENOSPC+": so do all that follow), or the process is killed
 * there ("kill").  With "short" every call from N on reads or writes one byte.
 * With "peek" it goes well, but first the process tries to open $FAULT_PEEK
 * ("r:FILE", or "w:FILE" to create it) and says on standard error how that went.
 * Standard error is left alone.  FAULT_TOLD is a descriptor to which "." is
 * written once main() begins, and "!" when the call is reached.
 *
 * What stdio does inside the C library is not seen, only what it is asked for.
 */
#define _GNU_SOURCE /* RTLD_NEXT */
#undef _FILE_OFFSET_BITS
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* An interposed function is declared by the headers, or by nobody. */
#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#pragma GCC diagnostic ignored "-Wpedantic" /* void * to a function */

static struct {
    char kind[16];
    unsigned long at;
    int error;
    bool kill, small, all, peek; /* SMALL: "short" */
    int told;
    atomic_ulong count;
} fault = { .told = -1 };
static bool begun; /* main() has */
/* This thread runs what it was started for, not yet a sanitizer's preparations. */
static _Thread_local bool ours;

static int
error_of(const char *name)
{
    static const struct {
        const char *name;
        int number;
    } known[] = {
        { "EIO", EIO },       { "ENOSPC", ENOSPC }, { "EACCES", EACCES },
        { "EMFILE", EMFILE }, { "EINTR", EINTR },   { "EAGAIN", EAGAIN },
        { "ENOMEM", ENOMEM }, { "EROFS", EROFS },   { "EDQUOT", EDQUOT },
    };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strncmp(name, known[i].name, strlen(known[i].name)) == 0)
            return known[i].number;
    return 0;
}

/* The function of this name that is ours to stand before. */
static void *
real(const char *name)
{
    void *f = dlsym(RTLD_NEXT, name);

    if (f == NULL)
        abort();
    return f;
}

#define REAL(type, name, ...)                                                  \
    static type (*call)(__VA_ARGS__);                                          \
    if (call == NULL)                                                          \
    call = (type(*)(__VA_ARGS__))real(name)

static void
tell(const char *mark)
{
    static ssize_t (*call)(int, const void *, size_t);

    if (fault.told < 0)
        return;
    if (call == NULL)
        call = (ssize_t(*)(int, const void *, size_t))real("write");
    (void)!call(fault.told, mark, 1);
}

static void
begin(void)
{
    const char *spec = getenv("FAULT"), *told = getenv("FAULT_TOLD");
    char action[16];

    if (spec == NULL ||
        sscanf(spec, "%15[a-z]:%lu:%15s", fault.kind, &fault.at, action) != 3)
        return;
    fault.error = error_of(action);
    fault.kill = strcmp(action, "kill") == 0;
    fault.small = strcmp(action, "short") == 0;
    fault.peek = strcmp(action, "peek") == 0;
    fault.all = fault.small || strchr(action, '+') != NULL;
    fault.told = told != NULL ? atoi(told) : -1;
    tell(".");
    /* What the sanitizers and the shell start has faults of its own. */
    begun = ours = true;
}

static void
peek(void)
{
    const char *what = getenv("FAULT_PEEK");
    int fd;

    if (what == NULL || what[0] == '\0' || what[1] != ':')
        abort();
    fd = open64(what + 2, what[0] == 'r' ? O_RDONLY : O_WRONLY | O_CREAT, 0666);
    dprintf(STDERR_FILENO, "peek: %s\n", fd >= 0 ? "opened" : strerror(errno));
}

/* Is this call the one?  Then errno is set. */
static bool
fails(const char *kind)
{
    unsigned long n;

    if (!begun || !ours || strcmp(kind, fault.kind) != 0)
        return false;
    n = atomic_fetch_add(&fault.count, 1) + 1;
    if (fault.all ? n < fault.at : n != fault.at)
        return false;
    tell("!");
    fault.told = -1; /* once is enough */
    if (fault.kill)
        (void)raise(SIGKILL);
    if (fault.peek)
        peek();
    errno = fault.error;
    return !fault.peek;
}

/* How much of LEN a read or write is to do: -1, or a length. */
static ssize_t
allowed(const char *kind, int fd, size_t len)
{
    if (fd == STDERR_FILENO || !fails(kind))
        return (ssize_t)len;
    return fault.small ? len > 0 : -1;
}

ssize_t
read(int fd, void *p, size_t len)
{
    const ssize_t n = allowed("read", fd, len);

    REAL(ssize_t, "read", int, void *, size_t);
    return n < 0 ? -1 : call(fd, p, (size_t)n);
}

ssize_t
pread64(int fd, void *p, size_t len, off64_t at)
{
    const ssize_t n = allowed("read", fd, len);

    REAL(ssize_t, "pread64", int, void *, size_t, off64_t);
    return n < 0 ? -1 : call(fd, p, (size_t)n, at);
}

/* The same as -D_FORTIFY_SOURCE calls them. */
ssize_t
__read_chk(int fd, void *p, size_t len, size_t room)
{
    return len > room ? (abort(), -1) : read(fd, p, len);
}

ssize_t
__pread64_chk(int fd, void *p, size_t len, off64_t at, size_t room)
{
    return len > room ? (abort(), -1) : pread64(fd, p, len, at);
}

ssize_t
write(int fd, const void *p, size_t len)
{
    const ssize_t n = allowed("write", fd, len);

    REAL(ssize_t, "write", int, const void *, size_t);
    return n < 0 ? -1 : call(fd, p, (size_t)n);
}

int
open64(const char *path, int flags, ...)
{
    mode_t mode = 0;
    va_list ap;

    REAL(int, "open64", const char *, int, ...);
    va_start(ap, flags);
    if (flags & O_CREAT)
        mode = va_arg(ap, mode_t);
    va_end(ap);
    if (flags & O_PATH) /* the sandbox's: nothing comes of it */
        return call(path, flags);
    return fails("open") ? -1 : call(path, flags, mode);
}

int
__open64_2(const char *path, int flags)
{
    return open64(path, flags);
}

int
mkstemp64(char *name)
{
    REAL(int, "mkstemp64", char *);
    return fails("open") ? -1 : call(name);
}

FILE *
fopen64(const char *path, const char *mode)
{
    REAL(FILE *, "fopen64", const char *, const char *);
    return fails("open") ? NULL : call(path, mode);
}

int
close(int fd)
{
    REAL(int, "close", int);
    if (!fails("close"))
        return call(fd);
    {
        const int error = errno;

        (void)call(fd); /* as Linux does it */
        errno = error;
    }
    return -1;
}

int
fclose(FILE *f)
{
    REAL(int, "fclose", FILE *);
    if (!fails("close"))
        return call(f);
    {
        const int error = errno;

        (void)call(f);
        errno = error;
    }
    return EOF;
}

int
fflush(FILE *f)
{
    REAL(int, "fflush", FILE *);
    return fails("flush") ? EOF : call(f);
}

/* What stdio reads itself comes from calls within the C library. */
char *
fgets(char *text, int room, FILE *f)
{
    REAL(char *, "fgets", char *, int, FILE *);
    if (!fails("line"))
        return call(text, room, f);
    f->_flags |= _IO_ERR_SEEN; /* for ferror() */
    return NULL;
}

int
fsync(int fd)
{
    REAL(int, "fsync", int);
    return fails("fsync") ? -1 : call(fd);
}

int
rename(const char *old, const char *new)
{
    REAL(int, "rename", const char *, const char *);
    return fails("rename") ? -1 : call(old, new);
}

int
fstat64(int fd, struct stat64 *st)
{
    REAL(int, "fstat64", int, struct stat64 *);
    return fails("stat") ? -1 : call(fd, st);
}

int
stat64(const char *path, struct stat64 *st)
{
    REAL(int, "stat64", const char *, struct stat64 *);
    return fails("stat") ? -1 : call(path, st);
}

int
lstat64(const char *path, struct stat64 *st)
{
    REAL(int, "lstat64", const char *, struct stat64 *);
    return fails("stat") ? -1 : call(path, st);
}

off64_t
lseek64(int fd, off64_t at, int whence)
{
    REAL(off64_t, "lseek64", int, off64_t, int);
    return fails("seek") ? -1 : call(fd, at, whence);
}

int
ftruncate64(int fd, off64_t len)
{
    REAL(int, "ftruncate64", int, off64_t);
    return fails("truncate") ? -1 : call(fd, len);
}

int
fseek(FILE *f, long at, int whence)
{
    REAL(int, "fseek", FILE *, long, int);
    return fails("seek") ? -1 : call(f, at, whence);
}

long
ftell(FILE *f)
{
    REAL(long, "ftell", FILE *);
    return fails("seek") ? -1 : call(f);
}

int
unlink(const char *path)
{
    REAL(int, "unlink", const char *);
    return fails("unlink") ? -1 : call(path);
}

int
dup(int fd)
{
    REAL(int, "dup", int);
    return fails("open") ? -1 : call(fd);
}

struct start {
    void *(*fn)(void *);
    void *arg;
};

static void *
run_thread(void *p)
{
    const struct start s = *(struct start *)p;

    free(p);
    ours = true;
    return s.fn(s.arg);
}

int
pthread_create(pthread_t *t, const pthread_attr_t *a, void *(*fn)(void *),
               void *arg)
{
    const bool was = ours;
    struct start *s;
    int status;

    REAL(int, "pthread_create", pthread_t *, const pthread_attr_t *,
         void *(*)(void *), void *);
    if (fails("thread"))
        return errno;
    ours = false; /* what is asked for in here is not the program's */
    s = malloc(sizeof *s);
    if (s == NULL)
        abort();
    *s = (struct start){ fn, arg };
    status = call(t, a, run_thread, s);
    ours = was;
    if (status != 0)
        free(s);
    return status;
}

/* dlsym() itself may ask for memory. */
static void *
early(size_t len)
{
    static _Alignas(16) char room[4096];
    static size_t used;
    void *p = room + used;

    len = (len + 15) & ~(size_t)15;
    if (len > sizeof room - used)
        abort();
    used += len;
    return p;
}

static bool looking;

#define MEMORY(type, name, ...)                                                \
    static type (*call)(__VA_ARGS__);                                          \
    if (call == NULL && !looking) {                                            \
        looking = true;                                                        \
        call = (type(*)(__VA_ARGS__))real(name);                               \
        looking = false;                                                       \
    }

void *
malloc(size_t len)
{
    MEMORY(void *, "malloc", size_t)
    if (call == NULL)
        return early(len);
    return fails("malloc") ? NULL : call(len);
}

void *
calloc(size_t n, size_t len)
{
    MEMORY(void *, "calloc", size_t, size_t)
    if (call == NULL)
        return early(n * len);
    return fails("malloc") ? NULL : call(n, len);
}

void *
realloc(void *p, size_t len)
{
    MEMORY(void *, "realloc", void *, size_t)
    if (call == NULL)
        abort();
    return fails("malloc") ? NULL : call(p, len);
}

/* The loader has done its part, and so have libraries that start threads. */
int
__libc_start_main(int (*main)(int, char **, char **), int argc, char **argv,
                  void (*init)(void), void (*fini)(void), void (*end)(void),
                  void *stack)
{
    REAL(int, "__libc_start_main", int (*)(int, char **, char **), int, char **,
         void (*)(void), void (*)(void), void (*)(void), void *);
    begin();
    return call(main, argc, argv, init, fini, end, stack);
}
