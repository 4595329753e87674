/*
 * spool.h - what comes through a pipe, made readable more than once
 */
#ifndef BASE_SPOOL_H
#define BASE_SPOOL_H

#include "base/error.h"

/* The folder for temporary files: $TMPDIR, or /tmp. */
const char *spool_folder(void);

/* A new file there without a name, which is gone when its descriptor is closed,
 * however the process ends.  The descriptor is the caller's to close; -1 on
 * failure. */
int spool_new(struct error *e);

/*
 * Copy what is left in FD into such a file.  The descriptor, at the file's
 * start.
 */
int spool_copy(int fd, struct error *e);

#endif
