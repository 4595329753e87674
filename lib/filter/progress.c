#include "filter/progress.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/number.h"
#include "base/world.h"
#include "filter/message.h"

#define FIRST_AFTER 1.0 /* seconds */
#define AGAIN_AFTER 0.2
#define LINE_MAX_LEN 256
#define WIPE "\r\033[K"

/* The work that there is a line about. */
enum work { WORK_NONE, WORK_READING, WORK_COUNTED };

static struct {
    enum progress_when when;
    enum work work;
    volatile sig_atomic_t shown; /* there is a line to wipe */
    bool terminal;               /* standard error; known once drawn */
    uint64_t total;
    const char *unit;
    double start, last;
    /* WORK_READING */
    int fd;
    uint64_t first_rows;
    off_t first_byte, size; /* size is 0 when it is not known */
} line;

double
progress_clock(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

void
progress_set(enum progress_when when)
{
    line.when = when;
}

static void
start(enum work work)
{
    progress_end();
    line.work = work;
    line.start = line.last = progress_clock();
}

/* Is this the process that draws on the terminal?  The lock goes with the
 * process. */
static bool
has_terminal(void)
{
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    const char *term = getenv("TERM");

    line.terminal =
        isatty(STDERR_FILENO) && term != NULL && strcmp(term, "dumb") != 0;
    if (!line.terminal)
        return line.when == PROGRESS_ALWAYS;
    return fcntl(STDERR_FILENO, F_SETLK, &lock) == 0 ||
           (errno != EACCES && errno != EAGAIN);
}

/* Is it time to draw again? */
static bool
is_due(double now)
{
    static bool ready;

    if (line.when == PROGRESS_NEVER || world_rank() > 0 ||
        now - line.start < FIRST_AFTER || now - line.last < AGAIN_AFTER)
        return false;
    /* In a log: at first each second, later one line for a tenth more. */
    if (ready && !line.terminal &&
        (now - line.last < 1 || now - line.last < 0.1 * (now - line.start)))
        return false;
    line.last = now;
    if (!has_terminal())
        return false;
    if (!ready) {
        ready = true;
        message_before(progress_wipe);
        (void)atexit(progress_wipe);
    }
    return true;
}

/* Append what is to be said, when the line has ROOM for it; else nothing more.
 */
static void add(char *text, size_t *room, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

static void
add(char *text, size_t *room, const char *fmt, ...)
{
    const size_t len = strlen(text);
    va_list ap;
    int more;

    va_start(ap, fmt);
    more = vsnprintf(text + len, LINE_MAX_LEN - len, fmt, ap);
    va_end(ap);
    if (more < 0 || len + (size_t)more > *room) {
        text[len] = '\0';
        *room = 0;
    }
}

/* How many characters a line may have. */
static size_t
width(void)
{
    struct winsize w;

    if (!line.terminal || ioctl(STDERR_FILENO, TIOCGWINSZ, &w) != 0 ||
        w.ws_col == 0)
        return 79;
    /* A character in the last column makes some terminals wrap. */
    return w.ws_col - 1u < LINE_MAX_LEN - 4 ? w.ws_col - 1u : LINE_MAX_LEN - 4;
}

/* What matters most comes first: the rest may have no room.  SHARE of the work
 * is done and SECONDS are left, both negative when nobody knows. */
static void
draw(double share, double seconds, uint64_t done, double rate, const char *what)
{
    size_t room = width();
    char text[LINE_MAX_LEN] = "", number[NUMBER_TEXT_MAX];
    const int s = seconds < 359999 ? (int)(seconds + 0.5) : 359999;

    add(text, &room, "%s:", message_program());
    if (share >= 0)
        add(text, &room, " %.0f %%", 100 * share);
    if (share >= 0 && seconds >= 3600)
        add(text, &room, "  %d:%02d:%02d left", s / 3600, s / 60 % 60, s % 60);
    else if (share >= 0 && seconds >= 0)
        add(text, &room, "  %d:%02d left", s / 60, s % 60);
    number_grouped(number, done);
    add(text, &room, "%s%s %s", share >= 0 ? "  " : " ", number, line.unit);
    number_grouped(number, (uint64_t)rate);
    if (rate >= 100)
        add(text, &room, "  %s/s", number);
    else
        add(text, &room, "  %.3g/s", rate);
    if (*what != '\0')
        add(text, &room, "  %s", what);
    if (line.terminal)
        dprintf(STDERR_FILENO, "\r%s\033[K", text);
    else
        dprintf(STDERR_FILENO, "%s\n", text);
    line.shown = line.terminal;
}

void
progress_start(uint64_t total, const char *unit)
{
    start(WORK_COUNTED);
    line.total = total;
    line.unit = unit;
}

void
progress_at(uint64_t done, uint64_t skipped, const char *fmt, ...)
{
    const double now = progress_clock();
    const double rate = (double)(done - skipped) / (now - line.start + 1e-9);
    char what[80];
    va_list ap;

    if (!is_due(now))
        return;
    va_start(ap, fmt);
    vsnprintf(what, sizeof what, fmt, ap);
    va_end(ap);
    if (line.total >= done && rate > 0)
        draw((double)done / (double)line.total,
             (double)(line.total - done) / rate, done, rate, what);
    else
        draw(-1, -1, done, rate, what);
}

/* FD is the input that the line is about from now on. */
static void
start_reading(int fd, uint64_t rows)
{
    struct stat st;

    start(WORK_READING);
    line.unit = "rows";
    line.fd = fd;
    line.first_rows = rows;
    line.first_byte = lseek(fd, 0, SEEK_CUR);
    line.size = 0;
    if (line.first_byte >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
        line.size = st.st_size;
}

void
progress_read(int fd, uint64_t rows)
{
    double now, rate, bytes;
    off_t at;

    if (line.work == WORK_NONE)
        start_reading(fd, rows);
    if (line.work != WORK_READING || line.fd != fd || rows < line.first_rows)
        return;
    now = progress_clock();
    /* Who knows how long it will take is to have the terminal. */
    if ((line.size == 0 && now - line.start < 2 * FIRST_AFTER) || !is_due(now))
        return;
    rate = (double)(rows - line.first_rows) / (now - line.start);
    at = line.size > 0 ? lseek(fd, 0, SEEK_CUR) : -1;
    bytes = (double)(at - line.first_byte) / (now - line.start);
    if (at > line.first_byte && at <= line.size)
        draw((double)at / (double)line.size, (double)(line.size - at) / bytes,
             rows, rate, "");
    else
        draw(-1, -1, rows, rate, "");
}

void
progress_read_end(int fd)
{
    if (line.work == WORK_READING && line.fd == fd)
        progress_end();
}

/* The line, not the work that it is about.  Safe in a signal handler. */
void
progress_wipe(void)
{
    if (line.shown && write(STDERR_FILENO, WIPE, sizeof WIPE - 1) > 0)
        line.shown = false;
}

void
progress_end(void)
{
    struct flock lock = { .l_type = F_UNLCK, .l_whence = SEEK_SET };

    progress_wipe();
    if (line.terminal)
        (void)fcntl(STDERR_FILENO, F_SETLK, &lock);
    line.work = WORK_NONE;
}
