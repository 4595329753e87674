/*
 * Text with tabs: a log of training, figures of rec-ndcg, or a comparison of
 * rec-compare.  The header line says which.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "filter/filter.h"
#include "filter/report.h"
#include "stream/csv.h"

#define COLUMNS_MAX 64

struct text {
    struct report *r;
    size_t file;
    const char *path;
    struct csv_reader *csv;
    struct csv_row row;
    char *column[COLUMNS_MAX]; /* names */
    size_t columns;
};

static _Noreturn void
bad(const struct text *t, const char *what)
{
    die("%s: line %" PRIu64 ": %s", t->path, t->row.line, what);
}

static bool
next(struct text *t)
{
    struct error e;
    const int got = csv_reader_next(t->csv, &t->row, &e);

    must(got < 0 ? -1 : 0, &e);
    if (got > 0 && t->columns > 0 && t->row.fields != t->columns)
        die("%s: line %" PRIu64 ": %zu fields, and the header has %zu", t->path,
            t->row.line, t->row.fields, t->columns);
    return got > 0;
}

static void
read_header(struct text *t)
{
    struct error e;

    if (!next(t) || t->row.fields < 2 || t->row.fields > COLUMNS_MAX)
        die("%s: neither a record stream nor text with tabs that rec-report "
            "knows",
            t->path);
    for (size_t i = 0; i < t->row.fields; i++) {
        size_t len;
        const char *s = csv_field(&t->row, i, &len);

        t->column[i] = must_have(mem_string(s, len, &e), &e);
    }
    t->columns = t->row.fields;
}

/* The index of column NAME, -1 when it is not there. */
static int
find(const struct text *t, const char *name)
{
    for (size_t i = 0; i < t->columns; i++)
        if (strcmp(t->column[i], name) == 0)
            return (int)i;
    return -1;
}

/* The number in COLUMN: NaN where there is no such column. */
static double
number(const struct text *t, int column)
{
    size_t len;
    const char *s;
    double v;

    if (column < 0)
        return (double)NAN;
    s = csv_field(&t->row, (size_t)column, &len);
    if (len == 1 && *s == '-')
        return (double)NAN;
    /* What a chart can show, and far more than a loss may be. */
    if (!number_f64(s, len, &v) || fabs(v) > 1e38)
        die("%s: line %" PRIu64 ": %s '%.*s' is no number", t->path,
            t->row.line, t->column[column], (int)(len < 40 ? len : 40), s);
    return v;
}

static uint64_t
whole(const struct text *t, int column)
{
    size_t len;
    const char *s = csv_field(&t->row, (size_t)column, &len);
    uint64_t v;

    if (!number_u64(s, len, &v))
        die("%s: line %" PRIu64 ": %s '%.*s' is no whole number", t->path,
            t->row.line, t->column[column], (int)(len < 40 ? len : 40), s);
    return v;
}

static void
read_log(struct text *t)
{
    struct report *r = t->r;
    struct report_log *log;
    struct error e;

    r->log = report_more(r->log, &r->logs, sizeof *r->log);
    log = &r->log[r->logs - 1];
    log->file = t->file;
    log->columns = t->columns;
    log->column = must_new(t->columns, sizeof *log->column);
    for (size_t i = 0; i < t->columns; i++)
        log->column[i] =
            must_have(mem_string(t->column[i], strlen(t->column[i]), &e), &e);
    while (next(t)) {
        double *v;

        log->value = must_grow(log->value, &log->cap,
                               (log->rows + 1) * t->columns, sizeof *v);
        v = log->value + log->rows * t->columns;
        for (size_t i = 0; i < t->columns; i++)
            v[i] = number(t, (int)i);
        if (isnan(v[0]) || (log->rows > 0 && v[0] <= v[-(long)t->columns]))
            bad(t, "epochs go up");
        log->rows++;
    }
    if (log->rows == 0)
        die("%s: a log without an epoch", t->path);
    r->file[t->file].what = "training log";
    r->file[t->file].rows = log->rows;
}

/* "ndcg@10" of the row, in OUT. */
static void
metric_of(const struct text *t, char out[REPORT_METRIC_MAX])
{
    const int k = find(t, "k");
    size_t len;
    const char *s = csv_field(&t->row, (size_t)find(t, "metric"), &len);

    if (len == 0 || len > 40)
        bad(t, "no name of a metric");
    if (k >= 0)
        snprintf(out, REPORT_METRIC_MAX, "%.*s@%" PRIu64, (int)len, s,
                 whole(t, k));
    else
        snprintf(out, REPORT_METRIC_MAX, "%.*s", (int)len, s);
}

