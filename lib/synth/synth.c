#include "synth/synth.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/rng.h"

enum { DIMS = 8, GENRES = TITLE_GENRES };
/* What rng_for() draws sequences for. */
enum { FOR_GENRES = 1, FOR_FASHION, FOR_ITEMS, FOR_ACTIVITY, FOR_USERS };

/* Users: nobody rates fewer items than this when there are enough ratings. */
#define USER_MIN 20
#define ACTIVITY_SPREAD 1.15 /* of the logarithm of what is above that */
#define ACTIVITY_MOST 8.0    /* times the mean */

/* Items: how popularity falls with the rank, and how far in it begins to. */
#define ZIPF_SHIFT (1.0 / 150)
/* A watched item is one of so many that popularity proposes. */
#define PROPOSALS 48

/* What an item's place is made of; the squares add up to 1. */
#define SHARE_GENRE 0.75f
#define SHARE_BLENDED 0.48f
#define SHARE_OWN 0.455f
#define AFFINITY 3.0f /* standard deviation over the users */
#define FASHION 0.5   /* its length, beside a taste's */

/* MovieLens 100k: September 1997 to April 1998. */
#define TIME_FIRST 874724710
#define TIME_SPAN 18561928
#define SESSION_ROWS 40            /* mean length */
#define SESSION_GAP (12.0 * 86400) /* mean time between two */
#define QUARTER_TURN 1.5707963267948966

/* What an opinion is made of. */
#define OPINION_USER 0.35
#define OPINION_QUALITY 0.7
#define OPINION_AFFINITY 0.06 /* per unit above the usual */
#define USUAL_AFFINITY 3.7    /* of what people choose to watch */
#define OPINION_NOISE 0.7
/* Opinions above these get 2, 3, 4 and 5: shares as in MovieLens. */
static const double opinion_above[] = { -1.5, -0.9, -0.12, 0.8 };

struct user {
    struct rng rng;
    uint64_t left;           /* ratings still to come */
    double mood;             /* everything seems better or worse */
    double time;             /* seconds since TIME_FIRST */
    float from[DIMS];        /* taste at the first second, ... */
    float towards[DIMS];     /* ... and a quarter turn later */
    float now[DIMS];         /* taste in this session, with the fashion */
    float for_genre[GENRES]; /* its affinity to the centres */
};

struct synth {
    struct synth_config config;
    uint64_t items_key, names_key;
    float centre[GENRES][DIMS];
    float fashion_from[DIMS], fashion_towards[DIMS];
    double zipf_shift, zipf_log;
    uint64_t rows_left;
    uint64_t user_min, user_max;
    double activity_limit, activity_sum, activity_done;
    uint64_t extra_done; /* ratings above the minimum, so far */
    uint32_t user_number;
    struct user user;
    uint32_t *watched_by; /* per item: the last user who did */
};

/* An item is this: random bits and the two genres. */
struct item {
    uint64_t bits;
    unsigned genre, blended;
};

uint32_t
synth_users_for(uint64_t rows)
{
    const double users = floor(0.00943 * (double)rows + 0.5);

    return users < 1 ? 1 : users < UINT32_MAX ? (uint32_t)users : UINT32_MAX;
}

uint32_t
synth_items_for(uint64_t rows, uint32_t users)
{
    const double items = ceil(1682 * sqrt((double)rows / 100000) - 1e-9);
    const double least = 2 * ceil((double)rows / users);
    const double n = items > least ? items : least;

    return n < SYNTH_ITEMS_MAX ? (uint32_t)n : SYNTH_ITEMS_MAX;
}

/* Half of the items: whoever looks for one more soon finds it. */
static uint64_t
most_per_user(const struct synth_config *c)
{
    return ((uint64_t)c->items + 1) / 2;
}

int
synth_check(const struct synth_config *c, struct error *e)
{
    if (c->rows == 0 || c->users == 0 || c->items == 0)
        return error_set(e, "rows, users and items start from 1");
    if (c->items > SYNTH_ITEMS_MAX)
        return error_set(e, "%" PRIu32 " items are the most there can be",
                         SYNTH_ITEMS_MAX);
    if (c->users > c->rows)
        return error_set(e,
                         "%" PRIu64 " rows are too few for %" PRIu32 " users",
                         c->rows, c->users);
    if ((c->rows - 1) / c->users >= most_per_user(c))
        return error_set(e,
                         "%" PRIu64 " rows are too many for %" PRIu32
                         " users who rate at most half of %" PRIu32 " items",
                         c->rows, c->users, c->items);
    return 0;
}

static void
random_direction(struct rng *r, float *v, double length)
{
    for (size_t k = 0; k < DIMS; k++)
        v[k] = (float)(rng_normal(r) * length);
}

