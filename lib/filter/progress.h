/*
 * progress.h - one line on a terminal about work that takes long
 *
 *     rec-knn: 37 %  0:07 left  12,345 rows  1,763/s
 *
 * It appears after a second, is drawn anew at most five times a second, is cut
 * to the width of the terminal, and is wiped at the end and before messages.
 * Of the filters that share a terminal one draws at a time: the others are
 * silent until it has ended.  What is no terminal gets nothing unless the user
 * asks, and then whole lines, ever fewer.
 */
#ifndef FILTER_PROGRESS_H
#define FILTER_PROGRESS_H

#include <stdint.h>

#include "base/error.h"

enum progress_when { PROGRESS_AUTO, PROGRESS_ALWAYS, PROGRESS_NEVER };

/* What --progress says. */
void progress_set(enum progress_when when);

/* Start the clock.  TOTAL is the work to be done in UNIT ("rows"), which is
 * kept; 0: not known.  What inputs say is not listened to until
 * progress_end(). */
void progress_start(uint64_t total, const char *unit);
/* DONE of it is done, of which SKIPPED had been done before the start.  FMT
 * says what else there is to know ("loss 5.81") and may be "". */
void progress_at(uint64_t done, uint64_t skipped, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

/* ROWS rows have been read from FD; what is left of it says how long it takes
 * when it is a regular file.  Of several inputs that are read in turns it is
 * the first that counts, until its end. */
void progress_read(int fd, uint64_t rows);
void progress_read_end(int fd);

/* The work is done: wipe the line and leave the terminal to others. */
void progress_end(void);
/* Wipe the line, as messages and the end of the process do by themselves.  Safe
 * in a signal handler. */
void progress_wipe(void);

/* Seconds on a clock that only ever goes forward. */
double progress_clock(void);

#endif