/* Which of the file's lists the row is about; without a column that says it
 * there is one, named as the file. */
static struct report_measure *
measure_of(struct text *t, int lists, size_t first)
{
    struct report *r = t->r;
    const char *s = r->file[t->file].name;
    size_t len = strlen(s);
    struct report_measure *m;
    struct error e;

    if (lists >= 0)
        s = csv_field(&t->row, (size_t)lists, &len);
    for (size_t i = first; i < r->measures; i++)
        if (strlen(r->measure[i].name) == len &&
            memcmp(r->measure[i].name, s, len) == 0)
            return &r->measure[i];
    r->measure = report_more(r->measure, &r->measures, sizeof *r->measure);
    m = &r->measure[r->measures - 1];
    m->file = t->file;
    m->name = must_have(mem_string(s, len, &e), &e);
    return m;
}

static void
read_figures(struct text *t)
{
    struct report *r = t->r;
    const size_t first = r->measures;
    const int value = find(t, "value"), ci95 = find(t, "ci95");
    const int rows = find(t, "rows"), seed = find(t, "seed");
    const int lists = seed >= 0 ? seed : find(t, "lists");
    uint64_t lines = 0;

    for (; next(t); lines++) {
        struct report_measure *m = measure_of(t, lists, first);
        char metric[REPORT_METRIC_MAX];
        struct report_figure *f;

        metric_of(t, metric);
        if (report_find(m, metric) != NULL)
            bad(t, "a second figure of one metric and depth");
        f = report_figure(m, metric);
        f->value = number(t, value);
        if (isnan(f->value))
            bad(t, "a figure that is no number");
        f->low = f->value - number(t, ci95);
        f->high = f->value + number(t, ci95);
        f->rows = rows >= 0 ? whole(t, rows) : 0;
    }
    if (lines == 0)
        die("%s: figures without a line", t->path);
    r->file[t->file].what = "figures";
    r->file[t->file].rows = lines;
}

static void
read_comparison(struct text *t)
{
    struct report *r = t->r;
    struct report_measure *m;

    r->comparison =
        report_more(r->comparison, &r->comparisons, sizeof *r->comparison);
    m = &r->comparison[r->comparisons - 1];
    m->file = t->file;
    while (next(t)) {
        char metric[REPORT_METRIC_MAX];
        struct report_figure *f;

        metric_of(t, metric);
        f = report_figure(m, metric);
        f->value = number(t, find(t, "difference"));
        if (isnan(f->value))
            bad(t, "a difference that is no number");
        f->low = number(t, find(t, "low"));
        f->high = number(t, find(t, "high"));
        f->a = number(t, find(t, "a"));
        f->b = number(t, find(t, "b"));
        f->p = number(t, find(t, "p"));
        f->rows = whole(t, find(t, "rows"));
    }
    if (m->figures == 0)
        die("%s: a comparison without a line", t->path);
    r->file[t->file].what = "comparison";
    r->file[t->file].rows = m->figures;
}

/* Are all of these among the columns? */
static bool
has(const struct text *t, const char *const *name)
{
    for (; *name != NULL; name++)
        if (find(t, *name) < 0)
            return false;
    return true;
}

void
report_read_text(struct report *r, size_t file, int fd)
{
    static const char *const log[] = { "loss", NULL };
    static const char *const figures[] = { "metric", "value", NULL };
    static const char *const comparison[] = { "metric",     "a",    "b",
                                              "difference", "low",  "high",
                                              "p",          "rows", NULL };
    struct text t = { .r = r, .file = file, .path = r->file[file].path };
    const struct csv_options opt = { .name = t.path, .delimiter = '\t' };
    struct error e;

    t.csv = must_have(csv_reader_new(fd, &opt, &e), &e);
    read_header(&t);
    if (strcmp(t.column[0], "epoch") == 0 && has(&t, log))
        read_log(&t);
    else if (has(&t, comparison))
        read_comparison(&t);
    else if (has(&t, figures))
        read_figures(&t);
    else
        bad(&t, "the columns are those of no log, figures or comparison");
    for (size_t i = 0; i < t.columns; i++)
        free(t.column[i]);
    csv_reader_free(t.csv);
}
