/*
 * A record stream in a report: what its columns have of lists, of what is
 * relevant, and of measurements; and how it was made.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter/filter.h"
#include "filter/report.h"
#include "metrics/mean.h"
#include "metrics/ranking.h"
#include "rows/value.h"

/* Columns are -1 when they are not there. */
struct stream {
    struct report *r;
    size_t file;
    struct input *in;
    long candidates, scores, truth, query;
    struct report_lists lists;
    struct hits hits;
    size_t feature; /* of the titles */
    long *metric;   /* [metrics]: columns */
    struct mean *mean;
    size_t metrics;
};

static bool
is_metric(const struct column *c)
{
    const char *at = strrchr(c->name, '@');

    return c->type == TYPE_F64 && c->shape == SHAPE_SCALAR && at != NULL &&
           at > c->name && at[1] != '\0' &&
           strlen(c->name) < REPORT_METRIC_MAX &&
           strspn(at + 1, "0123456789") == strlen(at + 1);
}

static struct report_text
text_of(const char *s, size_t len)
{
    struct error e;

    return (struct report_text){ must_have(mem_string(s, len, &e), &e), len };
}

/* The raw column of feature PART.COLUMN.ENCODER, as rows had it before they
 * were featurised, or -1. */
static long
raw_column(const struct schema *s, const char *feature)
{
    const char *from = strchr(feature, '.'), *to = strrchr(feature, '.');
    char name[SCHEMA_NAME_MAX + 1];

    if (from == NULL || from == to)
        return -1;
    snprintf(name, sizeof name, "%.*s", (int)(to - from - 1), from + 1);
    return schema_find(s, name);
}

/* What tells queries apart: --by, the raw column of the first
 * query.*.lookup, or that. */
static long
query_column(const struct stream *t)
{
    const struct schema *s = input_schema(t->in);
    long id, raw;

    if (t->r->opt.by != NULL)
        return (long)input_column(t->in, t->r->opt.by);
    id = input_query_column(t->in);
    raw = id >= 0 ? raw_column(s, s->column[id].name) : -1;
    return raw >= 0 && s->column[raw].shape == SHAPE_SCALAR ? raw : id;
}

/* The relevant ids are in --truth, or in what meta key names. */
static long
truth_column(const struct stream *t)
{
    const struct schema *s = input_schema(t->in);
    const char *key = t->r->opt.truth;
    const struct column *c;
    long at;

    if (key == NULL)
        key = schema_meta(s, "key");
    else
        (void)input_column(t->in, key);
    at = key != NULL ? schema_find(s, key) : -1;
    c = at >= 0 ? &s->column[at] : NULL;
    if (c != NULL && (c->type != TYPE_U32 || c->shape == SHAPE_VECTOR))
        input_bad(t->in, "column '%s' is no u32 or u32[], as ids are", key);
    return at;
}

static void
find_columns(struct stream *t)
{
    const struct schema *s = input_schema(t->in);

    t->candidates = schema_find(s, "candidates");
    t->scores = schema_find(s, "scores");
    t->truth = t->query = -1;
    t->metric = must_new(s->columns, sizeof *t->metric);
    t->mean = must_new(s->columns, sizeof *t->mean);
    for (size_t i = 0; i < s->columns; i++)
        if (is_metric(&s->column[i]))
            t->metric[t->metrics++] = (long)i;
    if (t->candidates < 0)
        return;
    (void)input_column_of(t->in, "candidates", TYPE_U32, SHAPE_LIST);
    if (t->scores >= 0)
        (void)input_column_of(t->in, "scores", TYPE_F32, SHAPE_LIST);
    t->truth = truth_column(t);
    t->query = query_column(t);
    if (t->query >= 0) {
        const char *name = s->column[t->query].name;
        struct error e;

        t->lists.by = must_have(mem_string(name, strlen(name), &e), &e);
    }
}

/* Values FROM to FROM + N - 1 of column A belong to row ROW. */
static size_t
row_range(const struct array *a, uint32_t row, size_t *n)
{
    *n = a->list != NULL ? a->list[row + 1] - a->list[row] : 1;
    return a->list != NULL ? a->list[row] : row;
}