/* How much of the ratings above the minimum user N gives, beside the others. */
static double
activity(const struct synth *s, uint32_t n)
{
    struct rng r = rng_for(s->config.seed, FOR_ACTIVITY, n);
    const double a = exp(ACTIVITY_SPREAD * rng_normal(&r));

    return a < s->activity_limit ? a : s->activity_limit;
}

struct synth *
synth_new(const struct synth_config *c, struct error *e)
{
    struct synth *s = mem_new(1, sizeof *s, e);
    struct rng r;

    if (s == NULL)
        return NULL;
    s->config = *c;
    s->watched_by = mem_new(c->items, sizeof *s->watched_by, e);
    if (s->watched_by == NULL) {
        synth_free(s);
        return NULL;
    }
    r = rng_for(c->seed, FOR_GENRES, 0);
    for (size_t g = 0; g < GENRES; g++)
        random_direction(&r, s->centre[g], sqrt(1.0 / DIMS));
    r = rng_for(c->seed, FOR_FASHION, 0);
    random_direction(&r, s->fashion_from, FASHION);
    random_direction(&r, s->fashion_towards, FASHION);
    r = rng_for(c->seed, FOR_ITEMS, 0);
    s->items_key = rng_u64(&r);
    s->names_key = rng_u64(&r);

    s->zipf_shift = ceil(c->items * ZIPF_SHIFT);
    s->zipf_log = log1p(c->items / s->zipf_shift);
    s->rows_left = c->rows;
    s->user_max = most_per_user(c);
    s->user_min = c->rows / c->users;
    if (s->user_min > USER_MIN)
        s->user_min = USER_MIN;
    s->activity_limit =
        ACTIVITY_MOST * exp(ACTIVITY_SPREAD * ACTIVITY_SPREAD / 2);
    for (uint32_t n = 0; n < c->users; n++)
        s->activity_sum += activity(s, n);
    return s;
}

void
synth_free(struct synth *s)
{
    if (s == NULL)
        return;
    free(s->watched_by);
    free(s);
}

static struct item
item_at(const struct synth *s, uint32_t i)
{
    /* Number I of the sequence that starts from the key. */
    struct rng r = { s->items_key + i * UINT64_C(0x9e3779b97f4a7c15) };
    const uint64_t h = rng_u64(&r);

    return (struct item){
        .bits = h,
        .genre = (unsigned)((h >> 32) * GENRES >> 32),
        .blended = (unsigned)((h & UINT32_MAX) * GENRES >> 32),
    };
}

size_t
synth_title(const struct synth *s, uint32_t item, char out[TITLE_MAX])
{
    const struct item it = item_at(s, item);
    const struct title t = {
        .item = item,
        .items = s->config.items,
        .genre = it.genre,
        .blended = it.blended,
        .draw = hash_u64(it.bits ^ 1),
        .names = s->names_key,
    };

    return title_write(&t, out);
}

/* The standard normal quality that shows in ratings alone. */
static double
quality(const struct item *it)
{
    struct rng r = { hash_u64(it->bits ^ 2) };

    return rng_normal(&r);
}

/* The product of the user's taste and the item's place.  What is the item's
 * own are eight bytes, uniform, of variance 1/8 each. */
static float
affinity(const struct user *u, const struct item *it)
{
    const uint64_t bytes = hash_u64(it->bits ^ 3);
    float own = 0;

    for (size_t k = 0; k < DIMS; k++)
        own += u->now[k] * ((float)(bytes >> 8 * k & 255) - 127.5f);
    own *= 1 / (73.9f * 2.8284271f);
    return AFFINITY *
           (SHARE_GENRE * u->for_genre[it->genre] +
            SHARE_BLENDED * u->for_genre[it->blended] + SHARE_OWN * own);
}

/* The user sits down to watch: what is the taste of the day? */
static void
begin_session(struct synth *s)
{
    struct user *u = &s->user;
    const double turn = QUARTER_TURN * u->time / TIME_SPAN;
    const float a = (float)cos(turn), b = (float)sin(turn);

    for (size_t k = 0; k < DIMS; k++)
        u->now[k] = a * (u->from[k] + s->fashion_from[k]) +
                    b * (u->towards[k] + s->fashion_towards[k]);
    for (size_t g = 0; g < GENRES; g++) {
        u->for_genre[g] = 0;
        for (size_t k = 0; k < DIMS; k++)
            u->for_genre[g] += u->now[k] * s->centre[g][k];
    }
}

/* The user's part of the ratings by activity, within what is allowed and what
 * leaves the users to come a possible number. */
