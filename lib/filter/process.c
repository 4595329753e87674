#include "filter/process.h"

#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include "base/outfile.h"
#include "filter/progress.h"

static void
on_signal(int sig)
{
    progress_wipe();
    outfile_unlink_all();
    (void)signal(sig, SIG_DFL);
    (void)raise(sig);
}

void
process_signals(void)
{
    static const int fatal[] = { SIGHUP,  SIGINT,  SIGPIPE,
                                 SIGQUIT, SIGTERM, SIGXCPU };
    struct sigaction sa = { .sa_handler = on_signal };

    /* write(2) says it, too, and what fails there is told. */
    (void)signal(SIGXFSZ, SIG_IGN);
    sigemptyset(&sa.sa_mask);
    for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++) {
        struct sigaction old;

        /* What the parent wants ignored (nohup) stays ignored. */
        if (sigaction(fatal[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            (void)sigaction(fatal[i], &sa, NULL);
    }
}

void
process_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            (void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}
