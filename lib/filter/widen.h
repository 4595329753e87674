/*
 * widen.h - a stream with more columns behind those of its input
 *
 * First all columns are named, then the output is opened, then block after
 * block is put.  As everything in this room, these functions do what they say
 * or die.
 */
#ifndef FILTER_WIDEN_H
#define FILTER_WIDEN_H

#include "filter/input.h"
#include "filter/output.h"

struct widened {
    struct input *in;
    struct schema schema; /* of the output */
    struct output *out;
    struct array *column; /* of a block of it */
    struct array *added;  /* those behind the input's, which the caller sets */
};

/* IN stays the caller's, to be closed after W. */
void widen_start(struct widened *w, struct input *in);
/* One column more; NAME must not be one that is there. */
void widen_by(struct widened *w, const char *name, enum type type,
              enum shape shape, uint32_t width);
/* No more: W.added has the columns in the order in which they were named. */
void widen_open(struct widened *w);
/* The rows of the input's block B, with what is in W.added. */
void widen_put(struct widened *w, const struct block *b);
void widen_close(struct widened *w);

#endif
