/*
 * text_fields.h - the values of a column from many fields at once
 *
 * text_add() in a loop, but what depends on the column alone is decided once,
 * and there is room for all values before the first is read.
 */
#ifndef STREAM_TEXT_FIELDS_H
#define STREAM_TEXT_FIELDS_H

#include "stream/table.h"

/* Bytes that may be read, whatever they are, behind the last field's end. */
#define TEXT_FIELDS_SLACK 16

struct text_fields {
    const char *text;
    const size_t *begin; /* of field i: begin[i * step], and with the byte that
                          * ends it left out, to begin[i * step + 1] - 1 */
    size_t step;
};

static inline const char *
text_field(const struct text_fields *f, size_t i, size_t *len)
{
    const size_t *at = f->begin + i * f->step;

    *len = at[1] - at[0] - 1;
    return f->text + at[0];
}

/* Append the first N fields to B, a builder for C, which is a scalar.  Returns
 * how many could be: when fewer than N, E says what is wrong with the next, in
 * the words of text_add(). */
size_t text_add_fields(struct builder *b, const struct column *c,
                       const struct text_fields *f, size_t n, struct error *e);

#endif
