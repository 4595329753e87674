/*
 * spool.h - what comes through a pipe, made readable more than once
 */
#ifndef BASE_SPOOL_H
#define BASE_SPOOL_H

#include "base/error.h"

/*
 * Copy what is left in FD into a file without a name in $TMPDIR (/tmp), which
 * is gone when its descriptor is closed, however the process ends.  The
 * descriptor, at the file's start and the caller's to close; -1 on failure.
 */
int spool_copy(int fd, struct error *e);

#endif
