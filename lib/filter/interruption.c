#include "filter/interruption.h"

#include <signal.h>
#include <stddef.h>

static const int polite[] = { SIGHUP, SIGINT, SIGTERM };
#define POLITE (sizeof polite / sizeof *polite)
static struct sigaction before[POLITE];

static volatile sig_atomic_t seen;

static void
remember(int sig)
{
    seen = sig;
}

void
interruption_hold(void)
{
    struct sigaction sa = { .sa_handler = remember, .sa_flags = SA_RESTART };

    sigemptyset(&sa.sa_mask);
    for (size_t i = 0; i < POLITE; i++)
        if (sigaction(polite[i], NULL, &before[i]) == 0 &&
            before[i].sa_handler != SIG_IGN)
            (void)sigaction(polite[i], &sa, NULL);
}

int
interruption_seen(void)
{
    return seen;
}

void
interruption_release(void)
{
    for (size_t i = 0; i < POLITE; i++)
        (void)sigaction(polite[i], &before[i], NULL);
}
