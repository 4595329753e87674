/* Packing of examples: tuples once each, counts, refusals. */
#include "model/examples.h"

#include <string.h>

#include "check.h"
#include "model/distinct.h"

enum { USER, TITLE, TOKENS, PRICE, FEATURES };

static const struct feature feature[FEATURES] = {
    { .name = "query.user.lookup",
      .part = PART_QUERY,
      .encoder = ENCODER_LOOKUP,
      .size = 10,
      .dim = 2 },
    { .name = "item.title.lookup",
      .part = PART_ITEM,
      .encoder = ENCODER_LOOKUP,
      .size = 5,
      .dim = 2,
      .key = true },
    { .name = "item.title.tokenize",
      .part = PART_ITEM,
      .encoder = ENCODER_TOKENIZE,
      .pool = POOL_MEAN,
      .size = 9,
      .dim = 2 },
    { .name = "item.price.normalize",
      .part = PART_ITEM,
      .encoder = ENCODER_NORMALIZE },
};

/* Rows 0 and 2 have the same item; row 3 has its title at another price; row 4
 * that of row 1 without tokens. */
static const uint32_t user[] = { 1, 2, 3, 4, 5 }, title[] = { 4, 2, 4, 4, 2 };
static const uint32_t token[] = { 3, 5, 7, 3, 5, 3, 5 };
static const uint32_t offset[] = { 0, 2, 3, 5, 7, 7 };
static const float price[] = { 0.5f, 1, 0.5f, 0.25f, 1 };
static const uint8_t label[] = { 0, 1, 1, 0, 1 };

static struct feature_values *
values(void)
{
    static struct feature_values v[FEATURES];

    v[USER] = (struct feature_values){ .id = user };
    v[TITLE] = (struct feature_values){ .id = title };
    v[TOKENS] = (struct feature_values){ .id = token, .offset = offset };
    v[PRICE] = (struct feature_values){ .value = price };
    return v;
}

static void
test_packing(void)
{
    static const uint32_t item[] = { 0, 1, 0, 2, 3, 0, 1, 0, 2, 3 };
    static const uint32_t key[] = { 4, 2, 4, 2 };
    static const uint32_t key_rows[] = { 0, 0, 4, 0, 6 };
    static const uint32_t offsets[] = { 0, 2, 3, 5, 5 };
    struct error e;
    struct examples *x = examples_new(feature, FEATURES, true, &e);

    for (int twice = 0; twice < 2; twice++)
        CHECK(examples_append(x, 5, values(), label, &e) == 0, "%s", e.text);
    CHECK(examples_finish(x, &e) == 0, "%s", e.text);
    CHECK(x->rows == 10 && x->tuples == 4, "%zu rows, %zu tuples", x->rows,
          x->tuples);
    CHECK(memcmp(x->item, item, sizeof item) == 0, "items of rows");
    CHECK(memcmp(x->key, key, sizeof key) == 0, "keys of tuples");
    CHECK(x->keys == 5 && memcmp(x->key_rows, key_rows, sizeof key_rows) == 0,
          "rows of keys");
    CHECK(memcmp(x->column[USER].id + 5, user, sizeof user) == 0, "users");
    CHECK(memcmp(x->column[TOKENS].offset, offsets, sizeof offsets) == 0,
          "tokens are not stored once a tuple");
    CHECK(x->column[TOKENS].id[2] == 7 && x->column[PRICE].value[2] == 0.25f,
          "features of tuples");
    CHECK(memcmp(x->label + 5, label, sizeof label) == 0, "labels");
    examples_free(x);
}

