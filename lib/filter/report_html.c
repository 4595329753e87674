/*
 * The report as one page of HTML, which is XML as well: no script, nothing from
 * elsewhere.  A section is there when something is to be said in it.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter/filter.h"
#include "filter/report_html.h"

void
html_grouped(struct page *p, uint64_t n)
{
    char text[PAGE_NUMBER_MAX];

    page_number(text, (double)n, 0);
    page_put(p, "%s", text);
}

void
html_source(struct page *p, const struct report *r, size_t file, bool comma)
{
    page_put(p, "%s<a href=\"#f%zu\">", comma ? ", " : "", file + 1);
    page_html_str(p, r->file[file].shown);
    page_put(p, "</a>");
}

void
html_number(struct page *p, double v, int decimals)
{
    char text[PAGE_NUMBER_MAX];

    page_number(text, v, decimals);
    page_put(p, "<td class=\"n\">%s</td>", text);
}

static void
put_provenance(struct page *p, const struct report *r)
{
    page_put(p, "<section>\n<h2>Where every figure comes from</h2>\n"
                "<p>A record stream says which filters it came through, and "
                "with which options. Text does not.</p>\n");
    for (size_t i = 0; i < r->files; i++) {
        const struct report_file *f = &r->file[i];

        page_put(p, "<h3 id=\"f%zu\">", i + 1);
        page_html_str(p, f->shown);
        page_put(p, " <small>%s, ", f->what);
        html_grouped(p, f->rows);
        page_put(p, " row%s</small></h3>\n", f->rows == 1 ? "" : "s");
        if (f->steps == 0)
            continue;
        page_put(p, "<ol class=\"steps\">\n");
        for (size_t k = 0; k < f->steps; k++) {
            page_put(p, "<li><code>");
            page_html_str(p, f->step[k]);
            page_put(p, "</code></li>\n");
        }
        page_put(p, "</ol>\n");
    }
    page_put(p, "</section>\n");
}

void
report_html(const struct report *r, struct page *p)
{
    page_begin(p, r->opt.title);
    page_put(p, "<header>\n<h1>");
    page_html_str(p, r->opt.title);
    page_put(p, "</h1>\n</header>\n");
    html_tiles(p, r);
    html_quality(p, r);
    html_comparisons(p, r);
    html_ranks(p, r);
    html_logs(p, r);
    html_lists(p, r);
    put_provenance(p, r);
    page_put(p, "<footer class=\"soft\">Made by <code>");
    page_html_str(p, cli_step());
    page_put(p, "</code></footer>\n");
    page_end(p);
}
