/*
 * tokens.h - text cut into words, as Keras' TextVectorization does it
 *
 * ASCII letters become lower case, the 32 ASCII punctuation marks are deleted
 * (not replaced: "M*A*S*H" is "mash"), and what is left is split at runs of
 * ASCII white space.  All other bytes stay as they are.
 */
#ifndef FEATURES_TOKENS_H
#define FEATURES_TOKENS_H

#include "base/mem.h"

/* Start from = { 0 }; one buffer serves all texts. */
struct tokens {
    struct buffer word;
    const char *at, *end; /* what is left of the text */
};

/* The text is borrowed until its last token has been taken. */
int tokens_start(struct tokens *t, const char *text, size_t len,
                 struct error *e);
/* The next token, good until the next call and not ended by a NUL; NULL after
 * the last one. */
const char *tokens_next(struct tokens *t, size_t *len);
void tokens_free(struct tokens *t);

#endif
