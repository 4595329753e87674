/*
 * feature.h - one line of the feature file: what is made of which column
 *
 *     item  movie_title  lookup  dim=32 key
 *
 * The words are PART COLUMN ENCODER OPTION..., with blanks between them; a word
 * that starts with '#' begins a comment.  rec-features(5) describes them all.
 */
#ifndef FEATURES_FEATURE_H
#define FEATURES_FEATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "stream/schema.h"

#define FEATURE_NAME_MAX SCHEMA_NAME_MAX
#define FEATURE_LINE_MAX 1024

enum feature_part { PART_QUERY, PART_ITEM, PART_LABEL };

enum feature_encoder {
    ENCODER_LOOKUP,
    ENCODER_BUCKETIZE,
    ENCODER_NORMALIZE,
    ENCODER_TOKENIZE,
    ENCODER_THRESHOLD,
};

enum feature_side { SIDE_LEFT, SIDE_RIGHT };
enum feature_order { ORDER_BYTES, ORDER_COUNT };
/* How the rows of a list's ids become one; NONE: the feature is no list. */
enum feature_pool {
    POOL_NONE,
    POOL_MEAN,
    POOL_SUM,
    POOL_SQRTN,
    POOL_WEIGHTED,
};

/* The options that an encoder does not take are 0. */
struct feature {
    enum feature_part part;
    enum feature_encoder encoder;
    char column[FEATURE_NAME_MAX + 1]; /* "movie_title" */
    char name[FEATURE_NAME_MAX + 1];   /* "item.movie_title.lookup", "label" */
    char of[FEATURE_NAME_MAX + 1]; /* lookup: it has the ids of the lookup of
                                      this column; "" for its own */
    uint32_t dim;   /* lookup, bucketize, tokenize: of an embedding (32) */
    uint32_t bins;  /* bucketize: edges (1000) */
    uint32_t side;  /* bucketize: enum feature_side (left) */
    uint32_t order; /* lookup: enum feature_order (bytes) */
    uint32_t min;   /* lookup, tokenize: rarer ones are unknown (1) */
    uint32_t max;   /* tokenize: ids, padding and unknown included (10000) */
    uint32_t pool;  /* lookup (none), tokenize (mean): enum feature_pool */
    uint32_t positions; /* pool=weighted: places with weights of their own (20);
                           else 0 */
    uint32_t size;      /* rows of the embedding table; 0: not known yet */
    double at;          /* threshold: the least value of label 1 */
    bool key;           /* of the one lookup that names the item */

    /* Of all that a vocabulary learned of the data; 0: not known. */
    uint32_t digest;
};

/* One line without its newline, with at least one word.  size= and digest= are
 * understood here; feature files may not have them. */
int feature_parse(struct feature *f, const char *line, size_t len,
                  struct error *e);
/* The canonical line, which reads back as the same feature. */
void feature_format(const struct feature *f, char out[FEATURE_LINE_MAX]);

/* The column of features that F's encoder makes: type and shape. */
int feature_add_column(struct schema *s, const struct feature *f,
                       struct error *e);

/*
 * Do A and B make the same numbers of the same values?  How wide an embedding
 * is and how those of a list are pooled is a model's affair, and a digest that
 * one of them does not have is not compared.  The lines are what is: OTHER is a
 * difference between them, OTHER_DATA one of the digests alone.
 */
enum feature_difference { FEATURE_SAME, FEATURE_OTHER, FEATURE_OTHER_DATA };
enum feature_difference feature_compare(const struct feature *a,
                                        const struct feature *b,
                                        char line_a[FEATURE_LINE_MAX],
                                        char line_b[FEATURE_LINE_MAX]);

/* Is there nothing but blanks and a comment? */
bool feature_line_is_empty(const char *line, size_t len);

/* Has a row a list of ids? */
static inline bool
feature_is_list(const struct feature *f)
{
    return f->pool != POOL_NONE;
}

const char *part_name(enum feature_part p);
const char *encoder_name(enum feature_encoder c);

#endif
