/*
 * reader.h - read a record stream, believing nothing
 *
 * A length is used only after the checksum over it agreed, and memory grows as
 * bytes arrive.  A stream that ends without its TAIL is truncated, one whose
 * TAIL says so is incomplete, and both are errors: there is no way to read part
 * of a stream and not notice.
 */
#ifndef STREAM_READER_H
#define STREAM_READER_H

#include <sys/types.h>

#include "stream/block.h"

enum reader_result {
    READER_ERROR = -1, /* see the struct error */
    READER_END = 0,    /* all segments ended well and nothing follows */
    READER_BLOCK = 1,
};

struct reader; /* opaque */

/* Read the HEAD from FD, which stays the caller's to close.  NULL on error. */
struct reader *reader_new(int fd, struct error *e);
/* The same from what is no descriptor: READ gives LEN bytes, fewer at the end,
 * or -1 with errno. */
struct reader_source {
    ssize_t (*read)(void *ctx, void *buf, size_t len);
    void *ctx;
};
struct reader *reader_new_from(const struct reader_source *source,
                               struct error *e);
void reader_free(struct reader *r); /* NULL is fine */

/* The first segment's head, good as long as the reader. */
const struct schema *reader_schema(const struct reader *r);

/* The next block; its arrays are good until the next call.  After READER_END
 * and READER_ERROR do not ask again. */
enum reader_result reader_next(struct reader *r, struct block *b,
                               struct error *e);

/* Rows and blocks delivered so far, segments begun. */
uint64_t reader_rows(const struct reader *r);
uint64_t reader_blocks(const struct reader *r);
uint64_t reader_segments(const struct reader *r);
/* Bytes of payload as stored and as inflated so far. */
uint64_t reader_stored_bytes(const struct reader *r);
uint64_t reader_raw_bytes(const struct reader *r);

/* After READER_ERROR: what the stream's own TAIL says went wrong before it, to
 * be handed on as it is; NULL when the stream itself is the trouble. */
const char *reader_upstream_message(const struct reader *r);

#endif
