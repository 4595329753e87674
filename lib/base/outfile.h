/*
 * outfile.h - files that are whole or not there
 *
 * A file is written beside its place under another name, and gets its own name
 * when it is complete: whoever sees "vocab.rms" sees all of it.
 */
#ifndef BASE_OUTFILE_H
#define BASE_OUTFILE_H

#include <stdbool.h>

#include "base/error.h"

struct outfile; /* opaque */

/*
 * Start writing PATH.  "-" is standard output; a PATH that exists and is no
 * regular file (a FIFO, /dev/null) is written in place; a symbolic link stays,
 * and the file that it names is written; a link to nothing is an error.
 * NULL with E set when it cannot be created.
 */
struct outfile *outfile_open(const char *path, struct error *e);

/* The descriptor to write to, and what to call it in a message. */
int outfile_fd(const struct outfile *f);
const char *outfile_name(const struct outfile *f);

/* All is written: make it durable and give it its name.  Frees F either way;
 * on failure nothing is left behind. */
int outfile_commit(struct outfile *f, struct error *e);

/* Nothing shall be left.  Frees F; NULL is fine. */
void outfile_abandon(struct outfile *f);

/* Are A and B the same regular file, or will they be, once it is there? */
bool outfile_same(const char *a, const char *b);

/* Remove every file that is not committed.  Safe in a signal handler. */
void outfile_unlink_all(void);

#endif
