/*
 * exporter.h - rows of a stream as other programs' files
 *
 * exporter_format() is the table of the formats that rec-to writes; its help
 * and the list in its manual page are made from it.  The memory is that of a
 * row.
 *
 * A file is passes over the rows: one for most; safetensors has a column a
 * pass.  Where a file says first how many rows it has, whoever writes it has to
 * read the rows once more before:
 *
 *     x = exporter_new(format, schema, &options, &e)
 *     for (pass = 0; pass < exporter_passes(x); pass++)
 *         exporter_begin(x, pass, rows, &out, &e)
 *         exporter_row(x, block, row, &out, &e) for all rows
 */
#ifndef FORMATS_EXPORTER_H
#define FORMATS_EXPORTER_H

#include "stream/format.h"

struct exporter; /* opaque */

/* Which options mean something for a format. */
enum {
    EXPORT_TEXT = 1, /* explode, header, separator */
    EXPORT_RUN = 2,  /* run, rank_scores */
    EXPORT_QID = 4,  /* query */
    EXPORT_LAST = EXPORT_QID
};

struct exporter_options {
    struct format_options text; /* with the columns, which are for all */
    const char *run;            /* name of the run */
    bool rank_scores;           /* instead of the scores, minus the rank */
    long query;                 /* a column, or -1 */
};

struct exporter_format {
    const char *name; /* "npy" */
    const char *what; /* a line for people */
    unsigned takes;   /* options, as above */
    /* How many columns, and what they are, as in "a name and a vector"; MOST 0:
     * any number. */
    size_t least, most;
    const char *roles;
    /* "a,b": those written unless others are named; NULL: all.  FIRST goes
     * before them where there is such a column of one value a row. */
    const char *columns, *first;
    bool counts; /* the number of rows has to be known */
    bool binary; /* not for a terminal */
    /* For exporter.c; see parts.h. */
    int (*open)(struct exporter *x, struct error *e);
    int (*begin)(struct exporter *x, struct buffer *out, struct error *e);
    int (*row)(struct exporter *x, const struct block *b, uint32_t row,
               struct buffer *out, struct error *e);
    void (*close)(struct exporter *x);
};

/* Format number I, NULL behind the last. */
const struct exporter_format *exporter_format(size_t i);
const struct exporter_format *exporter_find(const char *name);

/* S and what *OPT points to must outlive the result.  An error: columns that
 * the format cannot hold. */
struct exporter *exporter_new(const struct exporter_format *format,
                              const struct schema *s,
                              const struct exporter_options *opt,
                              struct error *e);
void exporter_free(struct exporter *x); /* NULL is fine */

size_t exporter_passes(const struct exporter *x);
/* Begin pass number PASS: append what stands before its rows.  ROWS is how many
 * there are, when the format counts. */
int exporter_begin(struct exporter *x, size_t pass, uint64_t rows,
                   struct buffer *out, struct error *e);
/* Append row ROW of B. */
int exporter_row(struct exporter *x, const struct block *b, uint32_t row,
                 struct buffer *out, struct error *e);

#endif