static uint64_t
ratings_of_user(struct synth *s, uint32_t n)
{
    const uint64_t after = s->config.users - n - 1;
    const uint64_t extra = s->config.rows - s->config.users * s->user_min;
    uint64_t low = s->user_min, high = s->user_max, count;

    s->activity_done += activity(s, n);
    count = (uint64_t)((double)extra * (s->activity_done / s->activity_sum));
    count = s->user_min + (count > s->extra_done ? count - s->extra_done : 0);
    if (s->rows_left > after * high && s->rows_left - after * high > low)
        low = s->rows_left - after * high;
    if (s->rows_left - after * s->user_min < high)
        high = s->rows_left - after * s->user_min;
    count = count < low ? low : count > high ? high : count;
    s->extra_done += count - s->user_min;
    return count;
}

static void
begin_user(struct synth *s)
{
    struct user *u = &s->user;

    u->left = ratings_of_user(s, s->user_number);
    u->rng = rng_for(s->config.seed, FOR_USERS, s->user_number++);
    u->mood = rng_normal(&u->rng);
    random_direction(&u->rng, u->from, 1);
    random_direction(&u->rng, u->towards, 1);
    u->time = rng_f64(&u->rng) * TIME_SPAN;
    begin_session(s);
}

static void
pass_time(struct synth *s)
{
    struct user *u = &s->user;

    u->time += (double)rng_below(&u->rng, 60);
    if (rng_below(&u->rng, SESSION_ROWS) == 0) {
        const double gap = -log(1 - rng_f64(&u->rng)) * SESSION_GAP;

        if (u->time + gap < TIME_SPAN) {
            u->time += gap;
            begin_session(s);
        }
    }
    if (u->time > TIME_SPAN)
        u->time = TIME_SPAN;
}

/* Items by popularity: the distribution function of the continuous law with
 * density 1 / (rank + shift), turned round.  No table. */
static uint32_t
popular_item(struct synth *s)
{
    const double rank =
        s->zipf_shift * expm1(rng_f64(&s->user.rng) * s->zipf_log);

    return rank < s->config.items ? (uint32_t)rank : s->config.items - 1;
}

/* Items that the user may watch next, and the sum of the weights up to each:
 * 0 for what is watched already, else exp(affinity). */
struct proposals {
    uint32_t item[PROPOSALS];
    float sum[PROPOSALS];
};

/* Fill P by popularity, or else with any items; returns the whole sum. */
static float
propose(struct synth *s, bool popular, struct proposals *p)
{
    float sum = 0;

    for (size_t n = 0; n < PROPOSALS; n++) {
        const uint32_t i =
            popular ? popular_item(s)
                    : (uint32_t)rng_below(&s->user.rng, s->config.items);

        if (s->watched_by[i] != s->user_number) {
            const struct item it = item_at(s, i);

            sum += expf(affinity(&s->user, &it));
        }
        p->item[n] = i;
        p->sum[n] = sum;
    }
    return sum;
}

/*
 * An item that the user has not watched, by popularity and affinity: sampling
 * by importance, whose cost does not depend on the number of items.  Should all
 * that is proposed be watched, any item may be, and half of them are not.
 */
static uint32_t
choose_item(struct synth *s, float *its_affinity)
{
    struct proposals p;
    struct item it;
    double sum = (double)propose(s, true, &p), aim;
    size_t n = 0;

    while (sum <= 0)
        sum = (double)propose(s, false, &p);
    /* The product of two floats is exact and so below the last sum; the first
     * sum above it is that of an item with a weight. */
    aim = (double)rng_f32(&s->user.rng) * sum;
    while ((double)p.sum[n] <= aim)
        n++;
    it = item_at(s, p.item[n]);
    *its_affinity = affinity(&s->user, &it);
    return p.item[n];
}

static unsigned
rate(struct synth *s, uint32_t i, float its_affinity)
{
    const struct item it = item_at(s, i);
    const double opinion =
        OPINION_USER * s->user.mood + OPINION_QUALITY * quality(&it) +
        OPINION_AFFINITY * ((double)its_affinity - USUAL_AFFINITY) +
        OPINION_NOISE * rng_normal(&s->user.rng);
    unsigned rating = 1;

    while (rating < 5 && opinion > opinion_above[rating - 1])
        rating++;
    return rating;
}

bool
synth_next(struct synth *s, struct synth_rating *out)
{
    float its_affinity = 0;

    if (s->rows_left == 0)
        return false;
    if (s->user.left == 0)
        begin_user(s);
    else
        pass_time(s);
    out->user = s->user_number;
    out->item = choose_item(s, &its_affinity);
    out->timestamp = TIME_FIRST + (int64_t)s->user.time;
    out->rating = rate(s, out->item, its_affinity);
    s->watched_by[out->item] = s->user_number;
    s->user.left--;
    s->rows_left--;
    return true;
}
