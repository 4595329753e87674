#include "filter/progress.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "filter/message.h"

static struct {
    bool shown; /* there is a line to wipe */
    uint64_t total;
    const char *unit;
    double start, last;
} line;

double
progress_clock(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

void
progress_start(uint64_t total, const char *unit)
{
    message_before(progress_end);
    progress_end();
    line.total = total;
    line.unit = unit;
    line.start = line.last = progress_clock();
}

void
progress_at(uint64_t done, uint64_t skipped, const char *fmt, ...)
{
    const double now = progress_clock();
    const double rate = (double)(done - skipped) / (now - line.start + 1e-9);
    char what[80], left[32] = "";
    va_list ap;

    if (now - line.last < 0.2 || !isatty(STDERR_FILENO))
        return;
    line.last = now;
    va_start(ap, fmt);
    vsnprintf(what, sizeof what, fmt, ap);
    va_end(ap);
    if (line.total > done && rate > 0) {
        const double s = (double)(line.total - done) / rate;

        snprintf(left, sizeof left, "  %d:%02d left", (int)(s / 60),
                 (int)s % 60);
    }
    if (line.total > 0)
        dprintf(STDERR_FILENO,
                "\r%s: %" PRIu64 "/%" PRIu64 " %s  %.3g/s%s%s%s\033[K",
                message_program(), done, line.total, line.unit, rate,
                *what != '\0' ? "  " : "", what, left);
    else
        dprintf(STDERR_FILENO, "\r%s: %" PRIu64 " %s  %.3g/s%s%s\033[K",
                message_program(), done, line.unit, rate,
                *what != '\0' ? "  " : "", what);
    line.shown = true;
}

void
progress_end(void)
{
    if (line.shown)
        dprintf(STDERR_FILENO, "\r\033[K");
    line.shown = false;
}
