/*
 * text.h - one value of a column from the text of a field, and what the texts
 * of a column without a type look like
 *
 * A list or a vector is its elements with a separator between them; a list
 * without elements is an empty field.  In elements that are strings, \\ is a
 * backslash, a backslash before the separator makes that an ordinary character,
 * and a field of \e is the list of one empty string.
 *
 * Numbers are what base/number.h reads, nothing before or behind them; "nan"
 * and "inf" are numbers for f32 and f64.
 */
#ifndef STREAM_TEXT_H
#define STREAM_TEXT_H

#include "stream/table.h"

/* Append the value in the LEN bytes at S to B, which is a builder for C.  The
 * message of an error is "'3.5' is no i64". */
int text_add(struct builder *b, const struct column *c, char separator,
             const char *s, size_t len, struct error *e);

/*
 * The narrowest type for a column in which S stands: i64, f64, or str.  Only
 * what is certain to be a number counts as one: no empty field, no leading
 * zero or plus ("007" may be a name), no nan, no whole number beyond i64.
 */
enum type text_type(const char *s, size_t len);
/* The type for a column with values of both. */
enum type text_wider(enum type a, enum type b);

/* Say of a field that it "is no" T, or "is out of range for" T: "'3.5' is no
 * i64", the text cut to what a line can carry.  Returns -1. */
int text_refuse(const char *s, size_t len, const char *is, enum type t,
                struct error *e);

/* Replace \t \n \r and \\ by what they stand for; returns the new length. */
size_t text_unescape(char *s, size_t len);

#endif
