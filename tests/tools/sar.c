/*
 * sar - lists by the Simple Algorithm for Recommendation, for the tests
 *
 * usage: sar K <train.tsv
 *
 * Reads lines "user item rating timestamp", all whole numbers, and prints for
 * each user the K items with the highest scores that are in none of the user's
 * lines: "user<TAB>item|item|...".  It is what the Microsoft recommenders
 * library computes (sar_singlenode.py) with the settings of its benchmark:
 *
 *     affinity(u, i)     rating * 2^(-(latest - timestamp) / 30 days)
 *     together(i, j)     users with both
 *     similarity(i, j)   together(i, j) / (count(i) + count(j) - together(i,
 * j)) score(u, j)        sum over i of affinity(u, i) similarity(i, j)
 *
 * Of equal scores the lower item comes first; there the library's order is an
 * accident of a partial sort.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define IDS_MAX 4096
#define LINES_MAX 1000000
#define HALF_LIFE (30.0 * 24 * 60 * 60) /* seconds */

struct line {
    unsigned user, item;
    double rating, time;
};

static struct line line[LINES_MAX];
static size_t lines, last_item;
static double count[IDS_MAX];
static float together[IDS_MAX][IDS_MAX]; /* whole numbers */

static void
stop(const char *why)
{
    fprintf(stderr, "sar: %s\n", why);
    exit(EXIT_FAILURE);
}

static int
by_user(const void *a, const void *b)
{
    const struct line *x = a, *y = b;

    if (x->user != y->user)
        return x->user < y->user ? -1 : 1;
    return (x->item > y->item) - (x->item < y->item);
}

static void
read_lines(void)
{
    struct line l;
    double latest = 0;
    int n;

    while ((n = scanf("%u %u %lf %lf", &l.user, &l.item, &l.rating, &l.time)) ==
           4) {
        if (lines == LINES_MAX || l.item >= IDS_MAX)
            stop("too many lines or items");
        latest = fmax(latest, l.time);
        last_item = l.item > last_item ? l.item : last_item;
        count[l.item]++;
        line[lines++] = l;
    }
    if (n != EOF || lines == 0)
        stop("expected lines of four numbers");
    for (size_t i = 0; i < lines; i++)
        line[i].rating *= exp2(-(latest - line[i].time) / HALF_LIFE);
    qsort(line, lines, sizeof *line, by_user);
}

static size_t
end_of_user(size_t first)
{
    size_t end = first;

    while (end < lines && line[end].user == line[first].user)
        end++;
    return end;
}

static void
count_together(size_t first, size_t end)
{
    for (size_t i = first; i < end; i++)
        for (size_t j = first; j < end; j++)
            together[line[i].item][line[j].item]++;
}

/* The K best of the user whose lines these are. */
static void
recommend(size_t first, size_t end, size_t k)
{
    static double score[IDS_MAX];

    for (size_t j = 0; j <= last_item; j++)
        score[j] = count[j] > 0 ? 0 : -(double)INFINITY;
    for (size_t l = first; l < end; l++) {
        const float *both = together[line[l].item];
        const double own = count[line[l].item];

        for (size_t j = 0; j <= last_item; j++)
            score[j] += line[l].rating * (double)both[j] /
                        (own + count[j] - (double)both[j]);
    }
    for (size_t l = first; l < end; l++)
        score[line[l].item] = -(double)INFINITY;
    printf("%u", line[first].user);
    for (size_t n = 0; n < k; n++) {
        size_t best = 0;

        for (size_t j = 1; j <= last_item; j++)
            if (score[j] > score[best])
                best = j;
        if (score[best] < 0)
            break;
        printf("%c%zu", n == 0 ? '\t' : '|', best);
        score[best] = -(double)INFINITY;
    }
    putchar('\n');
}

int
main(int argc, char **argv)
{
    const long k = argc == 2 ? strtol(argv[1], NULL, 10) : 0;

    if (k <= 0) {
        fputs("usage: sar K <train.tsv\n", stderr);
        return 2;
    }
    read_lines();
    for (size_t first = 0; first < lines; first = end_of_user(first))
        count_together(first, end_of_user(first));
    for (size_t first = 0; first < lines; first = end_of_user(first))
        recommend(first, end_of_user(first), (size_t)k);
    return EXIT_SUCCESS;
}
