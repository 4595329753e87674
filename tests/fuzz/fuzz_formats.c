/*
 * Any bytes as a file of another program: it does not matter in which pieces they
 * arrive, and what was read, written in the same format, is read again and
 * written the same.
 *
 * The first byte of an input chooses the format, the second the size of a piece.
 */
#include <stdint.h>
#include <string.h>

#include "formats/exporter.h"
#include "formats/importer.h"
#include "scratch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What came of a file: the columns, the blocks, and how it ended. */
struct imported {
    struct schema schema;
    struct buffer blocks;
    struct buffer rows; /* u32, of each block */
    uint64_t count;
    struct error error; /* empty when all was read */
};

static struct imported
read_file(int fd, const struct importer_format *format,
          const struct import_options *opt)
{
    struct imported o = { .error = { "" } };
    struct importer *im;
    struct error e;
    struct block b;
    int got;

    REQUIRE(lseek(fd, 0, SEEK_SET) == 0);
    im = importer_new(format, fd, opt, NULL, &o.error);
    if (im == NULL) {
        REQUIRE(o.error.text[0] != '\0');
        return o;
    }
    REQUIRE(schema_copy(&o.schema, importer_schema(im), &e) == 0);
    while ((got = importer_next(im, &b, &o.error)) > 0) {
        REQUIRE(block_encode(&o.schema, &b, &o.blocks, &e) == 0);
        REQUIRE(buffer_append(&o.rows, &b.rows, sizeof b.rows, &e) == 0);
        o.count += b.rows;
    }
    REQUIRE(got == 0 || o.error.text[0] != '\0');
    importer_free(im);
    return o;
}

static void
imported_free(struct imported *o)
{
    schema_free(&o->schema);
    buffer_free(&o->blocks);
    buffer_free(&o->rows);
}

static bool
same_bytes(const struct buffer *a, const struct buffer *b)
{
    return a->len == b->len &&
           (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

/* All rows of O, whose blocks stand one behind the other. */
static void
write_rows(const struct imported *o, struct exporter *x, struct buffer *out)
{
    const unsigned char *p = o->blocks.data;
    struct array array[SCHEMA_COLUMNS_MAX];
    struct block b = { .columns = o->schema.columns, .column = array };
    struct error e;

    for (size_t i = 0; i < o->rows.len / sizeof b.rows; i++) {
        uint32_t rows;
        size_t len = 0;

        memcpy(&rows, o->rows.data + i * sizeof rows, sizeof rows);
        /* A payload does not say where it ends: try. */
        while (block_decode(&o->schema, rows, p, len, &b, &e) != 0)
            len += 8;
        for (uint32_t r = 0; r < rows; r++)
            REQUIRE(exporter_row(x, &b, r, out, &e) == 0);
        p += len;
    }
}

/* O as a file of FORMAT; an empty one for a format that cannot hold its columns
 * (no format is asked to but its own). */
static struct buffer
write_file(const struct imported *o, const struct exporter_format *format)
{
    struct exporter_options opt = { .text = { .list_separator = '|' },
                                    .run = "run",
                                    .query = schema_find(&o->schema, "qid") };
    size_t column[SCHEMA_COLUMNS_MAX];
    struct buffer out = { 0 };
    struct exporter *x;
    struct error e;

    opt.text.column = column;
    for (size_t i = 0; i < o->schema.columns; i++)
        if ((long)i != opt.query || (format->takes & EXPORT_QID) == 0)
            column[opt.text.columns++] = i;
    x = exporter_new(format, &o->schema, &opt, &e);
    REQUIRE(x != NULL);
    for (size_t pass = 0; pass < exporter_passes(x); pass++) {
        REQUIRE(exporter_begin(x, pass, o->count, &out, &e) == 0);
        write_rows(o, x, &out);
    }
    exporter_free(x);
    return out;
}

/* What O was written as is read, with the same types, and written again. */
static void
check_written_again(int fd, const struct importer_format *format,
                    const struct imported *o)
{
    const struct exporter_format *out = exporter_find(format->name);
    struct import_options opt = { .csv = { .name = "copy" } };
    struct buffer once = write_file(o, out), twice, types = { 0 };
    struct imported again;
    struct error e;

    for (size_t i = 0; i < o->schema.columns; i++) {
        char type[TYPE_TEXT_MAX];

        column_type_text(&o->schema.column[i], type);
        REQUIRE(buffer_printf(&types, &e, "%s:%s ", o->schema.column[i].name,
                              type) == 0);
    }
    REQUIRE(buffer_append(&types, "", 1, &e) == 0);
    if (format->takes & IMPORT_TYPES)
        opt.types = (const char *)types.data;
    scratch_fill(fd, once.data, once.len);
    again = read_file(fd, format, &opt);
    REQUIRE(again.error.text[0] == '\0' && again.count == o->count);
    twice = write_file(&again, out);
    REQUIRE(same_bytes(&once, &twice));
    imported_free(&again);
    buffer_free(&once);
    buffer_free(&twice);
    buffer_free(&types);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* fuzz_csv.c has these, with their options. */
    static const char *const others[] = { "csv", "tsv" };
    struct import_options opt = { .csv = { .name = "file" } };
    const struct importer_format *format;
    struct imported whole, pieces;
    size_t formats = sizeof others / sizeof *others;
    static int fd;

    if (size < 2)
        return 0;
    if (fd == 0)
        fd = scratch_new();
    while (importer_format(formats) != NULL)
        formats++;
    formats -= sizeof others / sizeof *others;
    format =
        importer_format(sizeof others / sizeof *others + data[0] % formats);
    opt.row_block = data[0] & 128;
    scratch_fill(fd, data + 2, size - 2);
    whole = read_file(fd, format, &opt);
    opt.csv.chunk = (size_t)data[1] + 1;
    pieces = read_file(fd, format, &opt);
    REQUIRE(whole.count == pieces.count);
    REQUIRE(same_bytes(&whole.blocks, &pieces.blocks));
    REQUIRE(strcmp(whole.error.text, pieces.error.text) == 0);
    if (whole.error.text[0] == '\0')
        check_written_again(fd, format, &whole);
    imported_free(&whole);
    imported_free(&pieces);
    return 0;
}
