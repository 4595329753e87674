/*
 * csv_line.h - a line that has no quotes, split into its fields
 *
 * Nearly all lines of nearly all files are such: a table lookup a byte finds
 * the ends of their fields, and nothing is copied.  libcsv, with a switch and a
 * copy for each byte, is left with the lines that have a quote.  It is also the
 * reference: for what is split here it would give the same fields.
 */
#ifndef STREAM_CSV_LINE_H
#define STREAM_CSV_LINE_H

#include <stdbool.h>
#include <stddef.h>

enum csv_byte { BYTE_ORDINARY, BYTE_DELIMITER, BYTE_LINE_END, BYTE_QUOTE };

struct csv_bytes {
    unsigned char is[256]; /* enum csv_byte */
};

void csv_bytes_init(struct csv_bytes *k, unsigned char delimiter, bool quotes);

/*
 * Split the line that begins at P[FROM].  The text ends at P[LEN], where there
 * must be a line end that is not part of it, so that nobody has to ask at each
 * byte.  BEGIN has room for ROOM offsets into P: field i is BEGIN[i] to
 * BEGIN[i + 1] - 1, with what ends it left out.  Returns the number of fields,
 * and then BEGIN[fields] is behind the line's LF or CR; 0 when the line is not
 * for us: empty, not whole, with a quote, or without room for its fields.
 */
size_t csv_line_split(const struct csv_bytes *k, const unsigned char *p,
                      size_t from, size_t len, size_t *begin, size_t room);

#endif
