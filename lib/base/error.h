/*
 * error.h - how the library says what went wrong
 *
 * A function that can fail takes a struct error last, fills it and returns -1
 * or NULL.  The text is one line without a program's name: "block 3: checksum
 * mismatch".  Callers put what they know in front of it with error_prefix().
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

struct error {
    char text[512];
};

/* Set the text, cut to fit and cleaned.  Always returns -1. */
int error_set(struct error *e, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* The same with ": " and strerror(errno) behind it. */
int error_errno(struct error *e, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Put "PREFIX: " before the text that is there.  Returns -1. */
int error_prefix(struct error *e, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Clean S in place: what could drive a terminal, all that utf8_printable() does
 * not let through, becomes '?', byte for byte. */
void error_clean(char *s);

#endif
