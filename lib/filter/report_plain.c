/*
 * The report as lines for a terminal.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter/filter.h"
#include "filter/report.h"

#define SPARK 40
#define NAMES 16
#define CELL 20

static void
put_name(struct page *p, const char *s, size_t columns)
{
    page_plain(p, s, strlen(s), columns, true);
}

static void
put_heading(struct page *p, const char *text)
{
    page_put(p, "\n%s\n\n", text);
}

/* Blanks, and then TEXT, of which WIDE characters are seen, up to column. */
static void
put_right(struct page *p, const char *text, size_t wide, size_t columns)
{
    for (size_t i = wide; i < columns; i++)
        page_put(p, " ");
    page_put(p, "%s", text);
}

static void
put_quality(struct page *p, const struct report *r)
{
    const int decimals = report_decimals(r->measure, r->measures);
    size_t metrics;
    const char **metric = report_metrics(r->measure, r->measures, &metrics);

    if (r->measures > 0) {
        put_heading(p, "How good the lists are");
        page_put(p, "  ");
        put_name(p, "metric", NAMES);
        for (size_t m = 0; m < r->measures; m++) {
            page_put(p, "  ");
            put_name(p, r->measure[m].name, CELL);
        }
        page_put(p, "\n");
    }
    for (size_t i = 0; i < metrics; i++) {
        char name[REPORT_METRIC_MAX];

        report_metric_name(name, metric[i]);
        page_put(p, "  ");
        put_name(p, name, NAMES);
        for (size_t m = 0; m < r->measures; m++) {
            const struct report_figure *f =
                report_find(&r->measure[m], metric[i]);
            char value[PAGE_NUMBER_MAX], half[PAGE_NUMBER_MAX] = "";
            char cell[2 * PAGE_NUMBER_MAX + 8];

            page_number(value, f != NULL ? f->value : (double)NAN, decimals);
            if (f != NULL && !isnan(f->low))
                page_number(half, (f->high - f->low) / 2, decimals);
            snprintf(cell, sizeof cell, "%s%s%s", value,
                     *half != '\0' ? " \u00b1 " : "", half);
            page_put(p, "  ");
            put_name(p, cell, CELL);
        }
        page_put(p, "\n");
    }
    free(metric);
}

static void
put_comparisons(struct page *p, const struct report *r)
{
    for (size_t i = 0; i < r->comparisons; i++) {
        const struct report_measure *m = &r->comparison[i];
        const int decimals = report_decimals(m, 1);

        put_heading(p, "Is the difference real?");
        for (size_t k = 0; k < m->figures; k++) {
            const struct report_figure *f = &m->figure[k];
            char name[REPORT_METRIC_MAX], v[PAGE_NUMBER_MAX],
                low[PAGE_NUMBER_MAX], high[PAGE_NUMBER_MAX];

            report_metric_name(name, f->metric);
            page_number(v, f->value, decimals);
            page_number(low, f->low, decimals);
            page_number(high, f->high, decimals);
            page_put(p, "  ");
            put_name(p, name, NAMES);
            page_put(p, "  %s, from %s to %s, p %.4f\n", v, low, high, f->p);
        }
    }
}

static void
put_ranks(struct page *p, const struct report *r)
{
    bool said = false;

    for (size_t i = 0; i < r->streams; i++) {
        const struct report_lists *l = &r->lists[i];
        const uint64_t found =
            l->relevant > 0 ? report_found(l, l->longest) : 0;
        char a[PAGE_NUMBER_MAX], b[PAGE_NUMBER_MAX];
        struct report_ranks ranks;
        double most = 0;

        if (l->relevant == 0 || l->longest == 0)
            continue;
        if (!said)
            put_heading(p, "Where the relevant item stood");
        said = true;
        page_number(a, (double)found, 0);
        page_number(b, (double)l->relevant, 0);
        page_put(p, "  ");
        put_name(p, r->file[l->file].name, 0);
        page_put(p, ": %s of %s relevant items are in the lists (%.2f %%)", a,
                 b, 100 * (double)found / (double)l->relevant);
        if (found > 0)
            page_put(p, ", median rank %zu", report_median_rank(l));
        page_put(p, "\n");
        report_ranks(&ranks, l, l->longest);
        for (size_t k = 0; k < ranks.bins; k++)
            most = fmax(most, ranks.share[k]);
        for (size_t k = 0; k < ranks.bins; k++) {
            /* The dash between two ranks takes three bytes. */
            put_right(p, ranks.label[k],
                      strlen(ranks.label[k]) - (ranks.width > 1 ? 2 : 0), 10);
            page_put(p, "  %6.2f %% ", ranks.share[k]);
            page_bar(p, ranks.share[k], most, SPARK);
            page_put(p, "\n");
        }
    }
}

