/*
 * examples.h - a training set, packed
 *
 * Query features are columns over the rows.  Item features are stored once for
 * each distinct tuple of them, and a row has the number of its tuple: so a row
 * costs 4 bytes a query feature (a list 4 more an id), 4 for the item, 1 for
 * the label.
 * All values are checked when they are appended.
 *
 * With examples_limit(), rows that take more than that are kept in a file, and
 * only the rows of one run are in memory, those that examples_load() last read.
 * What is over tuples and keys always is.
 */
#ifndef MODEL_EXAMPLES_H
#define MODEL_EXAMPLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/pieces.h"
#include "model/values.h"

struct examples_store; /* opaque */

/* To be read; good once examples_finish() has returned.  Where RUN < rows, what
 * is over rows is so over those that were loaded. */
struct examples {
    size_t features;
    const struct feature *feature; /* [features], as given */
    size_t rows, tuples;
    size_t run; /* rows that can be in memory at once; ROWS without a limit */
    const struct feature_values *column; /* [features]: those of query features
                                            over rows, of item features over
                                            tuples */
    const uint32_t *item;                /* [rows]: the row's tuple */
    const uint8_t *label;                /* [rows] of 0 and 1, or NULL */
    const float *grade;                  /* [rows]: how much, or NULL */
    const uint32_t *key;                 /* [tuples]: the key feature's id; the
                                            tuple's number without such */
    size_t keys;                         /* ids of keys are below this */
    const uint32_t *key_rows;            /* [keys]: rows with that key */
    struct examples_store *store;
};

/* FEATURE is copied.  At most one has KEY set. */
struct examples *examples_new(const struct feature *feature, size_t features,
                              bool labelled, struct error *e);
void examples_free(struct examples *x); /* NULL is fine */

/* Keep rows in a file when they take more than BYTES, 4 for each in the order
 * of an epoch among them (model/batches.h).  Before the first is appended. */
void examples_limit(struct examples *x, size_t bytes);

/* Append ROWS rows: for each feature its values, and labels if there are such.
 * An error names the feature. */
int examples_append(struct examples *x, size_t rows,
                    const struct feature_values *values, const uint8_t *label,
                    struct error *e);
/* Grades of the ROWS rows that were appended last; for all rows or for none. */
int examples_append_grades(struct examples *x, size_t rows, const float *grade,
                           struct error *e);
int examples_finish(struct examples *x, struct error *e);

/* Where RUN < rows: read the rows of RANGE[0 .. n - 1], RUN at most, which then
 * are rows 0, 1, ... of the columns, of ITEM and of LABEL. */
int examples_load(struct examples *x, const struct range *range, size_t n,
                  struct error *e);
/* The different grades from the least on.  More than EXAMPLES_GRADES_MAX or
 * fewer than two are refused. */
#define EXAMPLES_GRADES_MAX 32
int examples_grades(const struct examples *x, float grade[EXAMPLES_GRADES_MAX],
                    size_t *n, struct error *e);

#endif
