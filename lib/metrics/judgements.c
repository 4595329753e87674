#include "metrics/judgements.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/intern.h"
#include "base/mem.h"

struct judgement {
    uint32_t query, item;
    float gain;
};

struct judgements {
    struct intern *queries;
    struct judgement *added; /* [count], NULL once finished */
    size_t count, cap;
    /* From judgements_finish() on: */
    struct quality *quality;
    size_t *start;  /* [queries + 1] into item and gain */
    uint32_t *item; /* [count], of one query after the other */
    float *gain;    /* [count] */
    size_t *first;  /* [queries + 1]: cases */
    bool *listed;   /* [queries] */
    uint32_t lists;
    uint32_t *query; /* [cases] */
    double *value;   /* [cases, quality_values()] */
};

struct judgements *
judgements_new(struct error *e)
{
    struct judgements *j = mem_new(1, sizeof *j, e);

    if (j == NULL)
        return NULL;
    j->queries = intern_new(e);
    if (j->queries == NULL) {
        free(j);
        return NULL;
    }
    return j;
}

void
judgements_free(struct judgements *j)
{
    if (j == NULL)
        return;
    intern_free(j->queries);
    free(j->added);
    free(j->start);
    free(j->item);
    free(j->gain);
    free(j->first);
    free(j->listed);
    free(j->query);
    free(j->value);
    free(j);
}

uint32_t
judgements_queries(const struct judgements *j)
{
    return intern_count(j->queries);
}

int
judgements_add(struct judgements *j, const void *key, size_t len, uint32_t item,
               float gain, bool *new, struct error *e)
{
    const uint32_t before = judgements_queries(j);
    struct judgement *grown;
    uint32_t query;

    if (!(gain >= 0) || isinf(gain))
        return error_set(e, "%g is no gain: it is below 0 or not finite",
                         (double)gain);
    grown = mem_grow(j->added, &j->cap, j->count + 1, sizeof *grown, e);
    if (grown == NULL)
        return -1;
    j->added = grown;
    query = intern_add(j->queries, key, len, e);
    if (query == INTERN_NONE)
        return -1;
    j->added[j->count++] = (struct judgement){ query, item, gain };
    *new = query == before;
    return 0;
}

/* Bring the judgements of each query together, in the order they came. */
static int
group(struct judgements *j, struct error *e)
{
    const uint32_t queries = judgements_queries(j);
    size_t *start;

    j->start = mem_new((size_t)queries + 2, sizeof *j->start, e);
    j->item = mem_new(j->count, sizeof *j->item, e);
    j->gain = mem_new(j->count, sizeof *j->gain, e);
    if (j->start == NULL || j->item == NULL || j->gain == NULL)
        return -1;
    /* Counted two places further on, START is where a query begins once it is
     * summed up, and where it ends once its judgements have gone there. */
    start = j->start + 1;
    for (size_t i = 0; i < j->count; i++)
        start[j->added[i].query + 1]++;
    for (uint32_t q = 0; q < queries; q++)
        start[q + 1] += start[q];
    for (size_t i = 0; i < j->count; i++) {
        const struct judgement *a = &j->added[i];

        j->item[start[a->query]] = a->item;
        j->gain[start[a->query]++] = a->gain;
    }
    free(j->added);
    j->added = NULL;
    return 0;
}

/* The relevant items of QUERY become those of j->quality. */
static int
take_query(struct judgements *j, uint32_t query, size_t *cases, struct error *e)
{
    const size_t at = j->start[query], end = j->start[query + 1];

    return quality_relevant(j->quality, j->item + at, j->gain + at, end - at,
                            cases, e);
}

static int
count_cases(struct judgements *j, struct error *e)
{
    const uint32_t queries = judgements_queries(j);

    j->first = mem_new((size_t)queries + 1, sizeof *j->first, e);
    if (j->first == NULL)
        return -1;
    for (uint32_t q = 0; q < queries; q++) {
        size_t cases;

        if (take_query(j, q, &cases, e) != 0)
            return -1;
        if (cases == 0 && !j->quality->convention->each)
            cases = 1;
        j->first[q + 1] = j->first[q] + cases;
    }
    return 0;
}

int
judgements_finish(struct judgements *j, struct quality *quality,
                  struct error *e)
{
    const uint32_t queries = judgements_queries(j);
    size_t cases;

    j->quality = quality;
    if (group(j, e) != 0 || count_cases(j, e) != 0)
        return -1;
    cases = judgements_cases(j);
    j->listed = mem_new(queries, sizeof *j->listed, e);
    j->query = mem_new(cases, sizeof *j->query, e);
    j->value = mem_new(cases, quality_values(quality) * sizeof *j->value, e);
    if (j->listed == NULL || j->query == NULL || j->value == NULL)
        return -1;
    for (uint32_t q = 0; q < queries; q++)
        for (size_t c = j->first[q]; c < j->first[q + 1]; c++)
            j->query[c] = q;
    return 0;
}

int
judgements_measure(struct judgements *j, const void *key, size_t len,
                   const uint32_t *list, size_t length, bool *judged,
                   struct error *e)
{
    const uint32_t query = intern_find(j->queries, key, len);
    const size_t width = quality_values(j->quality);
    size_t cases;

    *judged = query != INTERN_NONE;
    if (!*judged)
        return 0;
    if (j->listed[query])
        return error_set(e, "a second list of the same query");
    j->listed[query] = true;
    j->lists++;
    if (take_query(j, query, &cases, e) != 0)
        return -1;
    for (size_t c = 0; c < cases; c++)
        if (quality_measure(j->quality, c, list, length,
                            j->value + (j->first[query] + c) * width, e) != 0)
            return -1;
    return 0;
}

size_t
judgements_cases(const struct judgements *j)
{
    return j->first[judgements_queries(j)];
}

uint32_t
judgements_query(const struct judgements *j, size_t case_)
{
    return j->query[case_];
}

const double *
judgements_values(const struct judgements *j, size_t case_)
{
    return j->value + case_ * quality_values(j->quality);
}

uint32_t
judgements_unlisted(const struct judgements *j)
{
    return judgements_queries(j) - j->lists;
}