/* The lists 3 5 | 7 and 3 | 5 7 are two tuples. */
static void
test_lists_that_run_together(void)
{
    static const struct feature list[2] = {
        { .name = "item.a.tokenize",
          .part = PART_ITEM,
          .encoder = ENCODER_TOKENIZE,
          .pool = POOL_MEAN,
          .size = 9,
          .dim = 2 },
        { .name = "item.b.tokenize",
          .part = PART_ITEM,
          .encoder = ENCODER_TOKENIZE,
          .pool = POOL_MEAN,
          .size = 9,
          .dim = 2 },
    };
    static const uint32_t a[] = { 3, 5, 3 }, b[] = { 7, 5, 7 };
    static const uint32_t a_offset[] = { 0, 2, 3 }, b_offset[] = { 0, 1, 3 };
    const struct feature_values v[2] = { { .id = a, .offset = a_offset },
                                         { .id = b, .offset = b_offset } };
    struct error e;
    struct examples *x = examples_new(list, 2, false, &e);

    CHECK(examples_append(x, 2, v, NULL, &e) == 0, "%s", e.text);
    CHECK(examples_finish(x, &e) == 0, "%s", e.text);
    CHECK(x->tuples == 2, "%zu tuples of 2", x->tuples);
    CHECK(x->label == NULL, "labels from nowhere");
    CHECK(x->keys == 2 && x->key[1] == 1 && x->key_rows[1] == 1,
          "a tuple without a key feature is its own key");
    examples_free(x);
}

static void
refused(size_t f, struct feature_values bad, uint8_t bad_label,
        const char *want)
{
    struct feature_values *v = values();
    struct error e = { "" };
    struct examples *x = examples_new(feature, FEATURES, true, &e);
    uint8_t labels[5] = { 0, 0, 0, 0, bad_label };

    v[f] = bad;
    CHECK(examples_append(x, 5, v, labels, &e) != 0, "passes: %s", want);
    CHECK(strcmp(e.text, want) == 0, "%s", e.text);
    examples_free(x);
}

static void
test_refusals(void)
{
    const uint32_t bad_user[] = { 1, 10, 1, 1, 1 };
    const uint32_t padding[] = { 3, 5, 7, 3, 0, 3, 5 };
    const float bad_price[] = { 0, 0, NAN, 0, 0 };

    refused(USER, (struct feature_values){ .id = bad_user }, 0,
            "query.user.lookup: id 10 in a table of 10 rows");
    refused(TOKENS, (struct feature_values){ .id = padding, .offset = offset },
            0, "item.title.tokenize: padding among the tokens");
    refused(PRICE, (struct feature_values){ .value = bad_price }, 0,
            "item.price.normalize: not a finite number");
    refused(USER, (struct feature_values){ .id = user }, 2,
            "label: 2 is neither 0 nor 1");
}

static void
test_distinct(void)
{
    static const uint32_t id[] = { 7, 3, 7, 7, 9, 3 }, at[] = { 1, 2, 0, 5, 3 };
    struct error e;
    struct distinct d;

    CHECK(distinct_init(&d, 10, &e) == 0, "%s", e.text);
    for (int again = 0; again < 2; again++) {
        CHECK(distinct_find(&d, id, at, 5, &e) == 0, "%s", e.text);
        CHECK(distinct_group(&d, &e) == 0, "%s", e.text);
        CHECK(d.n == 2 && d.id.v[0] == 3 && d.id.v[1] == 7, "ids");
        CHECK(d.slot.v[0] == 0 && d.slot.v[1] == 1 && d.slot.v[3] == 0,
              "slots");
        CHECK(d.start.v[1] == 2 && d.start.v[2] == 5, "starts");
        CHECK(d.member.v[0] == 0 && d.member.v[1] == 3 && d.member.v[4] == 4,
              "members");
    }
    distinct_free(&d);
}

/* Rows for a training set with a list, an id and a number in the query. */
enum { WORDS, AGE, NUMBER, THING, COLUMNS };

static const struct feature mixed[COLUMNS] = {
    { .name = "query.words.tokenize",
      .part = PART_QUERY,
      .encoder = ENCODER_TOKENIZE,
      .pool = POOL_MEAN,
      .size = 90,
      .dim = 2 },
    { .name = "query.age.bucketize",
      .part = PART_QUERY,
      .encoder = ENCODER_BUCKETIZE,
      .size = 8,
      .dim = 2 },
    { .name = "query.number.normalize",
      .part = PART_QUERY,
      .encoder = ENCODER_NORMALIZE },
    { .name = "item.thing.lookup",
      .part = PART_ITEM,
      .encoder = ENCODER_LOOKUP,
      .size = 50,
      .dim = 2,
      .key = true },
};

