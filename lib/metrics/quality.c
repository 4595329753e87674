#include "metrics/quality.h"

#include <inttypes.h>
#include <stdio.h>

void
quality_free(struct quality *q)
{
    hits_free(&q->hits);
    hits_free(&q->one);
}

size_t
quality_values(const struct quality *q)
{
    return (size_t)METRICS * q->depths;
}

const char *
quality_metric(const struct quality *q, size_t v)
{
    return metrics[v / q->depths].name;
}

uint32_t
quality_depth(const struct quality *q, size_t v)
{
    return q->depth[v % q->depths];
}

void
quality_name(const struct quality *q, size_t v, char out[QUALITY_NAME_MAX])
{
    snprintf(out, QUALITY_NAME_MAX, "%s@%" PRIu32, quality_metric(q, v),
             quality_depth(q, v));
}

int
quality_relevant(struct quality *q, const uint32_t *id, const float *gain,
                 size_t n, size_t *cases, struct error *e)
{
    if (hits_relevant(&q->hits, id, gain, n, e) != 0)
        return -1;
    *cases = q->convention->each ? q->hits.relevant : q->hits.relevant > 0;
    return 0;
}

int
quality_measure(struct quality *q, size_t case_, const uint32_t *list,
                size_t length, double *value, struct error *e)
{
    struct hits *h = &q->hits;

    if (q->convention->each) {
        h = &q->one;
        if (hits_relevant(h, &q->hits.truth[case_].id, NULL, 1, e) != 0)
            return -1;
    }
    hits_find(h, list, length);
    for (size_t m = 0; m < METRICS; m++)
        for (unsigned d = 0; d < q->depths; d++)
            *value++ = metrics[m].value(h, q->depth[d], q->convention);
    return 0;
}
