/*
 * import_rows.h - what import.c has settled, and rows of text into its table
 *
 * For import.c only.
 */
#ifndef STREAM_IMPORT_ROWS_H
#define STREAM_IMPORT_ROWS_H

#include "stream/import.h"
#include "stream/table.h"

#define LEFT_OUT SIZE_MAX /* a field that goes nowhere */

struct import {
    struct import_options opt;
    struct csv_reader *csv;
    struct schema schema;
    struct table table;
    size_t *target; /* [fields] field i's column, or LEFT_OUT */
    size_t fields, target_cap;
    bool more;       /* longer rows are fine */
    bool *inferred;  /* [columns] */
    bool inferring;  /* some column's type is not settled yet */
    bool first_held; /* the table holds the first block, not delivered yet */
    struct buffer scratch;
};

/* Field I of ROW as UTF-8, with escapes undone. */
int import_field_text(struct import *im, const struct csv_row *row, size_t i,
                      const char **s, size_t *len, struct error *e);

/* Put "u.data:12: " before the text in E. */
int import_at_line(const struct import *im, uint64_t line, struct error *e);

/* Rows in the table, from none, until a block is full or the input ends. */
int import_fill(struct import *im, struct error *e);

#endif
