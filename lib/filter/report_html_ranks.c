#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter/filter.h"
#include "filter/report_html.h"
#include "report/chart.h"

static void
put_ranks_table(struct page *p, const struct report *r)
{
    page_put(p, "<div class=\"wide\">\n<table>\n<thead><tr>"
                "<th scope=\"col\">lists</th>"
                "<th scope=\"col\" class=\"n\">relevant items</th>"
                "<th scope=\"col\" class=\"n\">in the list</th>"
                "<th scope=\"col\" class=\"n\">share</th>"
                "<th scope=\"col\" class=\"n\">median rank<br/><small>of those "
                "in the list</small></th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < r->streams; i++) {
        const struct report_lists *l = &r->lists[i];
        const uint64_t found = report_found(l, l->longest);
        const size_t median = report_median_rank(l);

        if (l->relevant == 0)
            continue;
        page_put(p, "<tr><th scope=\"row\">");
        page_html_str(p, r->file[l->file].name);
        page_put(p, "</th>");
        html_number(p, (double)l->relevant, 0);
        html_number(p, (double)found, 0);
        page_put(p, "<td class=\"n\">%.2f\u00a0%%</td>",
                 100 * (double)found / (double)l->relevant);
        html_number(p, median > 0 ? (double)median : (double)NAN, 0);
        page_put(p, "</tr>\n");
    }
    page_put(p, "</tbody>\n</table>\n</div>\n");
}

void
html_ranks(struct page *p, const struct report *r)
{
    struct report_ranks *ranks = must_new(r->streams, sizeof *ranks);
    struct series *bars = must_new(r->streams, sizeof *bars);
    struct series *lines = must_new(r->streams, sizeof *lines);
    struct chart chart = { .title = "At which rank",
                           .about = "share of the relevant items",
                           .x_name = "rank in the list",
                           .unit = "\u00a0%",
                           .from_zero = true };
    const char *label[32];
    size_t longest = 0, n = 0;

    for (size_t i = 0; i < r->streams; i++)
        if (r->lists[i].relevant > 0 && r->lists[i].longest > longest)
            longest = r->lists[i].longest;
    for (size_t i = 0; i < r->streams && longest > 0; i++) {
        const struct report_lists *l = &r->lists[i];
        double *x, *y;

        if (l->relevant == 0)
            continue;
        report_ranks(&ranks[n], l, longest);
        x = must_new(longest + 1, sizeof *x);
        y = must_new(longest + 1, sizeof *y);
        for (size_t k = 1; k <= longest; k++) {
            x[k] = (double)k;
            y[k] = y[k - 1];
            if (k <= l->longest)
                y[k] += 100 * (double)l->at[k] / (double)l->relevant;
        }
        bars[n] = (struct series){ r->file[l->file].name, NULL, ranks[n].share,
                                   ranks[n].bins };
        lines[n] = (struct series){ r->file[l->file].name, x, y, longest + 1 };
        n++;
    }
    if (n > 0) {
        page_put(p, "<section>\n<h2>Where the relevant item stood</h2>\n"
                    "<p>What is not in its list has no rank and no bar.</p>\n");
        put_ranks_table(p, r);
        if (n > 1)
            chart_legend(p, bars, n);
        for (size_t b = 0; b < ranks[0].bins; b++)
            label[b] = ranks[0].label[b];
        chart.series = bars;
        chart.count = n;
        page_put(p, "<div class=\"charts big\">\n");
        chart_bars(p, &chart, label);
        chart.series = lines;
        chart.title = "At that rank or above";
        chart_lines(p, &chart);
        page_put(p, "</div>\n</section>\n");
    }
    for (size_t i = 0; i < n; i++) {
        free(lines[i].x);
        free(lines[i].y);
    }
    free(ranks);
    free(bars);
    free(lines);
}
