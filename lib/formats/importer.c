#include "formats/importer.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "formats/parts.h"
#include "stream/text.h"

static const struct importer_format *const formats[] = {
    &import_csv,        &import_tsv,         &import_jsonl,    &import_npy,
    &import_fvecs,      &import_ivecs,       &import_word2vec, &import_trec_run,
    &import_trec_qrels, &import_safetensors, &import_svmlight, NULL,
};

const struct importer_format *
importer_format(size_t i)
{
    return formats[i];
}

const struct importer_format *
importer_find(const char *name)
{
    size_t i = 0;

    while (formats[i] != NULL && strcmp(formats[i]->name, name) != 0)
        i++;
    return formats[i];
}

int
importer_columns(const struct importer *im, const char *defaults,
                 struct listed_column *c, size_t n, struct error *e)
{
    const char *list = im->opt.columns != NULL ? im->opt.columns : defaults;
    struct listed_column extra;
    size_t have = 0;
    int got;

    while ((got = column_list_next(&list, have < n ? &c[have] : &extra, e)) > 0)
        have++;
    if (got == 0 && have != n)
        return error_set(e, "%s has %zu columns, --columns names %zu",
                         im->format->name, n, have);
    return got;
}

/* Does --columns say another shape of C than the file's, which IS has?  A
 * scalar says only the type of the elements. */
static int
check_shape(const struct listed_column *c, const struct column *is,
            struct error *e)
{
    char said[TYPE_TEXT_MAX], true_one[TYPE_TEXT_MAX];

    if (!c->typed || c->type.shape == SHAPE_SCALAR ||
        (c->type.shape == is->shape && c->type.width == is->width))
        return 0;
    column_type_text(&c->type, said);
    column_type_text(is, true_one);
    return error_set(e, "column '%s' is %s, not %s", c->name, true_one, said);
}

int
importer_add(struct importer *im, const struct listed_column *c, enum type type,
             enum shape shape, size_t width, struct error *e)
{
    const struct column is = { .type = type,
                               .shape = shape,
                               .width = (uint32_t)width };

    if (width < 1 && shape != SHAPE_LIST)
        return error_set(e, "%s: rows of no numbers", im->feed.name);
    if (width > SCHEMA_WIDTH_MAX)
        return error_set(e, "%s: rows of %zu numbers, which is more than %d",
                         im->feed.name, width, SCHEMA_WIDTH_MAX);
    if (check_shape(c, &is, e) != 0 ||
        schema_add(&im->schema, c->name, type, shape, is.width, e) != 0)
        return error_prefix(e, "%s", im->feed.name);
    return 0;
}

int
importer_at_row(const struct importer *im, struct error *e)
{
    return error_prefix(e, "%s: row %" PRIu64, im->feed.name, im->rows + 1);
}

int
importer_at_end(struct importer *im, struct error *e)
{
    const unsigned char *p;
    const int got = feed_bytes(&im->feed, 1, &p, e);

    if (got > 0)
        (void)error_set(e, "more behind the last row");
    return got == 0 ? 0 : error_prefix(e, "%s", im->feed.name);
}

int
importer_add_text(struct importer *im, size_t column, const char *s, size_t len,
                  struct error *e)
{
    struct column c = im->schema.column[column];

    c.shape = SHAPE_SCALAR;
    c.width = 1;
    if (text_add(&im->table.column[column], &c, '|', s, len, e) != 0)
        return error_prefix(e, "column '%s'", c.name);
    return 0;
}

/* The columns, and one behind them. */
static int
add_number(struct importer *im, const char *name, struct error *e)
{
    const struct schema *s = importer_schema(im);

    if (schema_copy(&im->numbered, s, e) != 0 ||
        schema_add(&im->numbered, name, TYPE_U32, SHAPE_SCALAR, 1, e) != 0)
        return -1;
    im->array = mem_new(im->numbered.columns, sizeof *im->array, e);
    im->number = name;
    return im->array != NULL ? 0 : -1;
}

struct importer *
importer_new(const struct importer_format *format, int fd,
             const struct import_options *opt, const char *number,
             struct error *e)
{
    struct importer *im = mem_new(1, sizeof *im, e);

    if (im == NULL)
        return NULL;
    im->format = format;
    im->opt = *opt;
    im->feed = (struct feed){ .fd = fd,
                              .name = opt->csv.name,
                              .chunk = opt->csv.chunk };
    if (format->open(im, e) != 0 || table_init(&im->table, &im->schema, e) != 0)
        goto fail;
    if (number != NULL && add_number(im, number, e) != 0)
        goto fail;
    return im;
fail:
    importer_free(im);
    return NULL;
}

void
importer_free(struct importer *im)
{
    if (im == NULL)
        return;
    if (im->state != NULL && im->format->close != NULL)
        im->format->close(im);
    free(im->state);
    feed_free(&im->feed);
    table_free(&im->table);
    schema_free(&im->schema);
    schema_free(&im->numbered);
    free(im->array);
    buffer_free(&im->numbers);
    free(im);
}

const struct schema *
importer_schema(const struct importer *im)
{
    return im->number != NULL ? &im->numbered : &im->schema;
}

static int
next_rows(struct importer *im, struct block *b, struct error *e)
{
    int got;

    table_clear(&im->table);
    do {
        got = im->format->row(im, e);
        im->table.rows += got > 0;
        im->rows += got > 0;
    } while (got > 0 && !im->opt.row_block && !table_is_full(&im->table));
    *b = table_block(&im->table);
    return got < 0 ? -1 : b->rows > 0;
}

/* The block B, whose last row is number im->rows, with its rows' numbers. */
static int
number_rows(struct importer *im, struct block *b, struct error *e)
{
    const uint64_t before = im->rows - b->rows;
    uint32_t *number;

    if (im->rows > UINT32_MAX)
        return error_set(e, "%s: more rows than '%s', which is u32, can number",
                         im->feed.name, im->number);
    im->numbers.len = 0;
    if (buffer_reserve(&im->numbers, b->rows * sizeof *number, e) != 0)
        return -1;
    number = (uint32_t *)(void *)im->numbers.data;
    for (uint32_t r = 0; r < b->rows; r++)
        number[r] = (uint32_t)before + r + 1;
    for (size_t i = 0; i < b->columns; i++)
        im->array[i] = b->column[i];
    im->array[b->columns] =
        (struct array){ .values = number, .count = b->rows };
    *b = (struct block){ b->rows, b->columns + 1, im->array };
    return 0;
}

int
importer_next(struct importer *im, struct block *b, struct error *e)
{
    int got;

    if (im->format->next != NULL) {
        got = im->format->next(im, b, e);
        im->rows += got > 0 ? b->rows : 0;
    } else {
        got = next_rows(im, b, e);
    }
    if (got > 0 && im->number != NULL && number_rows(im, b, e) != 0)
        return -1;
    return got;
}
