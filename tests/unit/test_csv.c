/*
 * Lines split by hand are what libcsv makes of them.  Fed byte by byte, a
 * reader never has a whole line and leaves all to libcsv: that is the
 * reference, for rows, for their lines, for blocks and for errors.
 */
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/rng.h"
#include "check.h"
#include "stream/import.h"

/* All that was read, in a form that can be compared. */
struct outcome {
    struct buffer data;
    struct error error; /* empty at the end */
};

static FILE *file;

static void
put_text(const struct buffer *text)
{
    CHECK(ftruncate(fileno(file), 0) == 0 &&
              pwrite(fileno(file), text->data, text->len, 0) ==
                  (ssize_t)text->len,
          "cannot write the text");
}

static void
append(struct outcome *o, const void *p, size_t len)
{
    struct error e;

    CHECK(buffer_append(&o->data, p, len, &e) == 0, "%s", e.text);
}

/* The row's line, and each field with its length before it. */
static void
append_row(struct outcome *o, const struct csv_row *row)
{
    append(o, &row->line, sizeof row->line);
    append(o, &row->fields, sizeof row->fields);
    for (size_t i = 0; i < row->fields; i++) {
        size_t len;
        const char *s = csv_field(row, i, &len);

        append(o, &len, sizeof len);
        append(o, s, len);
    }
}

/* With RUNS, rows of two fields are taken in runs where they can be. */
static struct outcome
read_rows(struct csv_options opt, size_t chunk, bool runs)
{
    struct outcome o = { .error = { "" } };
    struct csv_reader *r;
    struct csv_row row;
    int got = 1;

    opt.chunk = chunk;
    (void)lseek(fileno(file), 0, SEEK_SET);
    r = csv_reader_new(fileno(file), &opt, &o.error);
    while (got > 0) {
        struct csv_run run = { .rows = 0 };

        if (runs && csv_reader_run(r, 2, 3, 12, &run) > 0)
            CHECK(run.rows <= 3 && run.begin[3 * run.rows - 1] - run.from <= 12,
                  "too long a run");
        for (size_t i = 0; i < run.rows; i++)
            append_row(&o, &(struct csv_row){ run.line + i, 2, run.text,
                                              run.begin + 3 * i });
        if (run.rows > 0)
            continue;
        got = csv_reader_next(r, &row, &o.error);
        if (got > 0)
            append_row(&o, &row);
    }
    csv_reader_free(r);
    return o;
}

static struct outcome
read_blocks(const struct import_options *opt, size_t chunk)
{
    struct import_options mine = *opt;
    struct outcome o = { .error = { "" } };
    struct import *im;
    struct block b;
    struct error e;

    mine.csv.chunk = chunk;
    (void)lseek(fileno(file), 0, SEEK_SET);
    im = import_new(fileno(file), &mine, &o.error);
    while (im != NULL && import_next(im, &b, &o.error) > 0)
        CHECK(block_encode(import_schema(im), &b, &o.data, &e) == 0, "%s",
              e.text);
    import_free(im);
    return o;
}

/* Frees both. */
static void
compare(const char *what, int round, struct outcome got, struct outcome want)
{
    CHECK(got.data.len == want.data.len &&
              (got.data.len == 0 ||
               memcmp(got.data.data, want.data.data, got.data.len) == 0),
          "%s, text %d: other rows than libcsv's", what, round);
    CHECK(strcmp(got.error.text, want.error.text) == 0,
          "%s, text %d: '%s', not '%s'", what, round, got.error.text,
          want.error.text);
    buffer_free(&got.data);
    buffer_free(&want.data);
}

/* Bytes of ALPHABET, or now and then any. */
static void
random_text(struct rng *rng, const char *alphabet, size_t len,
            struct buffer *text)
{
    const size_t letters = strlen(alphabet);
    struct error e;

    text->len = 0;
    CHECK(buffer_reserve(text, len, &e) == 0, "%s", e.text);
    while (text->len < len)
        text->data[text->len++] =
            rng_below(rng, 400) == 0
                ? (unsigned char)rng_below(rng, 256)
                : (unsigned char)alphabet[rng_below(rng, letters)];
}

