/*
 * words.h - the words of a line, with blanks between them
 *
 * A word that starts with '#' begins a comment, which goes to the line's end.
 */
#ifndef FEATURES_WORDS_H
#define FEATURES_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* Part of the line, not terminated. */
struct word {
    const char *at;
    size_t len;
};

/* The next word of *P .. END - 1, of length 0 at the end or before a comment;
 * *P goes behind it. */
struct word word_next(const char **p, const char *end);
bool word_is(struct word w, const char *text);
/* The index of W in WORDS, which NULL ends, or -1. */
int word_find(struct word w, const char *const *words);

#endif
