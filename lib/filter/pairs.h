/*
 * pairs.h - who took what in a stream of features, for main() only
 *
 * Like everything in this room, these functions do what they say or die.
 */
#ifndef FILTER_PAIRS_H
#define FILTER_PAIRS_H

#include "filter/filter.h"
#include "model/head.h"
#include "model/pairs.h"

/* The lookup of HEAD that says who asks: the one called NAME, or whose column
 * is, or without NAME the first of the query's; one id a row.  HEAD is that of
 * IN. */
const struct feature *pairs_query(const struct input *in,
                                  const struct model_head *head,
                                  const char *name);
/* The lookup that names items. */
const struct feature *pairs_item(const struct input *in,
                                 const struct model_head *head);
/* From now on the features of HEAD are these two, DIM wide. */
void pairs_keep(struct model_head *head, struct feature query,
                struct feature item, size_t dim);

/* The pairs of all rows of IN; there must be some. */
struct pairs pairs_read(struct input *in, const struct feature *query,
                        const struct feature *item);

#endif
