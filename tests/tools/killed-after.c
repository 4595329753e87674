/*
 * killed-after - a stage of a pipe that dies
 *
 * usage: killed-after BYTES COMMAND [ARG ...]
 *
 * Runs the command and hands its output on until BYTES have gone through; then
 * the command is killed, and whoever reads sees what they would see of a stage
 * that died there.  Exits with 137 as a shell would say; with 3 when the command
 * wrote less.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
    unsigned long left;
    int out[2], status;
    char buffer[4096];
    pid_t pid;

    if (argc < 3) {
        fputs("usage: killed-after BYTES COMMAND [ARG ...]\n", stderr);
        return 2;
    }
    left = strtoul(argv[1], NULL, 10);
    if (pipe(out) != 0 || (pid = fork()) < 0) {
        perror("killed-after");
        return 1;
    }
    if (pid == 0) {
        (void)dup2(out[1], STDOUT_FILENO);
        (void)close(out[0]);
        (void)close(out[1]);
        (void)execvp(argv[2], argv + 2);
        perror(argv[2]);
        _exit(127);
    }
    (void)close(out[1]);
    while (left > 0) {
        const ssize_t got =
            read(out[0], buffer, left < sizeof buffer ? left : sizeof buffer);

        if (got <= 0 || write(STDOUT_FILENO, buffer, (size_t)got) != got)
            break;
        left -= (unsigned long)got;
    }
    (void)kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return left == 0 ? 137 : 3;
}
