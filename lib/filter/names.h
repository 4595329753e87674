/*
 * names.h - columns named on a command line: COLUMN or NEW=COLUMN, with commas
 * between them
 */
#ifndef FILTER_NAMES_H
#define FILTER_NAMES_H

#include <stdbool.h>
#include <stddef.h>

struct names {
    struct named {
        const char *name; /* the new one */
        const char *old;  /* the same when no other was said */
    } * named;
    size_t n;
    char *text; /* what they point into */
};

/* VALUE of option LETTER; RENAMES: may there be new names?  Wrong usage when a
 * name is empty, or there twice as a new one. */
struct names names_parse(int letter, const char *value, bool renames);
void names_free(struct names *n); /* what = { 0 } made is fine */

/* The number of the one whose new name is NAME, or -1. */
long names_find(const struct names *n, const char *name);

#endif
