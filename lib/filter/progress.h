/*
 * progress.h - one line on a terminal about work that takes long
 *
 * Nothing is ever written to what is no terminal: a log stays clean.  The line
 * is drawn at most five times a second and wiped at the end.
 */
#ifndef FILTER_PROGRESS_H
#define FILTER_PROGRESS_H

#include <stdint.h>

#include "base/error.h"

/* Start the clock.  TOTAL is the work to be done in UNIT ("rows"); 0: not
 * known. */
void progress_start(uint64_t total, const char *unit);
/* DONE of it is done, of which SKIPPED had been done before the start.  FMT
 * says what else there is to know ("loss 5.81") and may be "". */
void progress_at(uint64_t done, uint64_t skipped, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
/* Wipe the line; messages do so themselves. */
void progress_end(void);

/* Seconds on a clock that only ever goes forward. */
double progress_clock(void);

#endif
