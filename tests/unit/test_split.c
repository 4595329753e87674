/*
 * Every split is a partition with exact counts; at random every row is as
 * likely as any other; by time the parts follow one another.  Stratified
 * splits are those of a slow way to the same definition.
 */
#include "base/mt19937.h"
#include "base/rng.h"
#include "rows.h"
#include "rows/split.h"

enum { USER, TIME };

static const char *const columns[] = { "user str", "time i64", NULL };

/* The parts of all rows of T, looked at in blocks of BLOCK rows, assigned in
 * blocks of BLOCK + 1. */
static void
split_table(const struct split_rule *rule, const struct schema *s,
            struct table *t, uint32_t block, uint8_t *part)
{
    const struct block all = table_block(t);
    const uint32_t rows = all.rows;
    struct error e;
    struct split *split = split_new(rule, s, &e);

    or_stop(split == NULL ? -1 : 0, &e);
    for (int pass = 0; pass < 2; pass++) {
        const uint32_t step = block + (uint32_t)pass;

        for (uint32_t r = 0; r < rows; r += step) {
            struct array a[2] = { all.column[0], all.column[1] };
            struct block b = { rows - r < step ? rows - r : step, 2, a };

            a[USER].str += r;
            a[TIME].values = array_i64(&all.column[TIME]) + r;
            or_stop(pass == 0 ? split_look(split, &b, &e)
                              : split_parts(split, &b, part + r, &e),
                    &e);
        }
        if (pass == 0)
            or_stop(split_plan(split, &e), &e);
    }
    split_free(split);
}

static void
add_row(struct table *t, const char *user, int64_t time)
{
    rows_str(t, USER, user);
    rows_add(t, TIME, &time);
    t->rows++;
}

static void
check_counts(void)
{
    static const double shares[][5] = {
        { .8, .2 },
        { .2, .8 },
        { .5, .5 },
        { .1, .2, .7 },
        { 1. / 3, 1. / 3, 1. / 3 },
        { .29, .71 },
        { .7, .1, .1, .1 },
        { .2, .2, .2, .2, .2 },
        { 1e-9, 1 - 1e-9 },
    };
    uint64_t count[5];

    for (size_t s = 0; s < sizeof shares / sizeof *shares; s++) {
        size_t parts = 0;

        while (parts < 5 && shares[s][parts] > 0)
            parts++;
        for (uint64_t n = 0; n < 2000; n++) {
            uint64_t sum = 0;

            split_counts(n, shares[s], parts, count);
            for (size_t i = 0; i < parts; i++) {
                const double exact = (double)n * shares[s][i];

                CHECK(fabs((double)count[i] - exact) < 1 + 1e-6,
                      "%g of %d rows is %d", shares[s][i], (int)n,
                      (int)count[i]);
                sum += count[i];
            }
            CHECK(sum == n, "parts of %d rows sum to %d", (int)n, (int)sum);
        }
    }
    split_counts(100000, shares[0], 2, count);
    CHECK(count[0] == 80000 && count[1] == 20000, "not 80,000 and 20,000");
    split_counts(100, shares[5], 2, count);
    CHECK(count[0] == 29, "29 %% of 100 is %d", (int)count[0]);
    split_counts(3, shares[2], 2, count);
    CHECK(count[0] == 2, "equal remainders: the first is served first");
    split_counts(UINT64_C(1) << 40, shares[3], 3, count);
    CHECK(count[0] + count[1] + count[2] == UINT64_C(1) << 40, "2^40 rows");
}

/* Over 4,000 seeds each of 20 rows is in part 1 (6 rows) with chance 0.3, each
 * pair of neighbours with 6*5/(20*19).  Statistics with 19 degrees of freedom
 * that would pass 44 once in a thousand times. */
