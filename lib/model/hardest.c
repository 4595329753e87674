#include "model/hardest.h"

#include <math.h>
#include <string.h>

/* The K-th largest of V [n], from 0, which are put in another order. */
static float
kth_largest(float *v, size_t n, size_t k)
{
    size_t low = 0, high = n - 1;

    while (low < high) {
        const float pivot = v[low + (high - low) / 2];
        size_t more = low, same = low, less = high + 1;

        /* low .. more - 1 are larger, more .. same - 1 equal, less .. smaller.
         */
        while (same < less) {
            const float x = v[same];

            if (x > pivot) {
                v[same++] = v[more];
                v[more++] = x;
            } else if (x < pivot) {
                v[same] = v[--less];
                v[less] = x;
            } else {
                same++;
            }
        }
        if (k < more)
            high = more - 1;
        else if (k < same)
            return pivot;
        else
            low = same;
    }
    return v[low];
}

void
hardest_keep(float *score, size_t n, size_t pos, size_t keep, float *scratch)
{
    const float own = score[pos];
    size_t ties = keep;
    float least;

    if (keep + 1 >= n)
        return;
    score[pos] = -INFINITY;
    memcpy(scratch, score, n * sizeof *score);
    least = kth_largest(scratch, n, keep - 1);
    for (size_t u = 0; u < n; u++)
        ties -= score[u] > least;
    for (size_t u = 0; u < n; u++) {
        if (score[u] == least && ties > 0)
            ties--;
        else if (!(score[u] > least))
            score[u] = -INFINITY;
    }
    score[pos] = own;
}