/* What people call item ID. */
static struct report_text
title(const struct stream *t, uint32_t id)
{
    const struct vocabulary *v = t->r->opt.titles;
    const char *key;
    char number[16];
    size_t len;

    if (v == NULL) {
        len = (size_t)snprintf(number, sizeof number, "%u", (unsigned)id);
        return text_of(number, len);
    }
    key = vocabulary_key(v, t->feature, id, &len);
    if (key == NULL)
        input_bad(t->in, "item %u, but the vocabulary's ids are below %u",
                  (unsigned)id, (unsigned)v->spec.feature[t->feature].size);
    return text_of(key, len);
}

static struct report_text
query_text(const struct stream *t, const struct block *b, uint32_t row)
{
    const struct column *c;
    char text[KEY_TEXT_MAX];
    size_t len;
    const char *s;

    if (t->query < 0) {
        const uint64_t read = reader_rows(input_reader(t->in));

        snprintf(text, sizeof text, "%" PRIu64, read - b->rows + row + 1);
        return text_of(text, strlen(text));
    }
    c = &input_schema(t->in)->column[t->query];
    if (c->type == TYPE_STR && c->shape == SHAPE_SCALAR) {
        s = array_str(&b->column[t->query], row, &len);
        return text_of(s, len);
    }
    {
        struct error e;

        if (key_check(c, &e) != 0)
            input_bad(t->in, "%s", e.text);
    }
    key_text(text, &b->column[t->query], c->type, row);
    return text_of(text, strlen(text));
}

/* Keep the list of row ROW when it is of a query that has none yet; what is
 * relevant is in hits. */
static void
show(struct stream *t, const struct block *b, uint32_t row)
{
    struct report_lists *l = &t->lists;
    const struct array *a = &b->column[t->candidates];
    struct report_text query = query_text(t, b, row);
    struct report_list *list;
    size_t n, at = row_range(a, row, &n);

    for (size_t i = 0; i < l->shown; i++)
        if (l->list[i].query.len == query.len &&
            memcmp(l->list[i].query.s, query.s, query.len) == 0) {
            free(query.s);
            return;
        }
    l->list = report_more(l->list, &l->shown, sizeof *l->list);
    list = &l->list[l->shown - 1];
    list->query = query;
    list->items = n < REPORT_LIST_MAX ? n : REPORT_LIST_MAX;
    for (size_t i = 0; i < list->items; i++) {
        list->item[i] = title(t, array_u32(a)[at + i]);
        list->score[i] = t->scores >= 0
                             ? (double)array_f32(&b->column[t->scores])[at + i]
                             : (double)NAN;
    }
    for (size_t i = 0; i < t->hits.count; i++)
        if (t->hits.rank[i] <= list->items)
            list->hit[t->hits.rank[i] - 1] = true;
    if (t->truth < 0)
        return;
    list->relevant = t->hits.relevant;
    list->found = t->hits.count;
    if (t->hits.relevant == 0)
        return;
    if (t->hits.count > 0) {
        list->wanted_rank = t->hits.rank[0];
        list->wanted = title(t, array_u32(a)[at + t->hits.rank[0] - 1]);
    } else {
        list->wanted = title(t, t->hits.truth[0].id);
    }
}

/* Where the row's relevant items stand in its list. */
static void
look_up(struct stream *t, const struct block *b, uint32_t row)
{
    struct report_lists *l = &t->lists;
    const struct array *truth = &b->column[t->truth];
    const struct array *a = &b->column[t->candidates];
    size_t truths, n;
    const size_t from = row_range(truth, row, &truths);
    const size_t at = row_range(a, row, &n);
    struct error e;

    must(hits_relevant(&t->hits, array_u32(truth) + from, NULL, truths, &e),
         &e);
    hits_find(&t->hits, array_u32(a) + at, n);
    if (n > l->longest || l->at == NULL) {
        const size_t old = l->at != NULL ? l->longest + 1 : 0;

        l->longest = n;
        l->at = must_grow(l->at, &l->cap, n + 1, sizeof *l->at);
        memset(l->at + old, 0, (n + 1 - old) * sizeof *l->at);
    }
    l->queries += t->hits.relevant > 0;
    l->relevant += t->hits.relevant;
    for (size_t i = 0; i < t->hits.count; i++)
        l->at[t->hits.rank[i]]++;
}