static void
check_uniform(void)
{
    enum { ROWS = 20, SEEDS = 4000 };
    struct split_rule rule = { .by = SPLIT_RANDOM,
                               .parts = 3,
                               .share = { .5, .3, .2 } };
    uint64_t hits[ROWS] = { 0 }, pairs = 0;
    const double want = SEEDS * 0.3, both = 6.0 * 5 / (20 * 19);
    double chi = 0, z;
    uint8_t part[ROWS];
    struct schema s;
    struct table t = rows_new(&s, columns);

    for (int i = 0; i < ROWS; i++)
        add_row(&t, "u", i);
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        uint64_t count[3] = { 0 };

        rule.seed = seed;
        split_table(&rule, &s, &t, 7, part);
        for (int i = 0; i < ROWS; i++) {
            count[part[i]]++;
            hits[i] += part[i] == 1;
            pairs += i > 0 && part[i] == 1 && part[i - 1] == 1;
        }
        CHECK(count[0] == 10 && count[1] == 6 && count[2] == 4,
              "seed %d: counts", (int)seed);
    }
    /* Rows of one draw exclude each other a little: (n - 1) / n. */
    for (int i = 0; i < ROWS; i++)
        chi +=
            pow((double)hits[i] - want, 2) / (want * 0.7) * (ROWS - 1) / ROWS;
    CHECK(chi < 44, "chi-square of the rows is %g", chi);
    CHECK(chi > 4, "chi-square of the rows is %g: too even", chi);
    z = ((double)pairs - SEEDS * 19 * both) / sqrt(SEEDS * 19 * both);
    CHECK(fabs(z) < 4, "neighbours are together too often or seldom: %g", z);
    table_free(&t);
    schema_free(&s);
}

/* PART of rows as digits. */
static void
check_parts(const char *what, const struct split_rule *rule,
            const struct schema *s, struct table *t, const char *want)
{
    uint8_t part[32];

    for (uint32_t block = 1; block < 6; block++) {
        split_table(rule, s, t, block, part);
        for (size_t i = 0; want[i] != '\0'; i++)
            CHECK(part[i] == want[i] - '0',
                  "%s, blocks of %u: row %zu is in part %d, not %c", what,
                  (unsigned)block, i + 1, part[i], want[i]);
    }
}

static void
check_time(void)
{
    const struct split_rule time = {
        .by = SPLIT_TIME, .parts = 2, .share = { .5, .5 }, .time = TIME
    };
    const struct split_rule user_time = { .by = SPLIT_USER_TIME,
                                          .parts = 2,
                                          .share = { .5, .5 },
                                          .key = USER,
                                          .time = TIME };
    struct split_rule last = {
        .by = SPLIT_LAST, .parts = 2, .last = 1, .key = USER, .time = TIME
    };
    struct schema s;
    struct table t = rows_new(&s, columns);

    add_row(&t, "ann", 5);
    add_row(&t, "bob", -9);
    add_row(&t, "ann", 5); /* the same moment, but later in the file */
    add_row(&t, "ann", 1);
    add_row(&t, "cid", 5);
    add_row(&t, "bob", 7);
    add_row(&t, "ann", 5);
    /* in order of time: 2, 4, 1, 3 | 5, 7, 6 */
    check_parts("time", &time, &s, &t, "0000111");
    /* ann: 4, 1 | 3, 7; bob: 2 | 6; cid: 5 */
    check_parts("user-time", &user_time, &s, &t, "0010011");
    /* ann: 7; bob: 6; cid: 5 */
    check_parts("last", &last, &s, &t, "0000111");
    last.last = 2;
    check_parts("last 2", &last, &s, &t, "0110111");
    last.last = 1;
    last.parts = 3;
    check_parts("last in 3 parts", &last, &s, &t, "0110222");
    table_free(&t);
    schema_free(&s);
}

/* A user is in one part wherever the row is, whatever the integer's type, and
 * the parts are near their shares. */
