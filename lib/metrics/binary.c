#include "metrics/binary.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define CLIP 1e-7

struct row {
    float score;
    bool positive;
};

static int
by_score(const void *a, const void *b)
{
    const float x = ((const struct row *)a)->score;
    const float y = ((const struct row *)b)->score;

    return (x > y) - (x < y);
}

/* Twice the pairs that are in order, a tie counting as half of one.  Whole
 * numbers: the sum has no rounding. */
static uint64_t
twice_ordered_pairs(const struct row *row, size_t n)
{
    uint64_t twice = 0, negatives_below = 0;

    for (size_t i = 0; i < n;) {
        uint64_t positive = 0, negative = 0;
        const float score = row[i].score;

        for (; i < n && row[i].score == score; i++)
            row[i].positive ? positive++ : negative++;
        twice += positive * (2 * negatives_below + negative);
        negatives_below += negative;
    }
    return twice;
}

int
binary_auc(const float *score, const uint8_t *label, size_t n, double *auc,
           struct error *e)
{
    struct row *row = mem_new(n, sizeof *row, e);
    size_t positives = 0;
    int status = 0;

    if (row == NULL)
        return -1;
    for (size_t i = 0; i < n; i++) {
        row[i] = (struct row){ score[i], label[i] != 0 };
        positives += row[i].positive;
        if (isnan(score[i]))
            status = error_set(e, "row %zu: score is NaN", i);
    }
    if (status == 0 && (positives == 0 || positives == n))
        status = error_set(e, "no AUC: all %zu rows have the same label", n);
    if (status == 0) {
        qsort(row, n, sizeof *row, by_score);
        *auc = (double)twice_ordered_pairs(row, n) /
               (2 * (double)positives * (double)(n - positives));
    }
    free(row);
    return status;
}

double
binary_accuracy(const float *probability, const uint8_t *label, size_t n)
{
    size_t right = 0;

    for (size_t i = 0; i < n; i++)
        right += (probability[i] > 0.5f) == (label[i] != 0);
    return (double)right / (double)n;
}

double
binary_log_loss(const float *probability, const uint8_t *label, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++) {
        double p = (double)probability[i];

        /* Comparisons, not fmin(): NaN stays. */
        p = p < CLIP ? CLIP : p > 1 - CLIP ? 1 - CLIP : p;
        sum -= log(label[i] != 0 ? p : 1 - p);
    }
    return sum / (double)n;
}
