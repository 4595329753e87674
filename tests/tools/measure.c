/*
 * measure - run a command and append what it took to a file
 *
 * usage: measure FILE LABEL COMMAND [ARG ...]
 *
 * One line of TSV: label, wall seconds, processor seconds, peak memory in KiB,
 * exit status.  The command's input and output are ours, and so is its status.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
now(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double
seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec * 1e-6;
}

int
main(int argc, char **argv)
{
    const double start = now();
    struct rusage used;
    int status, fd;
    pid_t pid;

    if (argc < 4) {
        fputs("usage: measure FILE LABEL COMMAND [ARG ...]\n", stderr);
        return 2;
    }
    pid = fork();
    if (pid == 0) {
        (void)execvp(argv[3], argv + 3);
        perror(argv[3]);
        _exit(127);
    }
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (pid < 0 || getrusage(RUSAGE_CHILDREN, &used) != 0) {
        perror("measure");
        return 1;
    }
    status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    fd = open(argv[1], O_WRONLY | O_CREAT | O_APPEND, 0666);
    if (fd < 0 ||
        dprintf(fd, "%s\t%.3f\t%.3f\t%ld\t%d\n", argv[2], now() - start,
                seconds(used.ru_utime) + seconds(used.ru_stime), used.ru_maxrss,
                status) < 0) {
        perror(argv[1]);
        return 1;
    }
    return status;
}
