/*
 * synth.h - ratings that look like MovieLens, any number of them
 *
 * Items and users are points in a space of eight dimensions.  An item lies near
 * the centres of two genres; a user's taste is a direction, which turns as time
 * goes by, and all tastes are pulled along by a fashion that turns too.
 *
 *     P(user watches item at t) ~ popularity(item) exp(affinity(user, item, t))
 *     rating = 1..5 from  user's mood + item's quality + affinity + noise
 *
 * Popularity is a Zipf-Mandelbrot law over the items.  An item's quality has no
 * part in whether it is watched: it is what a ranking model can know and a
 * retrieval model cannot.  A user watches no item twice, and at most half of
 * all items; ratings come user by user, each user's in order of time.
 *
 * Everything about a user or an item is a function of the seed and its number,
 * so memory is 4 bytes an item (who watched it last) and a few KiB, whatever
 * the number of ratings and users.
 */
#ifndef SYNTH_SYNTH_H
#define SYNTH_SYNTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "synth/title.h"

#define SYNTH_ITEMS_MAX TITLE_ITEMS_MAX

struct synth_config {
    uint64_t seed;
    uint64_t rows;  /* ratings */
    uint32_t users; /* at most as many as rows */
    uint32_t items; /* at most SYNTH_ITEMS_MAX */
};

struct synth_rating {
    uint32_t user; /* from 1 */
    uint32_t item; /* from 0, the most popular one */
    unsigned rating;
    int64_t timestamp;
};

/* How many users and items go with so many rows: 943 and 1,682 with 100,000 as
 * in MovieLens, users in proportion, items with the square root (more where the
 * users could not rate so much otherwise). */
uint32_t synth_users_for(uint64_t rows);
uint32_t synth_items_for(uint64_t rows, uint32_t users);

/* Can there be such data?  0, or -1 with the reason. */
int synth_check(const struct synth_config *c, struct error *e);

struct synth; /* opaque */

/* The configuration has to pass synth_check(). */
struct synth *synth_new(const struct synth_config *c, struct error *e);
void synth_free(struct synth *s); /* NULL is fine */

/* The next rating; false after the last one. */
bool synth_next(struct synth *s, struct synth_rating *out);

/* The item's title, distinct from all others; returns its length. */
size_t synth_title(const struct synth *s, uint32_t item, char out[TITLE_MAX]);

#endif
