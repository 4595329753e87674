/*
 * utf8.h - is it UTF-8, and how to make it so
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"

/* Strictly as in RFC 3629: no overlong form, no surrogate, nothing above
 * U+10FFFF. */
bool utf8_valid(const char *s, size_t len);
/* Bytes of the character at S, of which LEN > 0 are there; 0 when it is none.
 */
size_t utf8_character(const char *s, size_t len);

/* Can people be shown the character at S, of as many bytes as utf8_character()
 * said?  Not what is none, controls, what ends a line or turns the direction of
 * text, and what Unicode says will never be a character. */
bool utf8_printable(const char *s, size_t n);

/* Is every byte below 128? */
bool utf8_is_ascii(const char *s, size_t len);

/* Append the UTF-8 of LEN bytes of ISO 8859-1, in which every byte is the code
 * point of that number. */
int utf8_from_latin1(struct buffer *out, const char *s, size_t len,
                     struct error *e);

#endif