static void
check_rows(void)
{
    static const int delimiters[] = { ',', '\t', '|', CSV_TWO_COLONS };
    static const char *const alphabets[] = { "ab,\t|::\n\r\"", "abcdef,\n",
                                             "ab,,\r\n\r\n", "1::2::3\n" };
    struct rng rng = rng_for(1, 1, 0);
    struct buffer text = { 0 };

    for (int i = 0; i < 8000; i++) {
        const struct csv_options opt = {
            .name = "text",
            .delimiter = delimiters[rng_below(&rng, 4)],
            .quotes = rng_below(&rng, 2) == 1,
        };
        const size_t chunk = 1 + rng_below(&rng, 40);

        random_text(&rng, alphabets[i % 4], rng_below(&rng, 100), &text);
        put_text(&text);
        compare("rows", i, read_rows(opt, 0, false), read_rows(opt, 1, false));
        compare("runs", i, read_rows(opt, chunk, true),
                read_rows(opt, 1, false));
    }
    buffer_free(&text);
}

/* A row of a str, a str of up to WIDTH bytes, an f32 and an i64; when FLAWED,
 * one field of a hundred is none of these. */
static void
random_row(struct rng *rng, size_t width, bool flawed, struct buffer *text)
{
    static const char *const odd[] = { "x",   "1e3",  "007",  "\xff", "-0",
                                       "\\t", "\xc3", "\xa9", "\"q\"" };
    const int n = (int)rng_below(rng, rng_below(rng, 2) == 1 ? 100 : 1 << 30);
    const size_t fill = rng_below(rng, width);
    const size_t odd_field =
        flawed && rng_below(rng, 25) == 0 ? rng_below(rng, 4) : 4;
    struct error e;
    int status = 0;

    for (size_t field = 0; field < 4 && status == 0; field++) {
        if (field == odd_field)
            status = buffer_printf(text, &e, "%s", odd[rng_below(rng, 9)]);
        else if (field == 1)
            status = buffer_printf(text, &e, "%0*d", (int)fill + 1, n);
        else if (field == 2)
            status = buffer_printf(text, &e, "%d.%d", n % 1000, n & 7);
        else
            status = buffer_printf(text, &e, "%d", n);
        if (status == 0)
            status = buffer_append(text, field < 3 ? "," : "\n", 1, &e);
    }
    CHECK(status == 0, "%s", e.text);
}

/* ROWS rows of every kind of import, in pieces of CHUNK bytes (0: large ones)
 * and in pieces so small that no line is whole. */
static void
check_blocks(struct rng *rng, int round, size_t rows, size_t width, bool flawed)
{
    const struct import_options opt = {
        .csv = { .name = "text",
                 .delimiter = ',',
                 .quotes = rng_below(rng, 4) > 0 },
        .columns = round % 2 == 1 ? "a:str b:str c:f32 d:i64" : NULL,
        .latin1 = rng_below(rng, 2) == 1,
        .escapes = rng_below(rng, 2) == 1,
        .list_separator = '|',
    };
    const size_t chunk = rng_below(rng, 2) == 1 ? 0 : 1 + rng_below(rng, 300);
    struct buffer text = { 0 };
    struct error e;

    if (opt.columns == NULL)
        CHECK(buffer_printf(&text, &e, "a,b,c,d\n") == 0, "%s", e.text);
    for (size_t i = 0; i < rows; i++)
        random_row(rng, width, flawed, &text);
    put_text(&text);
    compare("blocks", round, read_blocks(&opt, chunk), read_blocks(&opt, 4));
    buffer_free(&text);
}

int
main(void)
{
    struct rng rng = rng_for(1, 2, 0);

    file = tmpfile();
    CHECK(file != NULL, "no temporary file");
    if (file == NULL)
        return check_status();
    check_rows();
    for (int round = 0; round < 400; round++)
        check_blocks(&rng, round, 1 + rng_below(&rng, 100), 30, true);
    for (int round = 0; round < 4;
         round++) { /* blocks full of rows, of bytes */
        check_blocks(&rng, round, 10000, 8, false);
        check_blocks(&rng, round, 5000, 600, false);
    }
    fclose(file);
    return check_status();
}
