/*
 * CSV and TSV, and lines of JSON that are written: stream/import.h and
 * stream/format.h do the work.
 */
#include "formats/parts.h"

static int
open_text(struct importer *im, struct error *e)
{
    struct import *text = import_new(im->feed.fd, &im->opt, e);

    im->state = text;
    return text != NULL ? schema_copy(&im->schema, import_schema(text), e) : -1;
}

static int
open_tsv(struct importer *im, struct error *e)
{
    im->opt.csv.delimiter = '\t';
    im->opt.csv.quotes = false;
    im->opt.escapes = true;
    return open_text(im, e);
}

static int
next_text(struct importer *im, struct block *b, struct error *e)
{
    return import_next(im->state, b, e);
}

static void
close_text(struct importer *im)
{
    import_free(im->state);
    im->state = NULL;
}

const struct importer_format import_csv = {
    .name = "csv",
    .what = "RFC 4180, with any delimiter",
    .takes =
        IMPORT_COLUMNS | IMPORT_TYPES | IMPORT_DELIMITED | IMPORT_DELIMITER,
    .open = open_text,
    .next = next_text,
    .close = close_text,
};

const struct importer_format import_tsv = {
    .name = "tsv",
    .what = "tabs, no quotes, \\t \\n \\r \\\\ for what they are",
    .takes = IMPORT_COLUMNS | IMPORT_TYPES | IMPORT_DELIMITED,
    .open = open_tsv,
    .next = next_text,
    .close = close_text,
};

static int
open_format(struct exporter *x, enum format_kind kind, struct error *e)
{
    x->opt.text.kind = kind;
    x->state = format_new(x->schema, &x->opt.text, e);
    return x->state != NULL ? 0 : -1;
}

static int
open_csv_out(struct exporter *x, struct error *e)
{
    return open_format(x, FORMAT_CSV, e);
}

static int
open_tsv_out(struct exporter *x, struct error *e)
{
    return open_format(x, FORMAT_TSV, e);
}

static int
open_jsonl_out(struct exporter *x, struct error *e)
{
    return open_format(x, FORMAT_JSONL, e);
}

static int
begin(struct exporter *x, struct buffer *out, struct error *e)
{
    return format_header(x->state, out, e);
}

static int
row(struct exporter *x, const struct block *b, uint32_t r, struct buffer *out,
    struct error *e)
{
    return format_row(x->state, b, r, out, e);
}

static void
close_format(struct exporter *x)
{
    format_free(x->state);
    x->state = NULL;
}

const struct exporter_format export_csv = {
    .name = "csv",
    .what = "RFC 4180, quotes where they are needed",
    .takes = EXPORT_TEXT,
    .open = open_csv_out,
    .begin = begin,
    .row = row,
    .close = close_format,
};

const struct exporter_format export_tsv = {
    .name = "tsv",
    .what = "tabs, no quotes, \\t \\n \\r \\\\ for what they are",
    .takes = EXPORT_TEXT,
    .open = open_tsv_out,
    .begin = begin,
    .row = row,
    .close = close_format,
};

const struct exporter_format export_jsonl = {
    .name = "jsonl",
    .what = "a JSON object a line",
    .takes = EXPORT_TEXT,
    .open = open_jsonl_out,
    .begin = begin,
    .row = row,
    .close = close_format,
};
