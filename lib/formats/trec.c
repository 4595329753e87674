/*
 * What trec_eval and its kin read: runs and judgements, words of a line with
 * blanks between them.
 *
 *     run     query Q0 document rank score name
 *     qrels   query 0 document relevance
 *
 * A run's lines of one query follow each other and are one row, with lists.
 * trec_eval sorts by score, as float, and equal ones by document, descending;
 * the rank it ignores, and so do we.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/intern.h"
#include "formats/parts.h"
#include "stream/text.h"

#define RUN_WORDS 6
#define QRELS_WORDS 4

struct word {
    const char *s;
    size_t len;
};

/* What has to be remembered of a run: the first line of the next query, and the
 * queries so far, because one that comes back would be two rows. */
struct run {
    struct buffer query; /* of the row that is being made */
    struct buffer line;  /* which does not belong to it; empty: none */
    struct intern *seen;
};

/* LINE is N words, whatever its blanks. */
static int
split(const char *line, size_t left, struct word *w, size_t n, struct error *e)
{
    struct word more;

    for (size_t i = 0; i < n; i++)
        if (!feed_word(&line, &left, &w[i].s, &w[i].len) ||
            !feed_is_word(w[i].s, w[i].len))
            return error_set(e, "not %zu words with blanks between them", n);
    if (feed_word(&line, &left, &more.s, &more.len))
        return error_set(e, "more than %zu words", n);
    return 0;
}

static int
open_run(struct importer *im, struct error *e)
{
    struct run *r = mem_new(1, sizeof *r, e);
    struct listed_column c[3];

    im->state = r;
    if (r == NULL || (r->seen = intern_new(e)) == NULL ||
        importer_columns(im, "query candidates scores:f32", c, 3, e) != 0)
        return -1;
    if (!c[2].typed)
        c[2].type.type = TYPE_F32;
    if (c[2].type.type != TYPE_F32 && c[2].type.type != TYPE_F64)
        return error_set(e, "scores are f32 or f64");
    if (importer_add(im, &c[0], c[0].type.type, SHAPE_SCALAR, 1, e) != 0 ||
        importer_add(im, &c[1], c[1].type.type, SHAPE_LIST, 0, e) != 0)
        return -1;
    return importer_add(im, &c[2], c[2].type.type, SHAPE_LIST, 0, e);
}

/* A line of the query that the row is about, or its first. */
static int
add_line(struct importer *im, const struct word *w, struct error *e)
{
    if (importer_add_text(im, 1, w[2].s, w[2].len, e) != 0)
        return -1;
    return importer_add_text(im, 2, w[4].s, w[4].len, e);
}

/* Begin the row of the query that W, the words of its first line, names. */
static int
begin_row(struct importer *im, const struct word *w, struct error *e)
{
    struct run *r = im->state;
    const uint32_t before = intern_count(r->seen);
    const uint32_t number = intern_add(r->seen, w[0].s, w[0].len, e);

    if (number == INTERN_NONE)
        return -1;
    if (number < before)
        return error_set(e,
                         "query '%.*s' once more: its lines have to follow "
                         "each other",
                         (int)(w[0].len < 80 ? w[0].len : 80), w[0].s);
    r->query.len = 0;
    if (buffer_append(&r->query, w[0].s, w[0].len, e) != 0 ||
        importer_add_text(im, 0, w[0].s, w[0].len, e) != 0)
        return -1;
    return add_line(im, w, e);
}

/* The next line that is not empty: 1 with its words, 0 at the end, -1. */
static int
next_words(struct importer *im, struct word *w, size_t n, struct error *e)
{
    const char *line;
    size_t len;
    int got;

    do
        got = feed_line(&im->feed, &line, &len, e);
    while (got > 0 && len == 0);
    if (got > 0 && split(line, len, w, n, e) != 0)
        return -1;
    return got;
}

