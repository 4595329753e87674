/*
 * parts.h - what a format's own file is made of
 *
 * For lib/formats/ only.  A format that is read has an open(), which reads what
 * stands before the rows and adds the columns to im->schema, and a row(),
 * which adds one row to im->table: 1, at the end 0 at every call, -1.  A format
 * that is written has an open(), which looks at the columns, a begin(), which
 * appends what stands before the rows of a pass, and a row().  What they need
 * from call to call is in STATE, for free(), once close() has freed what it
 * points to or has done away with it and left NULL.  A function that is NULL
 * has nothing to do.
 */
#ifndef FORMATS_PARTS_H
#define FORMATS_PARTS_H

#include "formats/exporter.h"
#include "formats/feed.h"
#include "formats/importer.h"
#include "stream/column_list.h"
#include "stream/table.h"

struct importer {
    const struct importer_format *format;
    struct import_options opt;
    struct feed feed;
    struct schema schema;
    struct table table;
    void *state;
    uint64_t rows; /* read so far, in blocks that are done and in this one */
    /* The column that numbers the rows: */
    const char *number; /* or NULL */
    struct schema numbered;
    struct array *array; /* [numbered.columns] */
    struct buffer numbers;
};

struct exporter {
    const struct exporter_format *format;
    const struct schema *schema;
    struct exporter_options opt;
    size_t passes, pass;
    uint64_t rows; /* that there are, when the format counts */
    uint64_t done; /* rows of this pass that have been written */
    void *state;
};

extern const struct importer_format import_csv, import_tsv, import_jsonl,
    import_npy, import_fvecs, import_ivecs, import_word2vec, import_trec_run,
    import_trec_qrels, import_safetensors, import_svmlight;
extern const struct exporter_format export_csv, export_tsv, export_jsonl,
    export_npy, export_fvecs, export_ivecs, export_word2vec, export_trec_run,
    export_trec_qrels, export_safetensors, export_svmlight;

/*
 * The names, and types where they are given, of the N columns in the order of
 * the file: those of --columns, which must be as many, or else of DEFAULTS.
 */
int importer_columns(const struct importer *im, const char *defaults,
                     struct listed_column *c, size_t n, struct error *e);
/* Add column C to the schema, with this shape.  Refused, with the file's name:
 * another one that --columns says. */
int importer_add(struct importer *im, const struct listed_column *c,
                 enum type type, enum shape shape, size_t width,
                 struct error *e);
/* Put "items.npy: row 12: " before the text in E, for the row being read. */
int importer_at_row(const struct importer *im, struct error *e);
/* Nothing may follow. */
int importer_at_end(struct importer *im, struct error *e);
/* Add the LEN bytes at S as one value, which in a list is one element. */
int importer_add_text(struct importer *im, size_t column, const char *s,
                      size_t len, struct error *e);

/* Column number I of those to be written, and its place in a block. */
const struct column *exporter_column(const struct exporter *x, size_t i);
size_t exporter_place(const struct exporter *x, size_t i);
/* The values of row ROW of a column C in A: from *FROM on, as many as returned.
 */
size_t exporter_span(const struct column *c, const struct array *a,
                     uint32_t row, size_t *from);
/* "column 'title' is str, and WHAT".  Returns -1. */
int exporter_refuse(const struct column *c, const char *what, struct error *e);
/* Append value V as a word of a line: a number, or a string that is one. */
int exporter_word(const struct column *c, const struct array *a, size_t v,
                  struct buffer *out, struct error *e);

#endif
