/*
 * index.h - the items that rec-knn and rec-score look up, for main() only
 *
 * Like everything in this room, these functions do what they say or die.
 */
#ifndef FILTER_INDEX_H
#define FILTER_INDEX_H

#include "base/threads.h"
#include "filter/exclusion.h"
#include "filter/input.h"
#include "retrieval/exact.h"

/* The column of embeddings, of items as of queries. */
#define INDEX_EMBEDDING "embedding"

/* What is searched, with what it points into. */
struct index {
    struct input *in;
    struct table table;
    const char *id; /* name of the column */
    struct exact_items items;
    float *number; /* [count], what index_open_numbers() made, or NULL */
    struct threads *threads;
    struct exact *exact;
};

/* All items of PATH, to be searched for the *K best on cli_threads() threads.
 * Their ids are in ID_COLUMN; NULL: in the column that the meta "key" names.
 * As a PART of the items they may be fewer than *K, which becomes their number.
 */
struct index index_open(const char *path, const char *id_column, bool part,
                        size_t *k);
/* The same of items that are one number each, of any type, in COLUMN instead of
 * an embedding, rounded to f32. */
struct index index_open_numbers(const char *path, const char *id_column,
                                const char *column);
void index_close(struct index *x);

/* The pairs of query key (column BY) and item id in PATH; items that are not
 * searched and unknown queries, which have the key 0, are passed over; ids must
 * be of the same vocabulary as those of QUERIES. */
struct exclude *index_read_pairs(const struct index *index,
                                 const struct input *queries, const char *path,
                                 const char *by);

#endif
