/*
 * output.h - the end of a filter that writes, and what it says when it dies
 *
 * Each function does what it says or dies; none returns a failure.  When the
 * filter dies, for whatever reason, every stream that it has open gets a TAIL
 * that says so, and no file gets its name.  A filter that dies before it has
 * opened its output still writes a stream of no columns whose TAIL says why: so
 * whatever is wrong anywhere in a pipe, its last stage fails and can tell.
 */
#ifndef FILTER_OUTPUT_H
#define FILTER_OUTPUT_H

#include "stream/table.h"
#include "stream/writer.h"

struct output; /* opaque */

/* A stream to PATH ("-": standard output; a terminal is refused).  S is copied,
 * and cli_step() added to its steps.  It is complete only after
 * output_close(). */
struct output *output_open(const char *path, const struct schema *s);
/* One block out; more when its rows are more than a block may hold. */
void output_put(struct output *out, const struct block *b);
/* All of T's rows, in blocks of at most BLOCK_ROWS; T is cleared. */
void output_put_table(struct output *out, struct table *t);
void output_close(struct output *out);
/* Close N of them; none gets its name before all are complete. */
void output_close_all(struct output **out, size_t n);
uint64_t output_rows(const struct output *out);

/* From now on those downstream are told when we die. */
void output_tell_when_dying(void);
/* This run writes something else than a stream to standard output: there is
 * nobody to be told there. */
void output_is_no_stream(void);
/* What an input said of its own end, to be handed on as it came. */
void output_blame(const char *message);

#endif
