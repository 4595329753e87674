/*
 * filter.h - the ends of a filter, for main() only
 *
 * Each function does what it says or dies with a message that names the stream;
 * none returns a failure.  When a filter dies, every stream that it has open
 * for writing gets a TAIL that says so, and no file gets its name: whatever is
 * wrong anywhere in a pipe, its last stage fails and says which stage died.
 */
#ifndef FILTER_FILTER_H
#define FILTER_FILTER_H

#include "filter/cli.h"
#include "stream/reader.h"
#include "stream/table.h"
#include "stream/writer.h"

struct input;  /* opaque */
struct output; /* opaque */

/* PATH, or standard input for "-".  Its head has been read. */
struct input *input_open(const char *path);
/* The same for a stream that is read more than once: input_rewind() goes back
 * to its beginning, after which what input_schema() gave before is no more.
 * What is no regular file is copied to a nameless one in $TMPDIR (/tmp) first.
 */
struct input *input_open_twice(const char *path);
void input_rewind(struct input *in);
void input_close(struct input *in); /* NULL is fine */
const struct schema *input_schema(const struct input *in);
const char *input_name(const struct input *in);
struct reader *input_reader(const struct input *in);

/* False at the end, once every trailer has been checked, and ever after. */
bool input_next(struct input *in, struct block *b);
/* Read and check what is left. */
void input_drain(struct input *in);
/* All of the rest, held in memory: for tables that are looked up in. */
struct table input_table(struct input *in);

/* The index of column NAME.  Dies when it is not there, naming what is; the
 * second one also when it has another type or shape. */
size_t input_column(const struct input *in, const char *name);
size_t input_column_of(const struct input *in, const char *name, enum type type,
                       enum shape shape);
/* The value of meta KEY; dies when there is none. */
const char *input_meta(const struct input *in, const char *key);

/* Die with "NAME: row N: message" for row ROW of the block last delivered, or
 * with "NAME: message". */
_Noreturn void input_bad_row(const struct input *in, uint32_t row,
                             const char *fmt, ...) PRINTF_LIKE(3, 4);
_Noreturn void input_bad(const struct input *in, const char *fmt, ...)
    PRINTF_LIKE(2, 3);

/* A stream to PATH ("-": standard output; a terminal is refused).  S is copied,
 * and cli_step() added to its steps.  It is complete only after
 * output_close(). */
struct output *output_open(const char *path, const struct schema *s);
void output_put(struct output *out, const struct block *b);
/* All of T's rows, in blocks of at most BLOCK_ROWS; T is cleared. */
void output_put_table(struct output *out, const struct schema *s,
                      struct table *t);
void output_close(struct output *out);
/* Close N of them; none gets its name before all are complete. */
void output_close_all(struct output **out, size_t n);
uint64_t output_rows(const struct output *out);

/* Call after a library function that may have failed: dies with E's text when
 * STATUS is not 0. */
void must(int status, const struct error *e);
/* The same for one that gives an object: P, or death when it is NULL. */
void *must_have(void *p, const struct error *e);
/* Zeroed memory, as mem_new() gives it, or die. */
void *must_new(size_t n, size_t size);
/* P with room for NEED elements, as mem_grow() gives it, or die. */
void *must_grow(void *p, size_t *cap, size_t need, size_t size);

#endif
