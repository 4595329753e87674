/*
 * each-fault - run a command again and again, and let another call fail in it
 * each time, until it succeeds because it makes no more calls of that kind
 *
 * usage: each-fault [-o FILE] [-k FILE] [-i FILE] [-s STEP] KIND ACTION COMMAND [ARG ...]
 *
 * KIND and ACTION are those of tests/faults/layer.c, which $FAULT_LAYER names.
 * FILE is what the command writes, a checkpoint that it may keep when it fails
 * (each run starts from FILE.start, when that is there), and what comes through
 * a pipe to its standard input.  Only every STEP-th call is tried.  What has to
 * hold of every run:
 *
 *     an error   exit status 1 and one line on standard error; or, for calls
 *                whose failure may be survived, success and the same bytes
 *     kill       killed; the command run again gives the same bytes
 *     EINTR, EAGAIN, short     success, no message, the same bytes
 *
 * and always: FILE is absent, what it was before, or complete, and the folder
 * has no other files than before, unless the command was killed.  (With TMPDIR=.
 * that holds for temporary files, too.)
 *
 * Prints one line of how many runs there were.  Runs in the current folder.
 * That a layer does not load, or does not know the kind, is an error, too.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"

#define OLD "what was there before\n"
#define TOLD_FD 97
#define SECONDS_MAX 300 /* of one run */
#define PIPE_ROOM 65536 /* a pipe holds so much that nobody has read */

static struct {
    const char *out, *kept, *in, *kind, *action;
    char **command;
    unsigned long step;
} opt = { .step = 1 };

/* What came of a run. */
struct outcome {
    int status;           /* as wait(2) has it */
    bool loaded, reached; /* the layer, the call */
    struct buffer out, err, file;
    bool has_file;
};

static _Noreturn void
fatal(const char *what)
{
    perror(what);
    exit(2);
}

static struct buffer
read_all(int fd)
{
    struct buffer b = { 0 };
    struct error e;
    ssize_t got;

    do {
        if (buffer_reserve(&b, 65536, &e) != 0 ||
            (got = io_read(fd, b.data + b.len, 65536)) < 0)
            fatal("read");
        b.len += (size_t)got;
    } while (got > 0);
    return b;
}

