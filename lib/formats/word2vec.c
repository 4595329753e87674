/*
 * word2vec's text format: "ROWS WIDTH", then lines of a word and its numbers
 * with blanks between them.  The word is a string without blanks, or a number.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/number.h"
#include "formats/parts.h"
#include "stream/text.h"

static int
open_in(struct importer *im, struct error *e)
{
    uint64_t *rows = mem_new(1, sizeof *rows, e), width = 0;
    struct listed_column c[2];
    const char *line, *word;
    size_t left, len, more;
    int got;

    im->state = rows;
    if (rows == NULL || importer_columns(im, "word embedding", c, 2, e) != 0)
        return -1;
    got = feed_line(&im->feed, &line, &left, e);
    if (got < 0)
        return feed_at_line(&im->feed, e);
    if (got == 0)
        return error_set(e, "%s: empty", im->feed.name);
    if (!feed_word(&line, &left, &word, &len) || !number_u64(word, len, rows) ||
        !feed_word(&line, &left, &word, &len) ||
        !number_u64(word, len, &width) ||
        feed_word(&line, &left, &word, &more) || width > SCHEMA_WIDTH_MAX) {
        error_set(e, "the first line is not the numbers of rows and of numbers "
                     "in a row");
        return feed_at_line(&im->feed, e);
    }
    if (c[1].typed && c[1].type.type != TYPE_F32 && c[1].type.type != TYPE_F64)
        return error_set(e, "word2vec holds a word and numbers, f32 or f64");
    if (!c[1].typed)
        c[1].type.type = TYPE_F32;
    if (importer_add(im, &c[0], c[0].type.type, SHAPE_SCALAR, 1, e) != 0)
        return -1;
    return importer_add(im, &c[1], c[1].type.type, SHAPE_VECTOR, (size_t)width,
                        e);
}

static int
add_line(struct importer *im, const char *line, size_t left, struct error *e)
{
    const struct column *c = &im->schema.column[1];
    const char *word;
    size_t len, n = 0;

    if (!feed_word(&line, &left, &word, &len) || !feed_is_word(word, len))
        return error_set(e, "no word at its start");
    if (importer_add_text(im, 0, word, len, e) != 0)
        return -1;
    for (; feed_word(&line, &left, &word, &len); n++)
        if (importer_add_text(im, 1, word, len, e) != 0)
            return -1;
    return n == c->width
               ? 0
               : error_set(e, "%zu numbers, not %u", n, (unsigned)c->width);
}

static int
row_in(struct importer *im, struct error *e)
{
    const uint64_t *rows = im->state;
    const char *line;
    size_t len;
    int got;

    if (im->rows == *rows)
        return importer_at_end(im, e);
    got = feed_line(&im->feed, &line, &len, e);
    if (got == 0)
        return error_set(e, "%s: cut short: %" PRIu64 " rows, not %" PRIu64,
                         im->feed.name, im->rows, *rows);
    if (got > 0 && add_line(im, line, len, e) != 0)
        got = -1;
    return got < 0 ? feed_at_line(&im->feed, e) : got;
}

const struct importer_format import_word2vec = {
    .name = "word2vec",
    .what = "its text format: a word and a vector a line",
    .takes = IMPORT_COLUMNS,
    .open = open_in,
    .row = row_in,
};

static int
open_out(struct exporter *x, struct error *e)
{
    const struct column *word = exporter_column(x, 0);
    const struct column *vector = exporter_column(x, 1);

    if (word->shape != SHAPE_SCALAR)
        return exporter_refuse(word, "the first column is to be the words", e);
    if (vector->shape != SHAPE_VECTOR ||
        (vector->type != TYPE_F32 && vector->type != TYPE_F64))
        return exporter_refuse(vector,
                               "the second column is to be vectors of "
                               "f32 or f64",
                               e);
    return 0;
}

static int
begin(struct exporter *x, struct buffer *out, struct error *e)
{
    return buffer_printf(out, e, "%" PRIu64 " %u\n", x->rows,
                         (unsigned)exporter_column(x, 1)->width);
}

static int
row_out(struct exporter *x, const struct block *b, uint32_t row,
        struct buffer *out, struct error *e)
{
    const struct column *c = exporter_column(x, 1);
    size_t from;

    if (exporter_word(exporter_column(x, 0), &b->column[exporter_place(x, 0)],
                      row, out, e) != 0)
        return -1;
    from = (size_t)row * c->width;
    for (size_t i = from; i < from + c->width; i++)
        if (buffer_append(out, " ", 1, e) != 0 ||
            exporter_word(c, &b->column[exporter_place(x, 1)], i, out, e) != 0)
            return -1;
    return buffer_append(out, "\n", 1, e);
}

const struct exporter_format export_word2vec = {
    .name = "word2vec",
    .what = "its text format: a column of words, one of vectors",
    .least = 2,
    .most = 2,
    .roles = "words and vectors",
    .counts = true,
    .open = open_out,
    .begin = begin,
    .row = row_out,
};