static int
add_lists(struct importer *im, struct error *e)
{
    struct run *r = im->state;
    struct word w[RUN_WORDS];
    int got;

    if (r->line.len > 0) {
        if (split((const char *)r->line.data, r->line.len, w, RUN_WORDS, e) !=
            0)
            return -1;
        got = 1;
    } else {
        got = next_words(im, w, RUN_WORDS, e);
    }
    if (got <= 0)
        return got;
    if (begin_row(im, w, e) != 0)
        return -1;
    r->line.len = 0;
    while ((got = next_words(im, w, RUN_WORDS, e)) > 0) {
        if (w[0].len != r->query.len ||
            memcmp(w[0].s, r->query.data, w[0].len) != 0)
            break;
        if (add_line(im, w, e) != 0)
            return -1;
    }
    if (got > 0 && buffer_append(&r->line, w[0].s,
                                 (size_t)(w[5].s + w[5].len - w[0].s), e) != 0)
        return -1;
    if (got < 0 || builder_end_row(&im->table.column[1], e) != 0 ||
        builder_end_row(&im->table.column[2], e) != 0)
        return -1;
    return 1;
}

static int
row_run(struct importer *im, struct error *e)
{
    const int got = add_lists(im, e);

    return got < 0 ? feed_at_line(&im->feed, e) : got;
}

static void
close_run(struct importer *im)
{
    struct run *r = im->state;

    buffer_free(&r->query);
    buffer_free(&r->line);
    intern_free(r->seen);
}

const struct importer_format import_trec_run = {
    .name = "trec-run",
    .what = "ranked documents of queries; a row a query",
    .takes = IMPORT_COLUMNS,
    .open = open_run,
    .row = row_run,
    .close = close_run,
};

static int
open_qrels(struct importer *im, struct error *e)
{
    struct listed_column c[3];

    if (importer_columns(im, "query item relevance", c, 3, e) != 0)
        return -1;
    if (!c[2].typed)
        c[2].type.type = TYPE_I32;
    if (c[2].type.type == TYPE_STR)
        return error_set(e, "relevance is a number");
    for (size_t i = 0; i < 3; i++)
        if (importer_add(im, &c[i], c[i].type.type, SHAPE_SCALAR, 1, e) != 0)
            return -1;
    return 0;
}

static int
row_qrels(struct importer *im, struct error *e)
{
    struct word w[QRELS_WORDS];
    int got = next_words(im, w, QRELS_WORDS, e);

    if (got > 0 && (importer_add_text(im, 0, w[0].s, w[0].len, e) != 0 ||
                    importer_add_text(im, 1, w[2].s, w[2].len, e) != 0 ||
                    importer_add_text(im, 2, w[3].s, w[3].len, e) != 0))
        got = -1;
    return got < 0 ? feed_at_line(&im->feed, e) : got;
}

const struct importer_format import_trec_qrels = {
    .name = "trec-qrels",
    .what = "judgements: what is relevant to which query",
    .takes = IMPORT_COLUMNS,
    .open = open_qrels,
    .row = row_qrels,
};

/* The queries of a run so far, and the one that is written. */
struct written {
    struct intern *queries;
    struct buffer query;
};

static void
close_run_out(struct exporter *x)
{
    struct written *r = x->state;

    intern_free(r->queries);
    buffer_free(&r->query);
}

/* Of two columns the candidates and the scores; of three the queries first. */
static int
open_run_out(struct exporter *x, struct error *e)
{
    const size_t n = x->opt.text.columns;
    const struct column *candidates = exporter_column(x, n - 2);
    const struct column *scores = exporter_column(x, n - 1);
    struct written *r;

    if (n == 3 && exporter_column(x, 0)->shape != SHAPE_SCALAR)
        return exporter_refuse(exporter_column(x, 0), "a query is one value",
                               e);
    if (candidates->shape != SHAPE_LIST)
        return exporter_refuse(candidates, "candidates are a list", e);
    if (scores->shape != SHAPE_LIST ||
        (scores->type != TYPE_F32 && scores->type != TYPE_F64))
        return exporter_refuse(scores, "scores are a list of f32 or f64", e);
    if (!feed_is_word(x->opt.run, strlen(x->opt.run)))
        return error_set(e, "the name of the run is to be one word");
    x->state = r = mem_new(1, sizeof *r, e);
    if (r == NULL)
        return -1;
    r->queries = intern_new(e);
    return r->queries != NULL ? 0 : -1;
}

/* What reads a run takes lines of one query for one list. */
static int
run_query(struct exporter *x, const struct block *b, uint32_t row,
          struct error *e)
{
    struct written *r = x->state;
    const uint32_t so_far = intern_count(r->queries);

