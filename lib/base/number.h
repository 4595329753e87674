/*
 * number.h - numbers from text and text from numbers, always the C locale
 *
 * The readers take all of the LEN bytes at S or refuse: no blanks around the
 * number, no tail, nothing out of range.
 */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Digits with at most a '-' before them (number_i64). */
bool number_u64(const char *s, size_t len, uint64_t *out);
bool number_i64(const char *s, size_t len, int64_t *out);
/* What strtod(3) takes, of 63 characters at most; "nan" and "inf" too, unless
 * the number is to be finite. */
bool number_f64(const char *s, size_t len, double *out);
bool number_finite(const char *s, size_t len, double *out);

#define NUMBER_TEXT_MAX 32

/* The shortest text that reads back as the same float or double, in OUT, which
 * holds NUMBER_TEXT_MAX bytes; returns its length. */
size_t number_from_f32(char *out, float v);
size_t number_from_f64(char *out, double v);
size_t number_from_u64(char *out, uint64_t v);
size_t number_from_i64(char *out, int64_t v);
/* With a comma before each three digits: 1,234,567. */
size_t number_grouped(char *out, uint64_t v);

#endif
