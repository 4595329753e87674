/*
 * importer.h - typed blocks out of other programs' files
 *
 * importer_format() is the table of the formats that rec-from reads; its help
 * and the list in its manual page are made from it.  All are read as a stream,
 * in the memory of a block and the longest row, but where the format's own file
 * says something else.  Nothing is guessed, cut or left out on the way: what
 * does not fit is an error with its place.
 */
#ifndef FORMATS_IMPORTER_H
#define FORMATS_IMPORTER_H

#include "stream/import.h"

struct importer; /* opaque */

/* Which options mean something for a format. */
enum {
    IMPORT_COLUMNS = 1,   /* columns: its columns have no names of their own, or
                            * are chosen from many */
    IMPORT_TYPES = 2,     /* types */
    IMPORT_DELIMITED = 4, /* encoding, separator of lists */
    IMPORT_DELIMITER = 8, /* csv.delimiter, csv.quotes */
    IMPORT_LAST = IMPORT_DELIMITER
};

struct importer_format {
    const char *name; /* "npy" */
    const char *what; /* a line for people */
    unsigned takes;   /* options, as above */
    /* For importer.c; see parts.h. */
    int (*open)(struct importer *im, struct error *e);
    int (*row)(struct importer *im, struct error *e);
    int (*next)(struct importer *im, struct block *b, struct error *e);
    void (*close)(struct importer *im);
};

/* Format number I, NULL behind the last. */
const struct importer_format *importer_format(size_t i);
const struct importer_format *importer_find(const char *name);

/*
 * Read what stands before the rows from FD, which stays the caller's to close.
 * Of *OPT, of which strings are kept, csv.name and row_block are for all, the
 * others for the formats that take them.  With NUMBER the columns are followed
 * by one of that name, u32, which numbers the rows from 1.
 */
struct importer *importer_new(const struct importer_format *format, int fd,
                              const struct import_options *opt,
                              const char *number, struct error *e);
void importer_free(struct importer *im); /* NULL is fine */

const struct schema *importer_schema(const struct importer *im);

/* The next block, good until the next call: 1, at the end 0, or -1. */
int importer_next(struct importer *im, struct block *b, struct error *e);

#endif