static void
read_block(struct stream *t, const struct block *b)
{
    for (size_t m = 0; m < t->metrics; m++) {
        const double *v = b->column[t->metric[m]].values;

        for (uint32_t row = 0; row < b->rows; row++)
            if (!isnan(v[row]))
                mean_add(&t->mean[m], v[row]);
    }
    for (uint32_t row = 0; t->candidates >= 0 && row < b->rows; row++) {
        size_t n;

        if (t->scores >= 0 && b->column[t->scores].list[row + 1] !=
                                  b->column[t->candidates].list[row + 1])
            input_bad_row(t->in, row, "scores and candidates differ in number");
        if (t->truth >= 0)
            look_up(t, b, row);
        (void)row_range(&b->column[t->candidates], row, &n);
        if (t->lists.shown < t->r->opt.lists && n > 0)
            show(t, b, row);
    }
}

static void
keep_figures(struct stream *t)
{
    struct report *r = t->r;
    struct report_measure *m;
    struct error e;

    r->measure = report_more(r->measure, &r->measures, sizeof *r->measure);
    m = &r->measure[r->measures - 1];
    m->file = t->file;
    m->name = must_have(
        mem_string(r->file[t->file].name, strlen(r->file[t->file].name), &e),
        &e);
    for (size_t i = 0; i < t->metrics; i++) {
        const struct mean *mean = &t->mean[i];
        struct report_figure *f =
            report_figure(m, input_schema(t->in)->column[t->metric[i]].name);

        if (mean->n == 0)
            input_bad(t->in, "no row was measured");
        /* What a chart can show. */
        if (!(fabs(mean_value(mean)) < 1e38))
            input_bad(t->in, "column '%s' has no numbers of a metric",
                      f->metric);
        f->value = mean_value(mean);
        f->low = f->value - mean_ci95(mean);
        f->high = f->value + mean_ci95(mean);
        f->rows = mean->n;
    }
}

/* The titles' feature: the lists' own, else the key. */
static void
find_titles(struct stream *t)
{
    const struct spec *spec =
        t->r->opt.titles != NULL ? &t->r->opt.titles->spec : NULL;

    for (size_t i = 0; spec != NULL && i < spec->features; i++)
        if (spec->feature[i].key) {
            t->feature = i;
            input_check_ids(t->in, &spec->feature[i], "the vocabulary");
            return;
        }
    if (spec != NULL)
        die("the vocabulary has no key, so there are no titles in it");
}

static void
keep_steps(struct stream *t)
{
    const struct schema *s = input_schema(t->in);
    struct report_file *f = &t->r->file[t->file];
    struct error e;

    f->steps = s->steps;
    f->step = must_new(s->steps, sizeof *f->step);
    for (size_t i = 0; i < s->steps; i++)
        f->step[i] =
            must_have(mem_string(s->step[i], strlen(s->step[i]), &e), &e);
    f->what = t->candidates >= 0                ? "lists"
              : t->metrics > 0                  ? "measurements"
              : schema_meta(s, "model") != NULL ? "model"
                                                : "record stream";
}

void
report_read_stream(struct report *r, size_t file, int fd)
{
    struct stream t = { .r = r, .file = file };
    struct block b;

    t.in = input_open_fd(fd, r->file[file].path);
    t.lists.file = file;
    find_columns(&t);
    if (t.candidates >= 0)
        find_titles(&t);
    keep_steps(&t);
    while (input_next(t.in, &b))
        read_block(&t, &b);
    r->file[file].rows = reader_rows(input_reader(t.in));
    if (t.metrics > 0)
        keep_figures(&t);
    if (t.candidates >= 0) {
        r->lists = report_more(r->lists, &r->streams, sizeof *r->lists);
        r->lists[r->streams - 1] = t.lists;
    }
    hits_free(&t.hits);
    free(t.metric);
    free(t.mean);
    input_close(t.in);
}
