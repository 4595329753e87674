#include "retrieval/lists.h"

#include <math.h>

struct scoring {
    const struct exact *x;
    const struct exact_items *items;
    const float *query;
    const struct lists *l;
    float *score;
};

static void
score_list(void *ctx, size_t row, unsigned worker)
{
    const struct scoring *s = ctx;
    const size_t width = s->items->width;

    (void)worker; /* no scratch */
    for (size_t i = s->l->list[row]; i < s->l->list[row + 1]; i++) {
        const uint32_t p = exact_position(s->x, s->l->id[i]);
        const float *item;

        if (p == EXACT_NONE) {
            s->score[i] = NAN;
            continue;
        }
        item = s->items->vector + p * width;
        s->score[i] = s->query != NULL
                          ? exact_score(s->query + row * width, item, width)
                          : item[0];
    }
}

bool
lists_score(const struct exact *x, const struct exact_items *items,
            const float *query, const struct lists *l, struct threads *t,
            float *score)
{
    struct scoring s = { x, items, query, l, score };

    threads_run(t, l->rows, score_list, &s);
    for (size_t i = 0; i < l->list[l->rows]; i++)
        if (isnan(score[i]))
            return false;
    return true;
}
