#include "features/moments.h"

#include <math.h>
#include <string.h>

void
moments_add(struct moments *m, double v)
{
    m->n++;
    sum_add(&m->sum, v);
    sum_add_product(&m->squares, v, v);
}

/* Vocabularies of before there were sums end with the variance. */
static int
check_sums(const struct moments *m, struct error *e)
{
    if (m->sum_due || m->squares_due)
        return error_set(
            e, "no sums beside the mean: learn it again from the data");
    return 0;
}

int
moments_add_row(struct moments *m, const struct vocabulary_row *row,
                struct error *e)
{
    switch (row->id) {
    case MOMENT_MEAN:
        if (check_sums(m, e) != 0)
            return -1;
        m->n += row->count;
        m->sum_due = m->squares_due = true;
        break;
    case MOMENT_SUM:
        sum_add(&m->sum, row->value);
        m->sum_due = false;
        break;
    case MOMENT_SQUARES:
        sum_add(&m->squares, row->value);
        m->squares_due = false;
        break;
    }
    return 0;
}

static double
variance(const struct moments *m)
{
    const double n = (double)m->n;

    return sum_spread(m->n, &m->sum, &m->squares) / n / n;
}

/* Of 0, which has none, the one part 0. */
static unsigned
some_parts(const struct sum *s, double part[SUM_PARTS])
{
    const unsigned n = sum_parts(s, part);

    if (n > 0)
        return n;
    part[0] = 0;
    return 1;
}

int
moments_finish(struct moments *m, struct error *e)
{
    if (check_sums(m, e) != 0)
        return -1;
    if (!isfinite(sum_value(&m->sum)) || !isfinite(variance(m)))
        return error_set(e, "values are too large to have a variance");
    m->sum_parts = some_parts(&m->sum, m->sum_part);
    m->squares_parts = some_parts(&m->squares, m->squares_part);
    return 0;
}

size_t
moments_rows(const struct moments *m)
{
    return 2 + m->sum_parts + m->squares_parts;
}

struct vocabulary_row
moments_row(const struct moments *m, size_t i)
{
    static const char *const key[] = { "mean", "variance", "sum", "squares" };
    struct vocabulary_row row = { .id = (uint32_t)i, .count = m->n };

    if (i == 0) {
        row.value = sum_value(&m->sum) / (double)m->n;
    } else if (i == 1) {
        row.value = variance(m);
    } else if (i - 2 < m->sum_parts) {
        row.id = MOMENT_SUM;
        row.value = m->sum_part[i - 2];
    } else {
        row.id = MOMENT_SQUARES;
        row.value = m->squares_part[i - 2 - m->sum_parts];
    }
    row.key = key[row.id];
    row.len = strlen(row.key);
    return row;
}
