#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter/filter.h"
#include "filter/report_html.h"
#include "report/chart.h"

/* The first figure of each set of lists, as what is seen first. */
void
html_tiles(struct page *p, const struct report *r)
{
    const int decimals = report_decimals(r->measure, r->measures);

    if (r->measures == 0 || r->measures > PAGE_COLOURS)
        return;
    page_put(p, "<ul class=\"tiles\">\n");
    for (size_t i = 0; i < r->measures; i++) {
        const struct report_figure *f = &r->measure[i].figure[0];
        char metric[REPORT_METRIC_MAX], value[PAGE_NUMBER_MAX],
            half[PAGE_NUMBER_MAX];

        report_metric_name(metric, f->metric);
        page_number(value, f->value, decimals);
        page_number(half, (f->high - f->low) / 2, decimals);
        page_put(p, "<li class=\"s%zu\">", i % PAGE_COLOURS);
        page_html_str(p, r->measure[i].name);
        page_put(p, "<b>%s</b><small>", value);
        page_html_str(p, metric);
        if (!isnan(f->low))
            page_put(p, " \u00b1 %s", half);
        page_put(p, "</small></li>\n");
    }
    page_put(p, "</ul>\n");
}

/* "0.0862 ± 0.0021". */
static void
put_figure(struct page *p, const struct report_figure *f, int decimals)
{
    char value[PAGE_NUMBER_MAX], half[PAGE_NUMBER_MAX];

    if (f == NULL) {
        page_put(p, "<td class=\"n\">\u2013</td>");
        return;
    }
    page_number(value, f->value, decimals);
    page_number(half, (f->high - f->low) / 2, decimals);
    page_put(p, "<td class=\"n\">%s", value);
    if (!isnan(f->low))
        page_put(p, " <small>\u00b1\u00a0%s</small>", half);
    page_put(p, "</td>");
}

/* By how much, in percent, B is above A. */
static void
put_change(struct page *p, const struct report_figure *a,
           const struct report_figure *b)
{
    char text[PAGE_NUMBER_MAX];

    if (a == NULL || b == NULL || !(a->value > 0)) {
        page_put(p, "<td class=\"n\">\u2013</td>");
        return;
    }
    page_number(text, 100 * (b->value / a->value - 1), 1);
    page_put(p, "<td class=\"n\">%s%s\u00a0%%</td>",
             b->value > a->value ? "+" : "", text);
}

static void
put_quality_head(struct page *p, const struct report *r, bool change)
{
    page_put(p, "<thead><tr><th scope=\"col\">metric</th>");
    for (size_t i = 0; i < r->measures; i++) {
        const struct report_measure *m = &r->measure[i];

        page_put(p, "<th scope=\"col\" class=\"n\">");
        page_html_str(p, m->name);
        if (m->figure[0].rows > 0) {
            page_put(p, "<br/><small>");
            html_grouped(p, m->figure[0].rows);
            page_put(p, " rows</small>");
        }
        page_put(p, "</th>");
    }
    if (change) {
        page_put(p, "<th scope=\"col\" class=\"n\">");
        page_html_str(p, r->measure[r->measures - 1].name);
        page_put(p, "<br/><small>against ");
        page_html_str(p, r->measure[r->measures - 2].name);
        page_put(p, "</small></th>");
    }
    page_put(p, "</tr></thead>\n<tbody>\n");
}

/* Is it the same but for the depth? */
static bool
same_metric(const char *a, const char *b)
{
    const size_t len = strcspn(a, "@");

    return strcspn(b, "@") == len && strncmp(a, b, len) == 0;
}

/* The chart of METRIC[FIRST] at all its depths, one below the other. */
static void
put_interval_chart(struct page *p, const struct report *r, const char **metric,
                   size_t metrics, size_t first)
{
    struct interval *row = must_new(metrics * r->measures, sizeof *row);
    char(*label)[160] = must_new(metrics * r->measures, sizeof *label);
    char name[REPORT_METRIC_MAX];
    size_t n = 0, depths = 0;

    for (size_t k = first; k < metrics; k++)
        depths += same_metric(metric[k], metric[first]);
    for (size_t k = first; k < metrics; k++)
        for (size_t m = 0; m < r->measures; m++) {
            const struct report_figure *f =
                report_find(&r->measure[m], metric[k]);

            if (f == NULL || !same_metric(metric[k], metric[first]))
                continue;
            snprintf(label[n], sizeof *label, "%.80s%s", r->measure[m].name,
                     depths > 1 ? metric[k] + strcspn(metric[k], "@") : "");
            row[n] =
                (struct interval){ label[n], f->low, f->value, f->high, m };
            n++;
        }
    report_metric_name(name, metric[first]);
    if (depths > 1)
        name[strcspn(name, "@")] = '\0';
    chart_intervals(p, name, "", row, n);
    free(label);
    free(row);
}