static bool
same(const struct buffer *a, const struct buffer *b)
{
    return a->len == b->len &&
           (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

static bool
read_file(const char *path, struct buffer *b)
{
    const int fd = open(path, O_RDONLY);

    if (fd < 0)
        return false;
    *b = read_all(fd);
    (void)close(fd);
    return true;
}

/* Another nameless file. */
static int
scratch(void)
{
    FILE *f = tmpfile();
    int fd = f != NULL ? dup(fileno(f)) : -1;

    if (fd < 0)
        fatal("tmpfile");
    (void)fclose(f);
    return fd;
}

/* Nothing, or a pipe with all that it will ever hold. */
static int
standard_input(void)
{
    struct buffer b;
    int end[2];

    if (opt.in == NULL)
        return open("/dev/null", O_RDONLY);
    if (!read_file(opt.in, &b) || b.len > PIPE_ROOM || pipe(end) != 0 ||
        io_write(end[1], b.data, b.len) != 0)
        return -1;
    (void)close(end[1]);
    buffer_free(&b);
    return end[0];
}

static _Noreturn void
child(const char *fault, int out, int err, int told)
{
    const int in = standard_input();

    if (in < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0)
        _exit(126);
    if (fault != NULL) {
        (void)setenv("FAULT", fault, 1);
        (void)setenv("FAULT_TOLD", "97", 1);
        (void)setenv("LD_PRELOAD", getenv("FAULT_LAYER"), 1);
        if (dup2(told, TOLD_FD) < 0)
            _exit(126);
    }
    (void)alarm(SECONDS_MAX);
    (void)execvp(opt.command[0], opt.command);
    _exit(127);
}

static struct buffer
rewind_and_read(int fd)
{
    struct buffer b;

    if (lseek(fd, 0, SEEK_SET) != 0)
        fatal("lseek");
    b = read_all(fd);
    (void)close(fd);
    return b;
}

static struct outcome
run(const char *fault)
{
    const int out = scratch(), err = scratch(), told = scratch();
    struct outcome o = { 0 };
    struct buffer mark;
    pid_t pid;

    (void)fcntl(out, F_SETFD, FD_CLOEXEC);
    (void)fcntl(err, F_SETFD, FD_CLOEXEC);
    (void)fcntl(told, F_SETFD, FD_CLOEXEC);
    pid = fork();
    if (pid == 0)
        child(fault, out, err, told);
    while (pid > 0 && waitpid(pid, &o.status, 0) < 0)
        if (errno != EINTR)
            fatal("waitpid");
    if (pid < 0)
        fatal("fork");
    o.out = rewind_and_read(out);
    o.err = rewind_and_read(err);
    mark = rewind_and_read(told);
    o.loaded = mark.len > 0;
    o.reached = mark.len > 0 && memchr(mark.data, '!', mark.len) != NULL;
    buffer_free(&mark);
    o.has_file = opt.out != NULL && read_file(opt.out, &o.file);
    return o;
}

static void
outcome_free(struct outcome *o)
{
    buffer_free(&o->out);
    buffer_free(&o->err);
    buffer_free(&o->file);
}

static bool
succeeded(const struct outcome *o)
{
    return WIFEXITED(o->status) && WEXITSTATUS(o->status) == 0;
}

static bool
one_line(const struct buffer *b)
{
    return b->len > 1 && memchr(b->data, '\n', b->len) == b->data + b->len - 1;
}

static bool
named(const char *name, const char *file)
{
    return file != NULL && strcmp(name, file) == 0;
}

/* The files of the folder but for those that a run may leave; what a killed one
 * has left is removed. */
static size_t
files(bool tidy)
{
    DIR *d = opendir(".");
    struct dirent *f;
    size_t n = 0;

    if (d == NULL)
        fatal(".");
    while ((f = readdir(d)) != NULL)
        if (!named(f->d_name, opt.out) && !named(f->d_name, opt.kept)) {
            const char *end = strrchr(f->d_name, '.');

            if (tidy && ((end != NULL && strcmp(end, ".part") == 0) ||
                         strncmp(f->d_name, "recmill-", 8) == 0))
                (void)unlink(f->d_name);
            else
                n++;
        }
    (void)closedir(d);
    return n;
}

/* FILE is not there, or is an old one; a checkpoint is the one to start from, if
 * there is one. */
static void
prepare(bool old)
{
    char start[256];
    FILE *f;

    if (opt.kept != NULL) {
        (void)unlink(opt.kept);
        snprintf(start, sizeof start, "%s.start", opt.kept);
        if (link(start, opt.kept) != 0 && errno != ENOENT)
            fatal(start);
    }
    if (opt.out == NULL)
        return;
    (void)unlink(opt.out);
    if (!old)
        return;
    f = fopen(opt.out, "w");
    if (f == NULL || fputs(OLD, f) < 0 || fclose(f) != 0)
        fatal(opt.out);
}

static bool
file_is_whole(const struct outcome *o, const struct outcome *want, bool old)
{
    if (!o->has_file)
        return !old || opt.out == NULL;
    return same(&o->file, &want->file) ||
           (old && o->file.len == strlen(OLD) &&
            memcmp(o->file.data, OLD, strlen(OLD)) == 0);
}

static bool
all_done(const struct outcome *o, const struct outcome *want)
{
    return succeeded(o) && o->has_file == want->has_file &&
           same(&o->out, &want->out) && same(&o->file, &want->file);
}

static bool
is(const char *word, const char *const *words)
{
    while (*words != NULL && strcmp(word, *words) != 0)
        words++;
    return *words != NULL;
}

/* What is wrong with O, or NULL. */
static const char *
judge(const struct outcome *o, const struct outcome *want, bool old)
{
    static const char *const harmless[] = { "EINTR", "EAGAIN", "short", NULL };
    static const char *const survived[] = { "malloc", "close",  "stat",
                                            "seek",   "thread", NULL };
    const bool hurts =
        !is(opt.action, harmless) || strcmp(opt.kind, "thread") == 0;

    if (!file_is_whole(o, want, old))
        return "the file is neither absent, old nor complete";
    if (strcmp(opt.action, "kill") == 0)
        return WIFSIGNALED(o->status) && WTERMSIG(o->status) == SIGKILL
                   ? NULL
                   : "it was not killed";
    if (WIFSIGNALED(o->status))
        return WTERMSIG(o->status) == SIGALRM ? "it hangs" : "it crashed";
    if (!hurts || succeeded(o)) {
        if (hurts && !is(opt.kind, survived))
            return "it says that all is well";
        return !all_done(o, want) ? "not the same bytes"
               : o->err.len > 0   ? "a message"
                                  : NULL;
    }
    if (WEXITSTATUS(o->status) != 1)
        return "not exit status 1";
    return one_line(&o->err) ? NULL : "not one line on standard error";
}

static _Noreturn void
complain(const char *fault, const char *what, const struct outcome *o)
{
    fprintf(stderr, "%s: %s: %s (wait status %#x):", opt.command[0], fault,
            what, (unsigned)o->status);
    for (char **w = opt.command; *w != NULL; w++)
        fprintf(stderr, " %s", *w);
    fprintf(stderr, "\n%.*s", (int)o->err.len, (char *)o->err.data);
    exit(1);
}

/* Call number N fails; false when there is no such call. */
static bool
try(unsigned long n, const struct outcome *want, size_t before)
{
    const bool old = n % 2 == 0;
    const char *wrong;
    struct outcome o;
    char fault[64];
    bool reached;

    snprintf(fault, sizeof fault, "%s:%lu:%s", opt.kind, n, opt.action);
    prepare(old);
    o = run(fault);
    reached = o.reached;
    wrong = !o.loaded            ? "the layer does not load"
            : reached            ? judge(&o, want, old)
            : all_done(&o, want) ? NULL
                                 : "it fails without a fault";
    if (wrong == NULL && strcmp(opt.action, "kill") == 0 && reached) {
        outcome_free(&o);
        o = run(NULL);
        (void)files(true);
        wrong = all_done(&o, want) ? NULL : "another result after a kill";
    }
    if (wrong == NULL && files(false) != before)
        wrong = "files are left behind, or missing";
    if (wrong != NULL)
        complain(fault, wrong, &o);
    outcome_free(&o);
    return reached;
}

int
main(int argc, char **argv)
{
    static const char *const kinds[] = {
        "read",   "write",  "open", "close",  "fsync",
        "rename", "stat",   "seek", "flush",  "truncate",
        "malloc", "thread", "line", "unlink", NULL,
    };
    struct outcome want;
    unsigned long n, runs = 0;
    size_t before;
    int c;

    while ((c = getopt(argc, argv, "+o:k:i:s:")) != -1)
        switch (c) {
        case 'o': opt.out = optarg; break;
        case 'k': opt.kept = optarg; break;
        case 'i': opt.in = optarg; break;
        case 's': opt.step = strtoul(optarg, NULL, 10); break;
        default: return 2;
        }
    if (argc - optind < 3 || getenv("FAULT_LAYER") == NULL || opt.step == 0) {
        fputs(
            "usage: FAULT_LAYER=FILE each-fault [-o FILE] [-k FILE] [-i FILE] "
            "[-s STEP] KIND ACTION COMMAND [ARG ...]\n",
            stderr);
        return 2;
    }
    opt.kind = argv[optind];
    opt.action = argv[optind + 1];
    opt.command = argv + optind + 2;
    if (!is(opt.kind, kinds)) {
        fprintf(stderr, "each-fault: no calls of kind '%s'\n", opt.kind);
        return 2;
    }
    prepare(false);
    want = run(NULL);
    before = files(false);
    if (!succeeded(&want))
        complain("none", "it fails without a fault", &want);
    for (n = 1; try(n, &want, before); n += opt.step)
        runs++;
    printf("%s\t%s\t%s\t%lu\n", opt.command[0], opt.kind, opt.action, runs);
    outcome_free(&want);
    return 0;
}
