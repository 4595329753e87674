/*
 * golden_model.h - the examples and weights of tests/golden/tower and ranker
 */
#ifndef GOLDEN_MODEL_H
#define GOLDEN_MODEL_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "model/examples.h"
#include "model/network.h"
#include "npy.h"

#define GOLDEN "tests/golden/"
#define GOLDEN_STEPS 12
#define GOLDEN_BATCH 16
#define GOLDEN_ROWS ((size_t)GOLDEN_STEPS * GOLDEN_BATCH)
#define GOLDEN_FEATURES 5

static const struct feature golden_feature[GOLDEN_FEATURES] = {
    { .name = "query.user.lookup",
      .part = PART_QUERY,
      .encoder = ENCODER_LOOKUP,
      .size = 13,
      .dim = 4 },
    { .name = "query.bucket.bucketize",
      .part = PART_QUERY,
      .encoder = ENCODER_BUCKETIZE,
      .size = 11,
      .dim = 4 },
    { .name = "query.z.normalize",
      .part = PART_QUERY,
      .encoder = ENCODER_NORMALIZE },
    { .name = "item.title.lookup",
      .part = PART_ITEM,
      .encoder = ENCODER_LOOKUP,
      .size = 16,
      .dim = 4,
      .key = true },
    { .name = "item.title.tokenize",
      .part = PART_ITEM,
      .encoder = ENCODER_TOKENIZE,
      .pool = POOL_MEAN,
      .size = 22,
      .dim = 4 },
};

/* The file's name of each tensor, less ".npy". */
static const char *const golden_names[][2] = {
    { "query.user.lookup", "user" },   { "query.bucket.bucketize", "bucket" },
    { "item.title.lookup", "title" },  { "item.title.tokenize", "token" },
    { "query.0.kernel", "q0.kernel" }, { "query.0.bias", "q0.bias" },
    { "query.1.kernel", "q1.kernel" }, { "query.1.bias", "q1.bias" },
    { "item.0.kernel", "c0.kernel" },  { "item.0.bias", "c0.bias" },
    { "item.1.kernel", "c1.kernel" },  { "item.1.bias", "c1.bias" },
    { "rank.0.kernel", "r0.kernel" },  { "rank.0.bias", "r0.bias" },
    { "rank.1.kernel", "r1.kernel" },  { "rank.1.bias", "r1.bias" },
    { "rank.2.kernel", "r2.kernel" },  { "rank.2.bias", "r2.bias" },
};

static inline void
die_of(const struct error *e)
{
    printf("not ok - %s\n", e->text);
    exit(EXIT_FAILURE);
}

/* Rows in the order of the batches, so batch b is rows 16 b .. 16 b + 15. */
static inline struct examples *
golden_examples(void)
{
    uint32_t *user = npy_u32(GOLDEN "tower/user.npy", GOLDEN_ROWS);
    uint32_t *bucket = npy_u32(GOLDEN "tower/bucket.npy", GOLDEN_ROWS);
    float *z = npy_f32(GOLDEN "tower/z.npy", GOLDEN_ROWS);
    uint32_t *title = npy_u32(GOLDEN "tower/title.npy", GOLDEN_ROWS);
    uint32_t *label = npy_u32(GOLDEN "ranker/label.npy", GOLDEN_ROWS);
    uint32_t *offset = npy_u32(GOLDEN "tower/title_token_offsets.npy", 17);
    uint32_t *token = npy_u32(GOLDEN "tower/title_tokens.npy", 48);
    struct error e;
    struct examples *x =
        examples_new(golden_feature, GOLDEN_FEATURES, true, &e);

    if (x == NULL)
        die_of(&e);
    for (size_t r = 0; r < GOLDEN_ROWS; r++) {
        const uint32_t *t = offset + title[r];
        const uint32_t list[2] = { 0, t[1] - t[0] };
        const uint8_t l = (uint8_t)label[r];
        const struct feature_values v[GOLDEN_FEATURES] = {
            { .id = &user[r] },
            { .id = &bucket[r] },
            { .value = &z[r] },
            { .id = &title[r] },
            { .id = token + t[0], .offset = list },
        };

        if (examples_append(x, 1, v, &l, &e) != 0)
            die_of(&e);
    }
    if (examples_finish(x, &e) != 0)
        die_of(&e);
    free(user);
    free(bucket);
    free(z);
    free(title);
    free(label);
    free(offset);
    free(token);
    return x;
}

static inline double *
golden_tensor(const char *folder, const struct tensor *t)
{
    const size_t n = sizeof golden_names / sizeof *golden_names;
    char path[512];

    for (size_t i = 0; i < n; i++)
        if (strcmp(golden_names[i][0], t->name) == 0) {
            snprintf(path, sizeof path, GOLDEN "%s/%s.npy", folder,
                     golden_names[i][1]);
            return npy_f64(path, t->rows * t->cols);
        }
    npy_fail(t->name, "has no golden file");
    return NULL;
}

static inline void
golden_load(const char *folder, const struct network *n)
{
    for (size_t i = 0; i < n->tensors; i++) {
        const struct tensor *t = &n->tensor[i];
        double *v = golden_tensor(folder, t);

        for (size_t k = 0; k < t->rows * t->cols; k++)
            t->data[k] = (float)v[k];
        free(v);
    }
}

static inline void
golden_check(const char *folder, const struct network *n)
{
    for (size_t i = 0; i < n->tensors; i++) {
        const struct tensor *t = &n->tensor[i];
        double *v = golden_tensor(folder, t), largest = 0;
        char name[512];

        for (size_t k = 0; k < t->rows * t->cols; k++)
            largest = fmax(largest, fabs(v[k]));
        snprintf(name, sizeof name, "%s: %s", folder, t->name);
        if (largest > 1e-9) {
            check_array(name, t->data, v, t->rows * t->cols, 1e-4);
        } else { /* no loss depends on it: rounding is all it has */
            for (size_t k = 0; k < t->rows * t->cols; k++)
                CHECK(fabsf(t->data[k]) < 1e-6f, "%s: %g, not 0", name,
                      (double)t->data[k]);
        }
        free(v);
    }
}

/* The rows of batch number STEP. */
static inline void
batch_rows(size_t step, uint32_t row[GOLDEN_BATCH])
{
    for (size_t i = 0; i < GOLDEN_BATCH; i++)
        row[i] = (uint32_t)(step * GOLDEN_BATCH + i);
}

#endif
