#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "rows/stats.h"

static size_t
others_of(const struct stats_place *p)
{
    return p->n - (p->end - p->begin);
}

/* The values of rows BEGIN .. END - 1. */
static double
sum_of(const struct stats_place *p, size_t begin, size_t end)
{
    if (begin == end)
        return 0;
    return p->row[end - 1].value - (begin > 0 ? p->row[begin - 1].value : 0);
}

static double
shrink(const struct stats_place *p, double sum, double n, double prior)
{
    return n + prior > 0 ? (sum + prior * p->mean) / (n + prior) : p->mean;
}

static double
mean_around(const struct stats_place *p, size_t before, size_t after,
            double prior)
{
    const size_t begin = p->begin > before ? p->begin - before : 0;
    const size_t end = p->n - p->end > after ? p->end + after : p->n;

    return shrink(p, sum_of(p, begin, p->begin) + sum_of(p, p->end, end),
                  (double)(p->begin - begin + end - p->end), prior);
}

static double
time_since(const struct stats_place *p)
{
    if (p->begin == 0)
        return p->span;
    return p->time - p->row[p->begin - 1].time;
}

static double
time_until(const struct stats_place *p)
{
    if (p->end == p->n)
        return p->span;
    return p->row[p->end].time - p->time;
}

static double
position(const struct stats_place *p)
{
    const size_t others = others_of(p);

    return others > 0 ? (double)p->begin / (double)others : 0;
}

void
stats_name(const struct stats_number *n, char out[STATS_NAME_MAX])
{
    static const char *const names[] = {
        [STATS_COUNT] = "count",       [STATS_MEAN] = "mean",
        [STATS_BEFORE] = "before",     [STATS_AROUND] = "around",
        [STATS_SINCE] = "since",       [STATS_UNTIL] = "until",
        [STATS_POSITION] = "position",
    };

    if (n->k > 0)
        snprintf(out, STATS_NAME_MAX, "%s_%" PRIu32, names[n->kind], n->k);
    else
        snprintf(out, STATS_NAME_MAX, "%s", names[n->kind]);
}

static double
scaled(double x, bool log)
{
    return log ? log1p(x > 0 ? x : 0) : x;
}

double
stats_value(const struct stats_place *p, const struct stats_number *n,
            double prior, bool log)
{
    switch (n->kind) {
    case STATS_COUNT: return scaled((double)others_of(p), log);
    case STATS_MEAN: return mean_around(p, p->n, p->n, prior);
    case STATS_BEFORE: return mean_around(p, n->k, 0, prior);
    case STATS_AROUND: return mean_around(p, n->k, n->k, prior);
    case STATS_SINCE: return scaled(time_since(p), log);
    case STATS_UNTIL: return scaled(time_until(p), log);
    case STATS_POSITION: break;
    }
    return position(p);
}