    r->query.len = 0;
    if (x->opt.text.columns < 3)
        return buffer_printf(&r->query, e, "%" PRIu64, x->done + 1);
    if (exporter_word(exporter_column(x, 0), &b->column[exporter_place(x, 0)],
                      row, &r->query, e) != 0 ||
        intern_add(r->queries, r->query.data, r->query.len, e) == INTERN_NONE)
        return -1;
    if (intern_count(r->queries) == so_far)
        return error_set(e,
                         "query %.*s has a list already (with --columns "
                         "candidates,scores rows are numbered)",
                         (int)r->query.len, (const char *)r->query.data);
    return 0;
}

static int
run_line(struct exporter *x, const struct block *b, uint32_t row, size_t rank,
         struct buffer *out, struct error *e)
{
    const size_t n = x->opt.text.columns;
    const size_t item = exporter_place(x, n - 2),
                 score = exporter_place(x, n - 1);
    const struct array *scores = &b->column[score];
    const struct buffer *query = &((struct written *)x->state)->query;
    int status;

    if (buffer_append(out, query->data, query->len, e) != 0 ||
        buffer_append(out, " Q0 ", 4, e) != 0 ||
        exporter_word(&x->schema->column[item], &b->column[item],
                      b->column[item].list[row] + rank, out, e) != 0 ||
        buffer_printf(out, e, " %zu ", rank + 1) != 0)
        return -1;
    if (x->opt.rank_scores)
        status = buffer_printf(out, e, "-%zu", rank + 1);
    else
        status = exporter_word(&x->schema->column[score], scores,
                               scores->list[row] + rank, out, e);
    return status == 0 ? buffer_printf(out, e, " %s\n", x->opt.run) : -1;
}

static int
row_run_out(struct exporter *x, const struct block *b, uint32_t row,
            struct buffer *out, struct error *e)
{
    const size_t n = x->opt.text.columns;
    const uint32_t *items = b->column[exporter_place(x, n - 2)].list;
    const uint32_t *scores = b->column[exporter_place(x, n - 1)].list;
    const size_t length = items[row + 1] - items[row];

    if (scores[row + 1] - scores[row] != length)
        return error_set(e, "%zu candidates, %u scores", length,
                         (unsigned)(scores[row + 1] - scores[row]));
    if (run_query(x, b, row, e) != 0)
        return -1;
    for (size_t rank = 0; rank < length; rank++)
        if (run_line(x, b, row, rank, out, e) != 0)
            return -1;
    return 0;
}

const struct exporter_format export_trec_run = {
    .name = "trec-run",
    .what = "lists of candidates and scores as a run for trec_eval",
    .takes = EXPORT_RUN,
    .least = 2,
    .most = 3,
    .roles = "queries, or none to number them, candidates and scores",
    .columns = "candidates,scores",
    .first = "query",
    .open = open_run_out,
    .row = row_run_out,
    .close = close_run_out,
};

static int
open_qrels_out(struct exporter *x, struct error *e)
{
    for (size_t i = 0; i < 3; i++) {
        const struct column *c = exporter_column(x, i);

        if (c->shape != SHAPE_SCALAR)
            return exporter_refuse(c, "a judgement is one value of each", e);
        if (i == 2 &&
            (c->type == TYPE_STR || c->type == TYPE_F32 || c->type == TYPE_F64))
            return exporter_refuse(c, "relevance is a whole number", e);
    }
    return 0;
}

static int
row_qrels_out(struct exporter *x, const struct block *b, uint32_t row,
              struct buffer *out, struct error *e)
{
    for (size_t i = 0; i < 3; i++)
        if ((i > 0 && buffer_append(out, i == 1 ? " 0 " : " ", i == 1 ? 3 : 1,
                                    e) != 0) ||
            exporter_word(exporter_column(x, i),
                          &b->column[exporter_place(x, i)], row, out, e) != 0)
            return -1;
    return buffer_append(out, "\n", 1, e);
}

const struct exporter_format export_trec_qrels = {
    .name = "trec-qrels",
    .what = "queries, items and grades as judgements for trec_eval",
    .least = 3,
    .most = 3,
    .roles = "queries, items and relevance",
    .open = open_qrels_out,
    .row = row_qrels_out,
};
