/*
 * Any bytes as delimited text: it does not matter in which pieces they arrive,
 * and what was read, written as CSV, reads the same.
 *
 * The first byte of an input chooses options, the second the size of a piece.
 */
#include <stdint.h>
#include <string.h>

#include "scratch.h"
#include "stream/format.h"
#include "stream/import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What came of a text: the columns, the values, and how it ended. */
struct outcome {
    struct schema schema;
    struct buffer values, csv;
    struct error error; /* empty when all was read */
};

static void
write_block(struct outcome *o, const struct block *b)
{
    const struct format_options opt = { .kind = FORMAT_CSV,
                                        .header = o->csv.len == 0,
                                        .list_separator = '|' };
    size_t column[SCHEMA_COLUMNS_MAX];
    struct format_options all = opt;
    struct format *f;
    struct error e;

    while (all.columns < o->schema.columns) {
        column[all.columns] = all.columns;
        all.columns++;
    }
    all.column = column;
    f = format_new(&o->schema, &all, &e);
    REQUIRE(f != NULL && format_header(f, &o->csv, &e) == 0);
    for (uint32_t r = 0; r < b->rows; r++)
        REQUIRE(format_row(f, b, r, &o->csv, &e) == 0);
    format_free(f);
}

static struct outcome
read_text(int fd, const struct import_options *opt)
{
    struct outcome o = { .error = { "" } };
    struct import *im;
    struct error e;
    struct block b;
    int got;

    REQUIRE(lseek(fd, 0, SEEK_SET) == 0);
    im = import_new(fd, opt, &o.error);
    if (im == NULL) {
        REQUIRE(o.error.text[0] != '\0');
        return o;
    }
    REQUIRE(schema_copy(&o.schema, import_schema(im), &e) == 0);
    while ((got = import_next(im, &b, &o.error)) > 0) {
        REQUIRE(block_encode(&o.schema, &b, &o.values, &e) == 0);
        write_block(&o, &b);
    }
    REQUIRE(got == 0 || o.error.text[0] != '\0');
    import_free(im);
    return o;
}

static void
outcome_free(struct outcome *o)
{
    schema_free(&o->schema);
    buffer_free(&o->values);
    buffer_free(&o->csv);
}

static void
require_same(const struct outcome *a, const struct outcome *b)
{
    struct error e;

    REQUIRE(schema_same_columns(&a->schema, &b->schema, &e));
    REQUIRE(a->values.len == b->values.len);
    REQUIRE(a->values.len == 0 ||
            memcmp(a->values.data, b->values.data, a->values.len) == 0);
    REQUIRE(strcmp(a->error.text, b->error.text) == 0);
}

/* The text that O was written as gives O again, with the same types. */
static void
check_round_trip(int fd, const struct outcome *o)
{
    struct import_options opt = {
        .csv = { .name = "copy", .delimiter = ',', .quotes = true },
        .list_separator = '|'
    };
    struct buffer types = { 0 };
    struct outcome again;
    struct error e;

    for (size_t i = 0; i < o->schema.columns; i++)
        REQUIRE(buffer_printf(&types, &e, "%s:%s ", o->schema.column[i].name,
                              type_name(o->schema.column[i].type)) == 0);
    REQUIRE(buffer_append(&types, "", 1, &e) == 0);
    opt.types = (const char *)types.data;
    scratch_fill(fd, o->csv.data, o->csv.len);
    again = read_text(fd, &opt);
    require_same(o, &again);
    outcome_free(&again);
    buffer_free(&types);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int delimiters[] = { ',', '\t', '|', CSV_TWO_COLONS };
    struct import_options opt = { .csv = { .name = "text" },
                                  .list_separator = '|' };
    struct outcome whole, pieces;
    static int fd;

    if (size < 2)
        return 0;
    if (fd == 0)
        fd = scratch_new();
    opt.csv.delimiter = delimiters[data[0] & 3];
    opt.csv.quotes = data[0] & 4;
    opt.latin1 = data[0] & 8;
    opt.escapes = data[0] & 16;
    opt.columns = data[0] & 32 ? "a:i32 b:f32[2] c:str[] _ d ..." : NULL;
    scratch_fill(fd, data + 2, size - 2);
    whole = read_text(fd, &opt);
    opt.csv.chunk = (size_t)data[1] + 1;
    pieces = read_text(fd, &opt);
    require_same(&whole, &pieces);
    if (whole.error.text[0] == '\0' && whole.csv.len > 0 && opt.columns == NULL)
        check_round_trip(fd, &whole);
    outcome_free(&whole);
    outcome_free(&pieces);
    return 0;
}
