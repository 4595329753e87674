/*
 * message.h - what a filter says to people, and how it ends
 *
 * A message is one line on standard error, "rec-knn: items.rms: block 3:
 * checksum mismatch", in one write(2).
 */
#ifndef FILTER_MESSAGE_H
#define FILTER_MESSAGE_H

#include <stdbool.h>

#include "base/error.h"

#define EXIT_USAGE 2

/* Before anything else: NAME goes before every message and is kept. */
void message_init(const char *name);
const char *message_program(void);
/* From now on notice() speaks. */
void message_verbose(void);
bool message_is_verbose(void);

void warning(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* Only with -v. */
void notice(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* Message, then exit 1: bad data or a failed system call.  Unfinished output
 * files are removed. */
_Noreturn void die(const char *fmt, ...) PRINTF_LIKE(1, 2);
_Noreturn void die_errno(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* Message and "Try 'prog --help'.", then exit 2: wrong usage. */
_Noreturn void usage_error(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* FN is called before each message: what it has drawn on the terminal has to
 * go. */
void message_before(void (*fn)(void));
/* FN is called with the message before die() exits: the last chance to tell
 * those downstream. */
void message_at_death(void (*fn)(const char *message));

#endif
