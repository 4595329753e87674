/*
 * import.h - typed blocks out of delimited text
 *
 * Columns get their names from the header line or from a list, and their types
 * from a list or from the first block of rows.  Every row must have as many
 * fields as there are names, and every field must fit its type: nothing is
 * guessed, cut or left out on the way.
 *
 * Memory is that of one block and the longest row.
 */
#ifndef STREAM_IMPORT_H
#define STREAM_IMPORT_H

#include "stream/block.h"
#include "stream/csv.h"

struct import_options {
    struct csv_options csv;
    /* "user_id:str rating:f32 _ ...": NAME:TYPE for each field, str without a
     * type, "_" or "-" for a field that is left out, "..." at the end for all
     * that follow.  NULL: the first row has the names. */
    const char *columns;
    /* "rating:f32 timestamp:i64", for columns named in the first row; NULL or
     * missing: inferred. */
    const char *types;
    bool latin1;    /* ISO 8859-1 instead of UTF-8 */
    bool escapes;   /* \t \n \r \\ stand for what they do in TSV */
    bool row_block; /* each row is a block of its own, out at once */
    char list_separator;
};

struct import; /* opaque */

/* Read the head, and where types are inferred the first block, from FD, which
 * stays the caller's to close.  Strings in *OPT are kept, not copied. */
struct import *import_new(int fd, const struct import_options *opt,
                          struct error *e);
void import_free(struct import *im); /* NULL is fine */

const struct schema *import_schema(const struct import *im);

/* The next block, good until the next call: 1, at the end 0, or -1. */
int import_next(struct import *im, struct block *b, struct error *e);

/* Can these options be meant?  For refusing a command line before anything is
 * read. */
int import_check_options(const struct import_options *opt, struct error *e);

#endif
