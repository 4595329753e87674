/*
 * drop.h - the option --drop FEATURE=P of the trainers, for main() only
 */
#ifndef FILTER_DROP_H
#define FILTER_DROP_H

#include <stddef.h>

#include "features/spec.h"
#include "filter/cli.h"

/* What was said, in order.  Start from = { 0 }. */
struct drop_options {
    struct drop {
        const char *value; /* "query.history.lookup=0.5" */
        size_t name;       /* the length of its first word */
        float rate;
    } * drop;
    size_t n, cap;
};

/* Take one more; wrong usage when VALUE is not so. */
void drop_add(struct drop_options *d, int letter, const char *value);

/* The rate of each feature of S, the caller's to free, and NULL when nothing is
 * dropped.  Dies when S has no such feature, or one that nothing can be dropped
 * of. */
float *drop_rates(const struct drop_options *d, const struct spec *s);
void drop_free(struct drop_options *d);

#endif
