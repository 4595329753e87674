/*
 * article.h - training sets like those of the article, drawn from a seed
 *
 * Five features of dimension 32: users, their times in 1,000 buckets and as a
 * number, titles and the words in them.  Ids are drawn so that a batch of 2,048
 * rows has as many distinct ones as MovieLens 100k gives it, on average: some
 * 783 titles, 690 users, 850 buckets.
 */
#ifndef BENCH_ARTICLE_H
#define BENCH_ARTICLE_H

#include <math.h>

#include "base/rng.h"
#include "compare.h"
#include "model/examples.h"

enum {
    TRAINING_ROWS = 80000,
    TEST_ROWS = 20000,
    BATCH = 2048,
    DIM = 32,
    USERS = 943,
    BUCKETS = 1000,
    TITLES = 1664,
    WORDS = 2500,
    ARTICLE_FEATURES = 5,
    WORDS_MAX = 6
};

static const struct feature article_feature[ARTICLE_FEATURES] = {
    { .name = "query.user.lookup",
      .part = PART_QUERY,
      .encoder = ENCODER_LOOKUP,
      .size = USERS + 1,
      .dim = DIM },
    { .name = "query.time.bucketize",
      .part = PART_QUERY,
      .encoder = ENCODER_BUCKETIZE,
      .size = BUCKETS + 1,
      .dim = DIM },
    { .name = "query.time.normalize",
      .part = PART_QUERY,
      .encoder = ENCODER_NORMALIZE },
    { .name = "item.title.lookup",
      .part = PART_ITEM,
      .encoder = ENCODER_LOOKUP,
      .size = TITLES + 1,
      .dim = DIM,
      .key = true },
    { .name = "item.title.tokenize",
      .part = PART_ITEM,
      .encoder = ENCODER_TOKENIZE,
      .pool = POOL_MEAN,
      .size = WORDS + 2,
      .dim = DIM },
};

/* 0 .. N - 1, less and less often: by 1/e every SCALE. */
static inline uint32_t
article_id(struct rng *r, double scale, uint32_t n)
{
    return (uint32_t)(-scale * log(1 - rng_f64(r))) % n;
}

/* ROWS rows, a label with each. */
static inline struct examples *
article_examples(size_t rows, uint64_t seed)
{
    struct error e;
    struct examples *x =
        examples_new(article_feature, ARTICLE_FEATURES, true, &e);
    struct rng r = rng_for(seed, 0, 0);

    must(x != NULL ? 0 : -1, &e);
    for (size_t i = 0; i < rows; i++) {
        const uint32_t user = 1 + article_id(&r, 260, USERS);
        const uint32_t bucket = 1 + (uint32_t)rng_below(&r, BUCKETS);
        const uint32_t title = 1 + article_id(&r, 324, TITLES);
        const float time = (float)rng_normal(&r);
        const uint8_t label = rng_f64(&r) < 0.55;
        struct rng of_title = rng_for(1, 1, title);
        uint32_t words[WORDS_MAX], offset[2] = { 0, 0 };

        offset[1] = 2 + (uint32_t)rng_below(&of_title, WORDS_MAX - 1);
        for (size_t w = 0; w < offset[1]; w++)
            words[w] = 2 + article_id(&of_title, 700, WORDS);
        must(examples_append(x, 1,
                             (struct feature_values[]){
                                 { .id = &user },
                                 { .id = &bucket },
                                 { .value = &time },
                                 { .id = &title },
                                 { .id = words, .offset = offset },
                             },
                             &label, &e),
             &e);
    }
    must(examples_finish(x, &e), &e);
    return x;
}

#endif
