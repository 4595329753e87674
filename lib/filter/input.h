/*
 * input.h - the end of a filter that reads
 *
 * Each function does what it says or dies with a message that names the stream;
 * none returns a failure.
 */
#ifndef FILTER_INPUT_H
#define FILTER_INPUT_H

#include <sys/types.h>

#include "features/feature.h"
#include "stream/reader.h"
#include "stream/table.h"

struct input; /* opaque */

/* PATH, or standard input for "-".  Its head has been read. */
struct input *input_open(const char *path);
/* The PATHS files PATH, one behind the other as if they were one; each must
 * have the columns and metas of the first, whose head is that of all.  Names
 * are kept.  Of a world's ranks (base/world.h) each opens its own of them; all
 * get the rows of all, here and of any other input. */
struct input *input_open_all(char *const *path, size_t paths);
/* FD, which stays the caller's to close; NAME is kept for messages. */
struct input *input_open_fd(int fd, const char *name);
/* The same for a stream that is read more than once: input_rewind() goes back
 * to its beginning, after which what input_schema() gave before is no more.
 * What is no regular file is copied to a nameless one in $TMPDIR (/tmp) first.
 */
struct input *input_open_twice(const char *path);
void input_rewind(struct input *in);
/* FD of NAME, or of such a copy, which takes FD's place: what is read next is
 * at *START, and can be gone back to. */
int input_seekable(int fd, const char *name, off_t *start);
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
/* The first column query.*.lookup of one id a row, which tells queries apart
 * unless the user says something else, or -1; its name, or the end. */
long input_query_column(const struct input *in);
const char *input_query_key(const struct input *in);
/* The value of meta KEY; dies when there is none. */
const char *input_meta(const struct input *in, const char *key);

/* Dies when the head of IN says that the ids in its column of F were given by
 * another vocabulary than that of F, which is WHOSE. */
void input_check_ids(const struct input *in, const struct feature *f,
                     const char *whose);
/* Dies when the heads of IN and of OTHER say that the ids in their columns
 * FEATURE were given by different vocabularies. */
void input_same_ids(const struct input *in, const struct input *other,
                    const char *feature);

/* Die with "NAME: row N: message" for row ROW of the block last delivered, or
 * with "NAME: message"; when several files have been read to their end NAME is
 * "FIRST and N more". */
_Noreturn void input_bad_row(const struct input *in, uint32_t row,
                             const char *fmt, ...) PRINTF_LIKE(3, 4);
_Noreturn void input_bad(const struct input *in, const char *fmt, ...)
    PRINTF_LIKE(2, 3);

#endif
