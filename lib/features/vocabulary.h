/*
 * vocabulary.h - what was learned of the data, as encoders use it
 *
 * A vocabulary stream has the features in its head and rows of
 *
 *     feature str   id u32   key str   count u64   value f64
 *
 * grouped by feature, in this order within one:
 *
 *     lookup     ids from 1 upwards with their keys and counts; then, with id
 *                0, the keys that are too rare to have an id of their own
 *     tokenize   the same from 2; with id 1 the tokens that have none
 *     bucketize  id i: edge number i in value
 *     normalize  id 0, key "mean" and id 1, key "variance": in value; then the
 *                numbers that add up to the exact sum of the values, with id
 *                2, and to that of their squares, with id 3, one of each at
 *                least; the number of values in count
 *     threshold  id 0 and 1: how many labels are so, in count
 *
 * A lookup with of= has no rows: its ids are those of another one.
 *
 * Rows without an id of their own and sums are there so that vocabularies of
 * parts of the data can be added up; reading passes over them.
 *
 * Memory is, for each feature, base/intern.h's for its keys and 4 bytes an
 * edge; it does not depend on the number of rows that are encoded.
 */
#ifndef FEATURES_VOCABULARY_H
#define FEATURES_VOCABULARY_H

#include "base/intern.h"
#include "features/spec.h"
#include "stream/table.h"

/* Ids that are no key's. */
#define LOOKUP_UNKNOWN 0
#define TOKEN_PAD 0
#define TOKEN_UNKNOWN 1
/* Ids of normalize. */
enum { MOMENT_MEAN, MOMENT_VARIANCE, MOMENT_SUM, MOMENT_SQUARES };
/* How the unknown is written. */
#define UNKNOWN_TEXT "[UNK]"

struct vocabulary_row {
    uint32_t id;
    const char *key;
    size_t len;
    uint64_t count;
    double value;
};

/* What one feature needs. */
struct learned {
    struct intern *keys; /* key number N has id first_id + N; with of= it
                            is another feature's */
    uint32_t first_id;   /* 1 for lookup, 2 for tokenize */
    float *edge;         /* [edges] */
    size_t edges, cap;
    double mean, variance;
    unsigned moments; /* how many of these two were there */
};

struct vocabulary {
    struct spec spec;        /* size and digest are set when it is finished */
    struct learned *learned; /* [spec.features] */
    size_t column[5];        /* where feature, id, key, count, value are */
    size_t current;          /* the feature of the last row */
};

/* The id of a key that has none. */
uint32_t vocabulary_unknown(const struct feature *f);

/* Columns and metas of a vocabulary stream, added to S. */
int vocabulary_schema(struct schema *s, const struct spec *spec,
                      struct error *e);
/* Append a row of feature NAME to T, a table of that schema. */
int vocabulary_put(struct table *t, const char *name,
                   const struct vocabulary_row *row, struct error *e);

/*
 * Read one: start from the head, add each block, finish.  When a row is wrong
 * *BAD is its number in the block.
 */
struct vocabulary *vocabulary_new(const struct schema *head, struct error *e);
/* Row R of B as it stands there, and which feature is V->current. */
int vocabulary_row_at(struct vocabulary *v, const struct block *b, uint32_t r,
                      struct vocabulary_row *row, struct error *e);
int vocabulary_add(struct vocabulary *v, const struct block *b, uint32_t *bad,
                   struct error *e);
int vocabulary_finish(struct vocabulary *v, struct error *e);
void vocabulary_free(struct vocabulary *v); /* NULL is fine */

/* The key with ID of feature number F, a lookup or tokenize; UNKNOWN_TEXT for
 * the ids that are no key's, NULL for those that are beyond all keys. */
const char *vocabulary_key(const struct vocabulary *v, size_t f, uint32_t id,
                           size_t *len);

#endif
