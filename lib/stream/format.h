/*
 * format.h - rows of a stream as text: CSV, TSV, lines of JSON
 *
 * Numbers are the shortest text that reads back as the same number.  In CSV
 * and TSV the elements of a list or a vector have a separator between them, as
 * text.h reads them; in JSON they are an array, and what is no finite number is
 * null.
 *
 *     csv     RFC 4180 with LF: quotes only where they are needed
 *     tsv     tab, LF, CR and backslash in a field are \t \n \r \\
 *     jsonl   an object for each row, in the order of the columns
 *
 * Exploded, a row becomes as many lines as its lists have elements, which must
 * be the same number for all: first the other columns, again in each line, then
 * "rank" from 1, then an element of each list.
 */
#ifndef STREAM_FORMAT_H
#define STREAM_FORMAT_H

#include "stream/block.h"

enum format_kind { FORMAT_CSV, FORMAT_TSV, FORMAT_JSONL };

struct format_options {
    enum format_kind kind;
    bool header; /* not for JSON */
    bool explode;
    char list_separator;
    const size_t *column; /* [columns] which ones, in this order */
    size_t columns;
};

/* Append value V of A, which holds numbers of type T. */
int format_number(struct buffer *out, enum type t, const struct array *a,
                  size_t v, struct error *e);

struct format; /* opaque */

/* S must outlive the result. */
struct format *format_new(const struct schema *s,
                          const struct format_options *opt, struct error *e);
void format_free(struct format *f); /* NULL is fine */

/* Append the header line, if there is to be one. */
int format_header(struct format *f, struct buffer *out, struct error *e);
/* Append row ROW of B. */
int format_row(struct format *f, const struct block *b, uint32_t row,
               struct buffer *out, struct error *e);

#endif
