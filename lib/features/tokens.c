#include "features/tokens.h"

#include <stdbool.h>

/* ctype(3) asks the locale; this must not. */
static bool
is_space(unsigned char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool
is_punctuation(unsigned char c)
{
    return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') ||
           (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

static unsigned char
lower(unsigned char c)
{
    return c >= 'A' && c <= 'Z' ? (unsigned char)(c - 'A' + 'a') : c;
}

int
tokens_start(struct tokens *t, const char *text, size_t len, struct error *e)
{
    t->at = text;
    t->end = text + len;
    t->word.len = 0;
    return buffer_reserve(&t->word, len + 1, e); /* room for any token */
}

const char *
tokens_next(struct tokens *t, size_t *len)
{
    /* A word of nothing but punctuation is none: hence the outer loop. */
    for (t->word.len = 0; t->at < t->end && t->word.len == 0;) {
        while (t->at < t->end && is_space((unsigned char)*t->at))
            t->at++;
        for (; t->at < t->end && !is_space((unsigned char)*t->at); t->at++)
            if (!is_punctuation((unsigned char)*t->at))
                t->word.data[t->word.len++] = lower((unsigned char)*t->at);
    }
    *len = t->word.len;
    return t->word.len > 0 ? (const char *)t->word.data : NULL;
}

void
tokens_free(struct tokens *t)
{
    buffer_free(&t->word);
}
