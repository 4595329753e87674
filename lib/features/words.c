#include "features/words.h"

#include <string.h>

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

struct word
word_next(const char **p, const char *end)
{
    struct word w;

    while (*p < end && is_blank(**p))
        ++*p;
    w.at = *p;
    if (*p < end && **p == '#')
        *p = end;
    else
        while (*p < end && !is_blank(**p))
            ++*p;
    w.len = w.at < end && *w.at == '#' ? 0 : (size_t)(*p - w.at);
    return w;
}

bool
word_is(struct word w, const char *text)
{
    return strlen(text) == w.len && memcmp(w.at, text, w.len) == 0;
}

int
word_find(struct word w, const char *const *words)
{
    for (int i = 0; words[i] != NULL; i++)
        if (word_is(w, words[i]))
            return i;
    return -1;
}
