#include "filter/message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/outfile.h"
#include "base/world.h"

/* Longer messages are cut; a line this short goes out in one write(2), so
 * filters that share a terminal or a log never mix their lines. */
#define MESSAGE_MAX 1024

static const char *prog = "rec";
static bool verbose;
static void (*at_death)(const char *message);
static void (*before)(void);

void
message_init(const char *name)
{
    prog = name;
}

const char *
message_program(void)
{
    return prog;
}

void
message_verbose(void)
{
    verbose = true;
}

bool
message_is_verbose(void)
{
    return verbose;
}

static void
put_message(const char *msg)
{
    char line[MESSAGE_MAX + 64];
    size_t len = (size_t)snprintf(line, sizeof line - 1, "%s: %s", prog, msg);

    if (before != NULL)
        before();
    if (len > sizeof line - 2)
        len = sizeof line - 2;
    line[len++] = '\n';
    while (write(STDERR_FILENO, line, len) < 0 && errno == EINTR)
        continue;
}

static void report(const char *fmt, va_list ap, int err, char *msg)
    PRINTF_LIKE(1, 0);

static void
report(const char *fmt, va_list ap, int err, char *msg)
{
    size_t len;

    vsnprintf(msg, MESSAGE_MAX, fmt, ap);
    len = strlen(msg);
    if (err != 0)
        snprintf(msg + len, MESSAGE_MAX - len, ": %s", strerror(err));
    error_clean(msg);
    put_message(msg);
}

void
warning(const char *fmt, ...)
{
    char msg[MESSAGE_MAX];
    va_list ap;

    if (world_rank() > 0)
        return;
    va_start(ap, fmt);
    report(fmt, ap, 0, msg);
    va_end(ap);
}

void
notice(const char *fmt, ...)
{
    char msg[MESSAGE_MAX];
    va_list ap;

    if (!verbose || world_rank() > 0)
        return;
    va_start(ap, fmt);
    report(fmt, ap, 0, msg);
    va_end(ap);
}

static _Noreturn void
end_badly(const char *msg)
{
    void (*const tell)(const char *) = at_death;

    at_death = NULL; /* should it die itself */
    if (tell != NULL)
        tell(msg);
    outfile_unlink_all();
    world_abort(EXIT_FAILURE);
    exit(EXIT_FAILURE);
}

/* What is wrong for all ranks the first one says, and ends the others before
 * they say it, too. */
static void
let_the_first_speak(void)
{
    const struct timespec while_it_does = { 2, 0 };

    if (world_rank() > 0)
        (void)nanosleep(&while_it_does, NULL);
}

void
die(const char *fmt, ...)
{
    char msg[MESSAGE_MAX];
    va_list ap;

    let_the_first_speak();
    va_start(ap, fmt);
    report(fmt, ap, 0, msg);
    va_end(ap);
    end_badly(msg);
}

void
die_errno(const char *fmt, ...)
{
    const int err = errno;
    char msg[MESSAGE_MAX];
    va_list ap;

    let_the_first_speak();
    va_start(ap, fmt);
    report(fmt, ap, err, msg);
    va_end(ap);
    end_badly(msg);
}

static _Noreturn void
usage_hint(void)
{
    char line[128];

    snprintf(line, sizeof line, "Try '%s --help'.", prog);
    put_message(line);
    world_abort(EXIT_USAGE);
    exit(EXIT_USAGE);
}

void
usage_error(const char *fmt, ...)
{
    char msg[MESSAGE_MAX];
    va_list ap;

    let_the_first_speak();
    va_start(ap, fmt);
    report(fmt, ap, 0, msg);
    va_end(ap);
    usage_hint();
}

void
message_before(void (*fn)(void))
{
    before = fn;
}

void
message_at_death(void (*fn)(const char *message))
{
    at_death = fn;
}