static void
put_interval_charts(struct page *p, const struct report *r, const char **metric,
                    size_t metrics)
{
    page_put(p, "<div class=\"charts\">\n");
    for (size_t i = 0; i < metrics; i++) {
        bool done = false;

        for (size_t k = 0; k < i; k++)
            done |= same_metric(metric[k], metric[i]);
        if (!done)
            put_interval_chart(p, r, metric, metrics, i);
    }
    page_put(p, "</div>\n");
}

void
html_quality(struct page *p, const struct report *r)
{
    const int decimals = report_decimals(r->measure, r->measures);
    const bool change = r->measures > 1;
    size_t metrics;
    const char **metric = report_metrics(r->measure, r->measures, &metrics);

    if (r->measures > 0) {
        page_put(p, "<section>\n<h2>How good the lists are</h2>\n"
                    "<p>Means, and half the width of their intervals of "
                    "95\u00a0%%; more is better.</p>\n<div class=\"wide\">\n"
                    "<table>\n<caption>From ");
        for (size_t i = 0, said = 0; i < r->measures; i++)
            if (i == 0 || r->measure[i].file != r->measure[i - 1].file)
                html_source(p, r, r->measure[i].file, said++ > 0);
        page_put(p, "</caption>\n");
        put_quality_head(p, r, change);
        for (size_t i = 0; i < metrics; i++) {
            char name[REPORT_METRIC_MAX];

            report_metric_name(name, metric[i]);
            page_put(p, "<tr><th scope=\"row\">");
            page_html_str(p, name);
            page_put(p, "</th>");
            for (size_t m = 0; m < r->measures; m++)
                put_figure(p, report_find(&r->measure[m], metric[i]), decimals);
            if (change)
                put_change(
                    p, report_find(&r->measure[r->measures - 2], metric[i]),
                    report_find(&r->measure[r->measures - 1], metric[i]));
            page_put(p, "</tr>\n");
        }
        page_put(p, "</tbody>\n</table>\n</div>\n");
        put_interval_charts(p, r, metric, metrics);
        page_put(p, "</section>\n");
    }
    free(metric);
}

static void
put_comparison(struct page *p, const struct report *r,
               const struct report_measure *m)
{
    static const char *const head[] = { "A",  "B", "B less A", "from",
                                        "to", "p", "rows" };
    const int decimals = report_decimals(m, 1);
    struct interval *row = must_new(m->figures, sizeof *row);
    char(*name)[REPORT_METRIC_MAX] = must_new(m->figures, sizeof *name);

    page_put(p, "<div class=\"wide\">\n<table>\n<caption>From ");
    html_source(p, r, m->file, false);
    page_put(p, "</caption>\n<thead><tr><th scope=\"col\">metric</th>");
    for (size_t i = 0; i < sizeof head / sizeof *head; i++)
        page_put(p, "<th scope=\"col\" class=\"n\">%s</th>", head[i]);
    page_put(p, "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < m->figures; i++) {
        const struct report_figure *f = &m->figure[i];

        report_metric_name(name[i], f->metric);
        row[i] = (struct interval){ name[i], f->low, f->value, f->high,
                                    f->low > 0    ? 2
                                    : f->high < 0 ? 1
                                                  : 5 };
        page_put(p, "<tr><th scope=\"row\">");
        page_html_str(p, name[i]);
        page_put(p, "</th>");
        html_number(p, f->a, decimals);
        html_number(p, f->b, decimals);
        html_number(p, f->value, decimals);
        html_number(p, f->low, decimals);
        html_number(p, f->high, decimals);
        html_number(p, f->p, 4);
        html_number(p, (double)f->rows, 0);
        page_put(p, "</tr>\n");
    }
    page_put(p, "</tbody>\n</table>\n</div>\n<div class=\"charts\">\n");
    chart_intervals(p, "B less A", "with its interval of 95 %", row,
                    m->figures);
    page_put(p, "</div>\n");
    free(name);
    free(row);
}

void
html_comparisons(struct page *p, const struct report *r)
{
    if (r->comparisons == 0)
        return;
    page_put(p, "<section>\n<h2>Is the difference real?</h2>\n"
                "<p>Both were measured on the same queries. p is how often "
                "chance alone would give a difference as large.</p>\n");
    for (size_t i = 0; i < r->comparisons; i++)
        put_comparison(p, r, &r->comparison[i]);
    page_put(p, "</section>\n");
}
