/*
 * Sparse rows as svm_light, libsvm, XGBoost and the LETOR sets have them:
 *
 *     LABEL [qid:QUERY] INDEX:VALUE ... [# anything]
 *
 * with indices that go up.  Read, it is the columns label, qid, index and
 * value, of which the last two are lists.  Written, the columns behind the
 * label are either these two lists, or numbers and vectors, whose elements are
 * counted from 1 and left out where they are 0.
 */
#include <stdlib.h>
#include <string.h>

#include "formats/parts.h"
#include "stream/text.h"

#define QID "qid:"

struct svmlight {
    struct buffer line; /* the first, which says whether there is a qid */
    bool queries;
};

static bool
is_qid(const char *s, size_t len)
{
    return len >= strlen(QID) && memcmp(s, QID, strlen(QID)) == 0;
}

/* The next line with something in it: 1, 0 at the end, -1. */
static int
next_line(struct importer *im, const char **line, size_t *len, struct error *e)
{
    const char *hash, *s;
    size_t left, word;
    int got;

    for (;;) {
        got = feed_line(&im->feed, line, len, e);
        if (got <= 0)
            return got;
        hash = memchr(*line, '#', *len);
        if (hash != NULL)
            *len = (size_t)(hash - *line);
        s = *line;
        left = *len;
        if (feed_word(&s, &left, &hash, &word))
            return 1;
    }
}

static int
add_columns(struct importer *im, bool queries, struct error *e)
{
    struct schema *s = &im->schema;

    if (schema_add(s, "label", TYPE_F32, SHAPE_SCALAR, 1, e) != 0 ||
        (queries && schema_add(s, "qid", TYPE_I64, SHAPE_SCALAR, 1, e) != 0) ||
        schema_add(s, "index", TYPE_U32, SHAPE_LIST, 0, e) != 0)
        return -1;
    return schema_add(s, "value", TYPE_F32, SHAPE_LIST, 0, e);
}

static int
open_in(struct importer *im, struct error *e)
{
    struct svmlight *s = mem_new(1, sizeof *s, e);
    const char *line, *word;
    size_t left, len;
    int got;

    im->state = s;
    if (s == NULL)
        return -1;
    got = next_line(im, &line, &left, e);
    if (got < 0)
        return feed_at_line(&im->feed, e);
    if (got == 0)
        return error_set(e, "%s: empty: not even one row", im->feed.name);
    if (buffer_append(&s->line, line, left, e) != 0)
        return -1;
    /* The word behind the label. */
    if (feed_word(&line, &left, &word, &len))
        s->queries = feed_word(&line, &left, &word, &len) && is_qid(word, len);
    return add_columns(im, s->queries, e);
}

/* "INDEX:VALUE" behind an index of BEFORE, which is -1 at first. */
static int
add_pair(struct importer *im, const char *s, size_t len, int64_t *before,
         struct error *e)
{
    const size_t index = im->schema.columns - 2;
    const char *colon = memchr(s, ':', len);
    struct array a;

    if (colon == NULL)
        return error_set(e, "'%.*s' is no INDEX:VALUE",
                         (int)(len < 40 ? len : 40), s);
    if (importer_add_text(im, index, s, (size_t)(colon - s), e) != 0 ||
        importer_add_text(im, index + 1, colon + 1,
                          len - (size_t)(colon + 1 - s), e) != 0)
        return -1;
    a = builder_array(&im->table.column[index]);
    if (array_u32(&a)[a.count - 1] <= *before)
        return error_set(e, "the indices do not go up");
    *before = array_u32(&a)[a.count - 1];
    return 0;
}

static int
add_line(struct importer *im, const char *line, size_t left, struct error *e)
{
    const struct svmlight *s = im->state;
    const size_t index = im->schema.columns - 2;
    int64_t before = -1;
    const char *word;
    size_t len;

    if (!feed_word(&line, &left, &word, &len) ||
        importer_add_text(im, 0, word, len, e) != 0)
        return -1;
    if (s->queries) {
        if (!feed_word(&line, &left, &word, &len) || !is_qid(word, len))
            return error_set(e, "no qid, which the first row has");
        if (importer_add_text(im, 1, word + strlen(QID), len - strlen(QID),
                              e) != 0)
            return -1;
    }
    while (feed_word(&line, &left, &word, &len))
        if (add_pair(im, word, len, &before, e) != 0)
            return -1;
    if (builder_end_row(&im->table.column[index], e) != 0)
        return -1;
    return builder_end_row(&im->table.column[index + 1], e);
}