/* At most SPARK values of a column, means where there are more; false when it
 * has no number. */
static bool
thin_out(const struct report_log *log, size_t column, double *out, size_t *n,
         double *first, double *last)
{
    double sum[SPARK] = { 0 };
    size_t count[SPARK] = { 0 };

    *n = log->rows < SPARK ? log->rows : SPARK;
    *first = *last = (double)NAN;
    for (size_t row = 0; row < log->rows; row++) {
        const double v = log->value[row * log->columns + column];
        const size_t at = row * *n / log->rows;

        if (isnan(v))
            continue;
        *first = isnan(*first) ? v : *first;
        *last = v;
        sum[at] += v;
        count[at]++;
    }
    for (size_t i = 0; i < *n; i++)
        out[i] = count[i] > 0 ? sum[i] / (double)count[i] : (double)NAN;
    return !isnan(*last);
}

static void
put_logs(struct page *p, const struct report *r)
{
    if (r->logs > 0)
        put_heading(p, "Training");
    for (size_t i = 0; i < r->logs; i++) {
        const struct report_log *log = &r->log[i];

        page_put(p, "  ");
        put_name(p, r->file[log->file].name, 0);
        page_put(p, ", %zu epoch%s\n", log->rows, log->rows == 1 ? "" : "s");
        for (size_t c = 1; c < log->columns; c++) {
            double v[SPARK], low = (double)INFINITY, high = -(double)INFINITY,
                             first, last;
            size_t n;

            if (!thin_out(log, c, v, &n, &first, &last))
                continue;
            for (size_t k = 0; k < n; k++) {
                low = fmin(low, v[k]);
                high = fmax(high, v[k]);
            }
            page_put(p, "    ");
            put_name(p, log->column[c], NAMES);
            page_put(p, " ");
            page_sparkline(p, v, n, low, high);
            page_put(p, "  %.5g to %.5g\n", first, last);
        }
    }
}

static void
put_lists(struct page *p, const struct report *r)
{
    for (size_t i = 0; i < r->streams; i++) {
        const struct report_lists *l = &r->lists[i];

        if (l->shown == 0)
            continue;
        page_put(p, "\nSome of the lists: ");
        put_name(p, r->file[l->file].name, 0);
        page_put(p, "\n");
        for (size_t k = 0; k < l->shown; k++) {
            const struct report_list *list = &l->list[k];

            page_put(p, "\n  ");
            put_name(p, l->by != NULL ? l->by : "row", 0);
            page_put(p, " ");
            page_plain(p, list->query.s, list->query.len, 0, false);
            if (list->relevant == 1) {
                page_put(p, ", relevant: ");
                page_plain(p, list->wanted.s, list->wanted.len, 0, false);
            } else if (list->relevant > 1) {
                page_put(p, ", %zu of %zu relevant items found", list->found,
                         list->relevant);
            }
            page_put(p, "\n");
            for (size_t n = 0; n < list->items; n++) {
                page_put(p, "  %s %2zu  ", list->hit[n] ? "\u2713" : " ",
                         n + 1);
                page_plain(p, list->item[n].s, list->item[n].len, 0, false);
                page_put(p, "\n");
            }
        }
    }
}

static void
put_provenance(struct page *p, const struct report *r)
{
    put_heading(p, "Where every figure comes from");
    for (size_t i = 0; i < r->files; i++) {
        const struct report_file *f = &r->file[i];

        page_put(p, "  ");
        put_name(p, f->shown, 0);
        page_put(p, ": %s, %" PRIu64 " row%s\n", f->what, f->rows,
                 f->rows == 1 ? "" : "s");
        for (size_t k = 0; k < f->steps; k++) {
            page_put(p, "    ");
            put_name(p, f->step[k], 0);
            page_put(p, "\n");
        }
    }
}

void
report_plain(const struct report *r, struct page *p)
{
    put_name(p, r->opt.title, 0);
    page_put(p, "\n");
    put_quality(p, r);
    put_comparisons(p, r);
    put_ranks(p, r);
    put_logs(p, r);
    put_lists(p, r);
    put_provenance(p, r);
}
