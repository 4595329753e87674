/*
 * recmill/stream.h - record streams for programs that are not filters of
 * recmill
 *
 * A record stream is a table: typed columns, and rows, which come in blocks.
 * recmill-stream(3) says how to use this and has an example, rec-stream(5) says
 * what the bytes are.  Compile and link with what "pkg-config --cflags --libs
 * recmill" prints.
 *
 * A function that can fail takes a struct recmill_error last, fills it and
 * returns -1 or NULL; nothing here prints or exits.  Readers and writers are
 * independent of each other, and one thread at a time may use each; opening and
 * closing writers by their path is for one thread at a time altogether.
 *
 * A type is text as in rec-stream(5): "u8", "i32", "u32", "i64", "u64", "f32",
 * "f64" or "str" for one value a row, "f32[32]" for 32, "u32[]" for any number.
 */
#ifndef RECMILL_STREAM_H
#define RECMILL_STREAM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One line without a line feed. */
struct recmill_error {
    char text[512];
};

/*
 * A column's values in one block, in the order of the rows: VALUES is an array
 * of uint8_t, int32_t, ... double, which the type of the column names, or the
 * bytes of the strings.  A column of one value a row has value r in row r, a
 * vector of n has n * r to n * (r + 1) - 1, a list LIST[r] to LIST[r + 1] - 1.
 */
struct recmill_array {
    const uint32_t *list;   /* [rows + 1] for lists, else NULL */
    const uint32_t *string; /* [count + 1] for strings, else NULL */
    const void *values;     /* [count], aligned to 8 bytes */
    size_t count;           /* of values in all rows */
};

/* Some rows.  A view: it owns nothing. */
struct recmill_block {
    uint32_t rows;
    size_t columns;
    const struct recmill_array *column; /* [columns] */
};

/* Value number V of a column of strings: *LEN bytes without a NUL behind them,
 * UTF-8 unless whoever wrote the stream broke the format. */
static inline const char *
recmill_string(const struct recmill_array *a, size_t v, size_t *len)
{
    *len = a->string[v + 1] - a->string[v];
    return (const char *)a->values + a->string[v];
}

struct recmill_reader; /* opaque */
struct recmill_writer; /* opaque */

/* ---- Reading ---- */

/* Open a stream and read its head: of the file PATH ("-": standard input), or
 * of FD, which stays the caller's to close. */
struct recmill_reader *recmill_reader_open(const char *path,
                                           struct recmill_error *e);
struct recmill_reader *recmill_reader_fd(int fd, struct recmill_error *e);

/* NULL is fine.  It does not look at what has not been read. */
void recmill_reader_close(struct recmill_reader *r);

/* How many columns there are; name and type of number COLUMN, good as long as
 * the reader. */
size_t recmill_reader_columns(const struct recmill_reader *r);
const char *recmill_reader_name(const struct recmill_reader *r, size_t column);
const char *recmill_reader_type(const struct recmill_reader *r, size_t column);

/* The number of the column NAME, which is to have TYPE (NULL: any); -1 when
 * there is none or it has another type. */
long recmill_reader_find(const struct recmill_reader *r, const char *name,
                         const char *type, struct recmill_error *e);

/* The value of a meta, NULL when there is none. */
const char *recmill_reader_meta(const struct recmill_reader *r,
                                const char *key);

/*
 * 1 and the next block, good until the next call; 0 at the end, once all was
 * found whole; -1 when the stream is damaged, ends too early, or says itself
 * that it is incomplete.  What was delivered before counts only after a 0.
 */
int recmill_reader_next(struct recmill_reader *r, struct recmill_block *b,
                        struct recmill_error *e);

/* ---- Writing ---- */

/*
 * Begin a stream: to the file PATH, which appears under its name when it is
 * complete ("-": standard output), or to FD, which stays the caller's to close.
 * It has no columns yet.
 */
struct recmill_writer *recmill_writer_open(const char *path,
                                           struct recmill_error *e);
struct recmill_writer *recmill_writer_fd(int fd, struct recmill_error *e);

/* Before the first row: all columns, metas and steps of R; one more column; a
 * meta; and, of your own program, "name version options", for rec-info(1). */
int recmill_writer_like(struct recmill_writer *w,
                        const struct recmill_reader *r,
                        struct recmill_error *e);
int recmill_writer_column(struct recmill_writer *w, const char *name,
                          const char *type, struct recmill_error *e);
int recmill_writer_meta(struct recmill_writer *w, const char *key,
                        const char *value, struct recmill_error *e);
int recmill_writer_step(struct recmill_writer *w, const char *step,
                        struct recmill_error *e);

/*
 * A row: its values column by column in any order, then its end.  _add() takes
 * N numbers of the column's type, _string() one string, UTF-8, in LEN bytes;
 * both may be called again for vectors and lists.  _row() takes the values of
 * row ROW of B for as many columns as B has, which recmill_writer_like() made
 * of B's reader.  _end() refuses a row that has not the values that its columns
 * need.
 */
int recmill_writer_add(struct recmill_writer *w, size_t column,
                       const void *values, size_t n, struct recmill_error *e);
int recmill_writer_string(struct recmill_writer *w, size_t column,
                          const char *s, size_t len, struct recmill_error *e);
int recmill_writer_row(struct recmill_writer *w, const struct recmill_block *b,
                       uint32_t row, struct recmill_error *e);
int recmill_writer_end(struct recmill_writer *w, struct recmill_error *e);

/* Write the rows that have ended as a block, now; it is done without a call
 * when there are 4,096 of them or a MiB.  A stage that calls it once for each
 * block that it reads answers as soon as it is asked. */
int recmill_writer_flush(struct recmill_writer *w, struct recmill_error *e);

/*
 * The end, which frees W in any case.  Close: all is there and well, the file
 * gets its name.  Fail: those who read on will fail with "NAME: TEXT", where
 * NAME is your program, or with what the stream of R (NULL: none) says of its
 * own end, and no file gets its name.  Without either nobody takes the stream
 * for whole.
 */
int recmill_writer_close(struct recmill_writer *w, struct recmill_error *e);
void recmill_writer_fail(struct recmill_writer *w,
                         const struct recmill_reader *r, const char *name,
                         const char *text);

#ifdef __cplusplus
}
#endif

#endif