static int
row_in(struct importer *im, struct error *e)
{
    struct svmlight *s = im->state;
    const char *line = (const char *)s->line.data;
    size_t len = s->line.len;
    int got = len > 0 ? 1 : next_line(im, &line, &len, e);

    if (got > 0 && add_line(im, line, len, e) != 0)
        got = -1;
    s->line.len = 0;
    return got < 0 ? feed_at_line(&im->feed, e) : got;
}

static void
close_in(struct importer *im)
{
    struct svmlight *s = im->state;

    buffer_free(&s->line);
}

const struct importer_format import_svmlight = {
    .name = "svmlight",
    .what = "sparse rows: label, qid, index:value",
    .open = open_in,
    .row = row_in,
    .close = close_in,
};

/* Are the columns behind the label lists of indices and of values? */
static bool
is_sparse(const struct exporter *x)
{
    const struct column *index, *value;

    if (x->opt.text.columns != 3)
        return false;
    index = exporter_column(x, 1);
    value = exporter_column(x, 2);
    return index->shape == SHAPE_LIST && index->type == TYPE_U32 &&
           value->shape == SHAPE_LIST && value->type != TYPE_STR;
}

static int
open_out(struct exporter *x, struct error *e)
{
    const struct column *label = exporter_column(x, 0);

    if (label->shape != SHAPE_SCALAR || label->type == TYPE_STR)
        return exporter_refuse(label, "a label is a number", e);
    if (x->opt.query >= 0) {
        const struct column *q = &x->schema->column[x->opt.query];

        if (q->shape != SHAPE_SCALAR || q->type == TYPE_STR ||
            q->type == TYPE_F32 || q->type == TYPE_F64)
            return exporter_refuse(q, "a qid is a whole number", e);
    }
    for (size_t i = 1; i < x->opt.text.columns && !is_sparse(x); i++)
        if (exporter_column(x, i)->shape == SHAPE_LIST ||
            exporter_column(x, i)->type == TYPE_STR)
            return exporter_refuse(exporter_column(x, i),
                                   "features are numbers and vectors, or u32[] "
                                   "of indices and a list of their values",
                                   e);
    return 0;
}

static int
put_pair(const struct column *c, const struct array *a, size_t v, size_t index,
         struct buffer *out, struct error *e)
{
    if (buffer_printf(out, e, " %zu:", index) != 0)
        return -1;
    return exporter_word(c, a, v, out, e);
}

static int
put_sparse(const struct exporter *x, const struct block *b, uint32_t row,
           struct buffer *out, struct error *e)
{
    const struct array *index = &b->column[exporter_place(x, 1)];
    const struct array *value = &b->column[exporter_place(x, 2)];
    size_t from, to;
    const size_t n = exporter_span(exporter_column(x, 1), index, row, &from);

    if (exporter_span(exporter_column(x, 2), value, row, &to) != n)
        return error_set(e, "not as many values as indices");
    for (size_t i = 0; i < n; i++) {
        const uint32_t *at = array_u32(index) + from + i;

        if (i > 0 && at[0] <= at[-1])
            return error_set(e, "the indices do not go up");
        if (put_pair(exporter_column(x, 2), value, to + i, *at, out, e) != 0)
            return -1;
    }
    return 0;
}

static int
put_dense(const struct exporter *x, const struct block *b, uint32_t row,
          struct buffer *out, struct error *e)
{
    size_t index = 1;

    for (size_t i = 1; i < x->opt.text.columns; i++) {
        const struct column *c = exporter_column(x, i);
        const struct array *a = &b->column[exporter_place(x, i)];
        size_t from;
        const size_t n = exporter_span(c, a, row, &from);

        for (size_t v = from; v < from + n; v++, index++) {
            const double number = array_number(a, c->type, v);

            if ((number < 0 || number > 0 || number != number) &&
                put_pair(c, a, v, index, out, e) != 0)
                return -1;
        }
    }
    return 0;
}

static int
row_out(struct exporter *x, const struct block *b, uint32_t row,
        struct buffer *out, struct error *e)
{
    if (exporter_word(exporter_column(x, 0), &b->column[exporter_place(x, 0)],
                      row, out, e) != 0)
        return -1;
    if (x->opt.query >= 0 &&
        (buffer_append(out, " " QID, 5, e) != 0 ||
         exporter_word(&x->schema->column[x->opt.query],
                       &b->column[x->opt.query], row, out, e) != 0))
        return -1;
    if ((is_sparse(x) ? put_sparse(x, b, row, out, e)
                      : put_dense(x, b, row, out, e)) != 0)
        return -1;
    return buffer_append(out, "\n", 1, e);
}

const struct exporter_format export_svmlight = {
    .name = "svmlight",
    .what = "a label and features, as svm_light and libsvm read them",
    .takes = EXPORT_QID,
    .least = 2,
    .roles = "a label, then features",
    .open = open_out,
    .row = row_out,
};
