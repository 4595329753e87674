/*
 * writer.h - write a record stream
 *
 * The HEAD goes out at once, so that whoever reads knows from the start who
 * writes; each block goes out as it is given.  A stream is complete only when
 * writer_finish() has returned 0.
 */
#ifndef STREAM_WRITER_H
#define STREAM_WRITER_H

#include "stream/block.h"

struct writer; /* opaque */

/* Start a stream on FD, which stays the caller's to close.  S is copied.  With
 * DEFLATE, blocks are compressed where that makes them smaller. */
struct writer *writer_new(int fd, const struct schema *s, bool deflate,
                          struct error *e);
void writer_free(struct writer *w); /* NULL is fine */

/* One block, with an array for each column of the schema. */
int writer_put(struct writer *w, const struct block *b, struct error *e);

/* The TAIL that says all is well. */
int writer_finish(struct writer *w, struct error *e);

/* The TAIL that says all is not: those who read on will fail with MESSAGE. */
int writer_fail(struct writer *w, enum tail_status status, const char *message,
                struct error *e);

#endif
