#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter/filter.h"
#include "filter/report_html.h"
#include "report/chart.h"

/* One column of the logs that share the charts of log FIRST. */
static void
put_curve(struct page *p, const struct report *r, size_t first, size_t column,
          struct series *line, size_t lines)
{
    const struct report_log *log = &r->log[first];
    const bool speed = strcmp(log->column[column], "rows_per_second") == 0;
    char about[120] = "", value[PAGE_NUMBER_MAX];
    struct chart chart = { .title = speed ? "speed" : log->column[column],
                           .about = speed ? "rows a second" : about,
                           .x_name = "epoch",
                           .unit = "",
                           .from_zero = speed,
                           .series = line,
                           .count = lines };
    size_t n = 0;
    double last;

    for (size_t i = 0; i < r->logs; i++) {
        double *y;

        log = &r->log[i];
        if (!report_same_log(r, first, i))
            continue;
        y = must_new(log->rows, sizeof *y);
        for (size_t row = 0; row < log->rows; row++)
            y[row] = log->value[row * log->columns + column];
        line[n++].y = y;
    }
    log = &r->log[first];
    last = log->value[(log->rows - 1) * log->columns + column];
    if (lines == 1 && !speed && !isnan(last)) {
        page_number(value, last, page_decimals(last / 100, 6));
        snprintf(about, sizeof about, "%s in the end", value);
    }
    chart_lines(p, &chart);
    for (size_t i = 0; i < n; i++)
        free(line[i].y);
}

/* How many numbers column COLUMN of LOG has, the last of them in *LAST. */
static size_t
numbers(const struct report_log *log, size_t column, double *last)
{
    size_t n = 0;

    for (size_t row = 0; row < log->rows; row++) {
        const double v = log->value[row * log->columns + column];

        if (isnan(v))
            continue;
        *last = v;
        n++;
    }
    return n;
}

/* Is there a line to be drawn of COLUMN in any log that shares the charts of
 * log FIRST? */
static bool
is_curve(const struct report *r, size_t first, size_t column)
{
    double last;

    for (size_t i = 0; i < r->logs; i++)
        if (report_same_log(r, first, i) &&
            numbers(&r->log[i], column, &last) > 1)
            return true;
    return false;
}

/* What was judged once is told, not drawn: "accuracy 0.7093, auc 0.7806". */
static void
put_points(struct page *p, const struct report *r, size_t first)
{
    for (size_t i = 0; i < r->logs; i++) {
        const struct report_log *log = &r->log[i];
        size_t said = 0;

        for (size_t c = 1; c < log->columns; c++) {
            char text[PAGE_NUMBER_MAX];
            double v;

            if (!report_same_log(r, first, i) || is_curve(r, first, c) ||
                numbers(log, c, &v) == 0)
                continue;
            if (said++ == 0) {
                page_put(p, "<p>");
                page_html_str(p, r->file[log->file].name);
                page_put(p, " in the end: ");
            }
            page_number(text, v, page_decimals(v / 100, 6));
            page_put(p, "%s", said > 1 ? ", " : "");
            page_html_str(p, log->column[c]);
            page_put(p, " <b>%s</b>", text);
        }
        if (said > 0)
            page_put(p, "</p>\n");
    }
}

static void
put_log(struct page *p, const struct report *r, size_t first)
{
    struct series *line = must_new(r->logs, sizeof *line);
    const struct report_log *log = &r->log[first];
    size_t n = 0;

    for (size_t i = 0; i < r->logs; i++)
        n += report_same_log(r, first, i);
    page_put(p, "<h3>");
    page_html_str(p, n > 1 ? r->file[log->file].base : r->file[log->file].name);
    page_put(p, " <small>from ");
    n = 0;
    for (size_t i = 0; i < r->logs; i++) {
        const struct report_log *other = &r->log[i];
        double *x;

        if (!report_same_log(r, first, i))
            continue;
        x = must_new(other->rows, sizeof *x);
        for (size_t row = 0; row < other->rows; row++)
            x[row] = other->value[row * other->columns];
        html_source(p, r, other->file, n > 0);
        line[n++] =
            (struct series){ r->file[other->file].name, x, NULL, other->rows };
    }
    page_put(p, "</small></h3>\n");
    if (n > 1)
        chart_legend(p, line, n);
    page_put(p, "<div class=\"charts\">\n");
    for (size_t c = 1; c < log->columns; c++)
        if (is_curve(r, first, c))
            put_curve(p, r, first, c, line, n);
    page_put(p, "</div>\n");
    put_points(p, r, first);
    for (size_t i = 0; i < n; i++)
        free(line[i].x);
    free(line);
}

void
html_logs(struct page *p, const struct report *r)
{
    if (r->logs == 0)
        return;
    page_put(p, "<section>\n<h2>Training</h2>\n");
    for (size_t i = 0; i < r->logs; i++)
        if (report_first_log(r, i))
            put_log(p, r, i);
    page_put(p, "</section>\n");
}
