/*
 * split.h - which part of a file each row goes to
 *
 * All rules but SPLIT_HASH give exact counts, so they look at all rows once
 * before they assign the first: split_look() on every block, split_plan(), then
 * split_parts() on every block again, in the same order.
 *
 *     SPLIT_RANDOM     every choice of so many rows is equally likely
 *     SPLIT_TIME       the earliest rows to part 0, the next to part 1, ...
 *     SPLIT_USER_TIME  the same among the rows of each user
 *     SPLIT_LAST       each user's LAST latest rows to the last part, the LAST
 *                      before them to the part before, ..., the rest to part 0
 *     SPLIT_STRATIFIED at random among the rows of each value of a key: of n
 *                      rows those up to rank round(n * share of part 0) to part
 *                      0, up to round(n * share of parts 0 and 1) to part 1,
 *                      ..., halves rounded to even
 *     SPLIT_HASH       by the hash of one or more keys, whatever the other rows
 *                      are; the counts come near the shares
 *
 * Rows of the same time count as later the later they come.
 *
 * SPLIT_STRATIFIED draws a number for each row in the order of the rows and
 * ranks by it.  With SPLIT_MT19937 the number is mt19937_u53(), which makes it
 * the stratified split of the Microsoft recommenders library, whose benchmarks
 * are on halves made like that: python_splitters.py, python_stratified_split(),
 * the key being what filter_by names.
 *
 * Memory: nothing that grows with the rows for SPLIT_RANDOM and SPLIT_HASH;
 * for the others see split_order.h.
 */
#ifndef ROWS_SPLIT_H
#define ROWS_SPLIT_H

#include "stream/block.h"

#define SPLIT_PARTS_MAX 256 /* a part is a u8 */
#define SPLIT_KEYS_MAX 8

enum split_by {
    SPLIT_RANDOM,
    SPLIT_TIME,
    SPLIT_USER_TIME,
    SPLIT_LAST,
    SPLIT_STRATIFIED,
    SPLIT_HASH,
};

/* Where the numbers of SPLIT_STRATIFIED come from: rng.h or mt19937.h. */
enum split_generator { SPLIT_SPLITMIX64, SPLIT_MT19937 };

struct split_rule {
    enum split_by by;
    size_t parts;
    double share[SPLIT_PARTS_MAX]; /* positive, sum 1; not for SPLIT_LAST */
    uint64_t last;                 /* for SPLIT_LAST */
    uint64_t seed; /* for SPLIT_RANDOM, SPLIT_STRATIFIED and SPLIT_HASH */
    enum split_generator generator; /* for SPLIT_STRATIFIED */
    size_t key;  /* column of the user, of the strata, or of what is hashed */
    size_t more; /* columns that are hashed with it, by SPLIT_HASH, */
    size_t more_key[SPLIT_KEYS_MAX - 1]; /* namely these */
    size_t time;                         /* column */
};
/* How many of N rows each share is worth: rounded down, and what is left over
 * goes to the largest remainders, the first of equal ones.  Sums to N. */
void split_counts(uint64_t n, const double *share, size_t parts,
                  uint64_t *count);

struct split; /* opaque */

/* RULE is copied.  Refused: a key that is no str or integer, a time that is no
 * number, a seed beyond 32 bits for SPLIT_MT19937. */
struct split *split_new(const struct split_rule *rule, const struct schema *s,
                        struct error *e);
void split_free(struct split *s); /* NULL is fine */

/* E tells the row of the block when a time is not a number. */
int split_look(struct split *s, const struct block *b, struct error *e);
int split_plan(struct split *s, struct error *e);
/* The part of each row of B, in PART. */
int split_parts(struct split *s, const struct block *b, uint8_t *part,
                struct error *e);

#endif