static void
check_hash(void)
{
    static const char *const other[] = { "user u32", "time i64", NULL };
    enum { ROWS = 20000 };
    const struct split_rule rule = { .by = SPLIT_HASH,
                                     .parts = 2,
                                     .share = { .9, .1 },
                                     .seed = 1,
                                     .key = TIME };
    struct split_rule narrow = rule;
    struct schema s, os;
    struct table t = rows_new(&s, columns), ot = rows_new(&os, other);
    struct block b, ob;
    static uint8_t part[ROWS], opart[ROWS];
    struct split *x, *y;
    struct error e;
    uint32_t second = 0, differ = 0;

    for (uint32_t i = 0; i < ROWS; i++) {
        const int64_t wide = ROWS - 1 - i;

        add_row(&t, "", wide);
        rows_add(&ot, 0, &i);
        rows_add(&ot, 1, &wide);
        ot.rows++;
    }
    narrow.key = 0;
    b = table_block(&t);
    ob = table_block(&ot);
    x = split_new(&rule, &s, &e);
    y = split_new(&narrow, &os, &e);
    or_stop(split_parts(x, &b, part, &e), &e);
    or_stop(split_parts(y, &ob, opart, &e), &e);
    for (uint32_t i = 0; i < ROWS; i++) {
        second += part[i];
        differ += part[i] != opart[ROWS - 1 - i];
    }
    CHECK(differ == 0, "%u keys are elsewhere as another type", differ);
    /* 2,000 and 4 standard deviations of 42 */
    CHECK(second > 2000 - 170 && second < 2000 + 170, "%u of 20,000, not 10 %%",
          second);
    split_free(x);
    split_free(y);
    table_free(&t);
    table_free(&ot);
    schema_free(&s);
    schema_free(&os);
}

/* 3 N / 4 in whole numbers, halves to the even one. */
static uint32_t
three_quarters(uint32_t n)
{
    const uint32_t whole = 3 * n / 4, rest = 3 * n % 4;

    return whole + (rest > 2 || (rest == 2 && whole % 2 == 1));
}

/* ROWS rows of strata of all sizes: a row goes to part 0 when few enough rows
 * of its stratum drew a smaller number. */
static void
check_stratified(void)
{
    enum { ROWS = 3000, STRATA = 400 };
    static uint64_t drawn[ROWS];
    static uint32_t stratum[ROWS];
    static uint8_t part[ROWS];
    struct split_rule rule = { .by = SPLIT_STRATIFIED,
                               .generator = SPLIT_MT19937,
                               .parts = 2,
                               .share = { .75, .25 },
                               .seed = 7,
                               .key = TIME };
    struct schema s;
    struct table t = rows_new(&s, columns);
    struct mt19937 mt;
    struct rng r = { 3 };
    struct error e;

    mt19937_seed(&mt, 7);
    for (size_t i = 0; i < ROWS; i++) {
        drawn[i] = mt19937_u53(&mt);
        stratum[i] = (uint32_t)rng_below(&r, 1 + rng_below(&r, STRATA));
        add_row(&t, "u", stratum[i]);
    }
    split_table(&rule, &s, &t, 500, part);
    for (size_t i = 0; i < ROWS; i++) {
        uint32_t below = 0, n = 0;

        for (size_t j = 0; j < ROWS; j++) {
            n += stratum[j] == stratum[i];
            below += stratum[j] == stratum[i] && drawn[j] < drawn[i];
        }
        CHECK((part[i] == 0) == (below < three_quarters(n)),
              "row %zu, rank %u of %u, is in part %d", i + 1,
              (unsigned)below + 1, (unsigned)n, part[i]);
    }
    rule.seed = UINT64_C(1) << 32;
    CHECK(split_new(&rule, &s, &e) == NULL, "a seed of 33 bits");
    table_free(&t);
    schema_free(&s);
}

int
main(void)
{
    check_counts();
    check_uniform();
    check_time();
    check_stratified();
    check_hash();
    return check_status();
}