#define MANY 5000
#define AT_ONCE 130

static struct examples *
many(size_t limit)
{
    struct error e;
    struct examples *x = examples_new(mixed, COLUMNS, true, &e);

    if (limit > 0)
        examples_limit(x, limit);
    for (size_t at = 0; at < MANY; at += AT_ONCE) {
        const size_t n = MANY - at < AT_ONCE ? MANY - at : AT_ONCE;
        uint32_t words[AT_ONCE * 6], words_at[AT_ONCE + 1] = { 0 };
        uint32_t age[AT_ONCE], thing[AT_ONCE];
        uint8_t labels[AT_ONCE];
        float number[AT_ONCE];
        const struct feature_values v[COLUMNS] = {
            [WORDS] = { .id = words, .offset = words_at },
            [AGE] = { .id = age },
            [NUMBER] = { .value = number },
            [THING] = { .id = thing },
        };

        for (size_t i = 0; i < n; i++) {
            const uint32_t r = (uint32_t)(at + i);

            words_at[i + 1] = words_at[i];
            for (uint32_t k = 0; k < r * 7 % 6; k++)
                words[words_at[i + 1]++] = 1 + (r * 13 + k) % 89;
            age[i] = r * 5 % 8;
            number[i] = (float)r / 3;
            thing[i] = r * r % 50;
            labels[i] = r % 3 == 0;
        }
        CHECK(examples_append(x, n, v, labels, &e) == 0, "%s", e.text);
    }
    CHECK(examples_finish(x, &e) == 0, "%s", e.text);
    return x;
}

static bool
same_row(const struct examples *x, size_t i, const struct examples *y, size_t j)
{
    const struct feature_values *a = x->column, *b = y->column;
    const uint32_t *p = a[WORDS].offset + i, *q = b[WORDS].offset + j;

    return p[1] - p[0] == q[1] - q[0] &&
           memcmp(a[WORDS].id + p[0], b[WORDS].id + q[0],
                  (p[1] - p[0]) * sizeof *a->id) == 0 &&
           a[AGE].id[i] == b[AGE].id[j] &&
           memcmp(&a[NUMBER].value[i], &b[NUMBER].value[j], sizeof(float)) ==
               0 &&
           x->item[i] == y->item[j] && x->label[i] == y->label[j];
}

/* Rows that are kept in a file are loaded as they would be in memory. */
static void
test_rows_in_a_file(void)
{
    /* A row has 2.5 words of 4 bytes on average, and their offset, three
     * numbers of 4, a label and 4 bytes in the order of an epoch. */
    struct examples *all = many(0), *some = many(32000), *fit = many(170000);
    static const struct range range[] = {
        { 0, 1 }, { 7, 300 }, { 300, 302 }, { 2400, 2900 }, { 4711, MANY }
    };
    struct error e;
    size_t row = 0;

    CHECK(all->run == MANY && fit->run == MANY, "they fit");
    CHECK(some->run == 32000 / 31, "%zu rows at once", some->run);
    CHECK(some->rows == MANY && some->tuples == all->tuples, "rows, tuples");
    CHECK(memcmp(some->key_rows, all->key_rows,
                 all->keys * sizeof *all->key_rows) == 0,
          "rows of keys");
    for (int again = 0; again < 2; again++) {
        CHECK(examples_load(some, range, 5 - (size_t)again * 2, &e) == 0, "%s",
              e.text);
        row = 0;
        for (size_t i = 0; i < 5 - (size_t)again * 2; i++)
            for (size_t r = range[i].begin; r < range[i].end; r++, row++)
                CHECK(same_row(all, r, some, row), "row %zu is another", r);
    }
    examples_free(all);
    examples_free(some);
    examples_free(fit);
}

int
main(void)
{
    test_packing();
    test_lists_that_run_together();
    test_refusals();
    test_distinct();
    test_rows_in_a_file();
    return check_status();
}
