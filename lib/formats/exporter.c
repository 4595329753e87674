#include "formats/exporter.h"

#include <stdlib.h>
#include <string.h>

#include "formats/parts.h"

static const struct exporter_format *const formats[] = {
    &export_csv,        &export_tsv,         &export_jsonl,    &export_npy,
    &export_fvecs,      &export_ivecs,       &export_word2vec, &export_trec_run,
    &export_trec_qrels, &export_safetensors, &export_svmlight, NULL,
};

const struct exporter_format *
exporter_format(size_t i)
{
    return formats[i];
}

const struct exporter_format *
exporter_find(const char *name)
{
    size_t i = 0;

    while (formats[i] != NULL && strcmp(formats[i]->name, name) != 0)
        i++;
    return formats[i];
}

struct exporter *
exporter_new(const struct exporter_format *format, const struct schema *s,
             const struct exporter_options *opt, struct error *e)
{
    struct exporter *x = mem_new(1, sizeof *x, e);

    if (x == NULL)
        return NULL;
    x->format = format;
    x->schema = s;
    x->opt = *opt;
    x->passes = 1;
    if (format->open != NULL && format->open(x, e) != 0) {
        exporter_free(x);
        return NULL;
    }
    return x;
}

void
exporter_free(struct exporter *x)
{
    if (x == NULL)
        return;
    if (x->state != NULL && x->format->close != NULL)
        x->format->close(x);
    free(x->state);
    free(x);
}

size_t
exporter_passes(const struct exporter *x)
{
    return x->passes;
}

int
exporter_begin(struct exporter *x, size_t pass, uint64_t rows,
               struct buffer *out, struct error *e)
{
    x->pass = pass;
    x->rows = rows;
    x->done = 0;
    return x->format->begin != NULL ? x->format->begin(x, out, e) : 0;
}

int
exporter_row(struct exporter *x, const struct block *b, uint32_t row,
             struct buffer *out, struct error *e)
{
    if (x->format->row(x, b, row, out, e) != 0)
        return -1;
    x->done++;
    return 0;
}

size_t
exporter_place(const struct exporter *x, size_t i)
{
    return x->opt.text.column[i];
}

const struct column *
exporter_column(const struct exporter *x, size_t i)
{
    return &x->schema->column[exporter_place(x, i)];
}

size_t
exporter_span(const struct column *c, const struct array *a, uint32_t row,
              size_t *from)
{
    if (c->shape == SHAPE_LIST) {
        *from = a->list[row];
        return a->list[row + 1] - a->list[row];
    }
    *from = (size_t)row * c->width;
    return c->width;
}

int
exporter_refuse(const struct column *c, const char *what, struct error *e)
{
    char is[TYPE_TEXT_MAX];

    column_type_text(c, is);
    return error_set(e, "column '%s' is %s, and %s", c->name, is, what);
}

int
exporter_word(const struct column *c, const struct array *a, size_t v,
              struct buffer *out, struct error *e)
{
    size_t len;
    const char *s;

    if (c->type != TYPE_STR)
        return format_number(out, c->type, a, v, e);
    s = array_str(a, v, &len);
    if (!feed_is_word(s, len))
        return error_set(e,
                         "column '%s': a text that is empty, no UTF-8, or has "
                         "blanks cannot be a word of a line",
                         c->name);
    return buffer_append(out, s, len, e);
}
