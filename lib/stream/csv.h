/*
 * csv.h - rows of fields out of delimited text
 *
 * The grammar is RFC 4180's with any delimiter of one byte, done by libcsv in
 * its strict mode, or plain splitting where quotes are turned off.  Lines
 * without a quote are split by csv_line.h, which gives the same.  Rows end
 * with LF, CRLF or CR; blanks belong to fields; lines without any character
 * are no rows; a byte order mark at the very start is dropped.
 *
 * Refused, with the line: a quote that neither opens nor closes a field, a
 * quote never closed, NUL, fields and rows beyond the maxima below.  Whether
 * the rows are equally long, and what is in the fields, the caller decides.
 */
#ifndef STREAM_CSV_H
#define STREAM_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Longer ones are refused: most often a quote that was never closed. */
#define CSV_FIELD_MAX ((size_t)1 << 20)
#define CSV_ROW_MAX ((size_t)16 << 20)

/* For the delimiter "::" of MovieLens 1M and 10M; there are no quotes then. */
#define CSV_TWO_COLONS 256

struct csv_options {
    const char *name; /* for messages, "u.data:12: ..."; kept, not copied */
    int delimiter;    /* a byte below 128, or CSV_TWO_COLONS */
    bool quotes;
    size_t chunk; /* bytes asked for at once; 0 for a good number */
};

struct csv_row {
    uint64_t line; /* where it begins, from 1 */
    size_t fields;
    const char *text;
    const size_t *begin; /* [fields + 1], with one byte after each field */
};

static inline const char *
csv_field(const struct csv_row *row, size_t i, size_t *len)
{
    *len = row->begin[i + 1] - row->begin[i] - 1;
    return row->text + row->begin[i];
}

struct csv_reader; /* opaque */

/* Read from FD, which stays the caller's to close. */
struct csv_reader *csv_reader_new(int fd, const struct csv_options *opt,
                                  struct error *e);
void csv_reader_free(struct csv_reader *r); /* NULL is fine */

/* The next row in *ROW, good until the next call: 1, at the end 0, or -1. */
int csv_reader_next(struct csv_reader *r, struct csv_row *row, struct error *e);

/* Rows that follow each other line by line, all with the same number of
 * fields: row i has its begin at BEGIN[i * (fields + 1)]. */
struct csv_run {
    uint64_t line; /* of the first row */
    size_t rows;
    const char *text;
    size_t from, to; /* where their text is in TEXT */
    const size_t *begin;
};

/* Bytes that may be read behind any field. */
#define CSV_SLACK 16

/*
 * The next rows of FIELDS fields each, at most ROWS of them, in BYTES bytes,
 * as many as are at hand and without quotes; good until the next call.  Returns
 * how many: 0, at any time, means to ask csv_reader_next(), which gives the
 * same rows one by one.
 */
size_t csv_reader_run(struct csv_reader *r, size_t fields, size_t rows,
                      size_t bytes, struct csv_run *run);

#endif
