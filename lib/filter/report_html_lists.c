#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter/filter.h"
#include "filter/report_html.h"

static void
put_text(struct page *p, const struct report_text *t)
{
    page_html(p, t->s, t->len);
}

/* "Relevant: Fargo (1996): rank 7 in retrieved; not in re-ranked." */
static void
put_wanted(struct page *p, const struct report *r, size_t first,
           const struct report_list *list)
{
    bool comma = false;

    if (list->wanted.s == NULL)
        return;
    page_put(p, "<p class=\"soft\">Relevant: ");
    if (list->relevant > 1)
        page_put(p, "%zu items", list->relevant);
    else
        put_text(p, &list->wanted);
    for (size_t i = first; i < r->streams; i++) {
        const struct report_lists *l = &r->lists[i];
        const struct report_list *other = report_same_query(l, list);

        if (other == NULL || other->wanted.s == NULL)
            continue;
        page_put(p, comma ? "; " : " \u2013 ");
        comma = true;
        if (list->relevant > 1)
            page_put(p, "%zu in ", other->found);
        else if (other->wanted_rank > 0)
            page_put(p, "rank %zu in ", other->wanted_rank);
        else
            page_put(p, "not in ");
        page_html_str(p, r->file[l->file].name);
    }
    page_put(p, "</p>\n");
}

static void
put_item(struct page *p, const struct report_list *list, size_t i)
{
    if (list == NULL || i >= list->items) {
        page_put(p, "<td></td>");
        return;
    }
    page_put(p, "<td%s>", list->hit[i] ? " class=\"hit\"" : "");
    if (list->hit[i])
        page_put(p, "\u2713\u00a0");
    put_text(p, &list->item[i]);
    page_put(p, "</td>");
}

static void
put_list(struct page *p, const struct report *r, size_t first,
         const struct report_list *list)
{
    size_t items = 0;

    page_put(p, "<div class=\"list\">\n<h3>");
    page_html_str(p, r->lists[first].by != NULL ? r->lists[first].by : "row");
    page_put(p, " ");
    put_text(p, &list->query);
    page_put(p, "</h3>\n");
    put_wanted(p, r, first, list);
    page_put(p, "<table>\n<thead><tr><th scope=\"col\" class=\"n\">rank</th>");
    for (size_t i = first; i < r->streams; i++) {
        const struct report_list *other = report_same_query(&r->lists[i], list);

        if (other != NULL && other->items > items)
            items = other->items;
        if (other == NULL)
            continue;
        page_put(p, "<th scope=\"col\">");
        page_html_str(p, r->file[r->lists[i].file].name);
        page_put(p, "</th>");
    }
    page_put(p, "</tr></thead>\n<tbody>\n");
    for (size_t k = 0; k < items; k++) {
        page_put(p, "<tr><th scope=\"row\" class=\"n\">%zu</th>", k + 1);
        for (size_t i = first; i < r->streams; i++) {
            const struct report_list *other =
                report_same_query(&r->lists[i], list);

            if (other != NULL)
                put_item(p, other, k);
        }
        page_put(p, "</tr>\n");
    }
    page_put(p, "</tbody>\n</table>\n</div>\n");
}

void
html_lists(struct page *p, const struct report *r)
{
    bool said = false;

    for (size_t i = 0; i < r->streams; i++)
        for (size_t k = 0; k < r->lists[i].shown; k++) {
            const struct report_list *list = &r->lists[i].list[k];
            bool done = false;

            for (size_t before = 0; before < i; before++)
                done |= report_same_query(&r->lists[before], list) != NULL;
            if (done)
                continue;
            if (!said)
                page_put(p,
                         "<section>\n<h2>Some of the lists</h2>\n"
                         "<p>Those of the first queries, at most %d "
                         "items; what is relevant has a tick.</p>\n",
                         REPORT_LIST_MAX);
            said = true;
            put_list(p, r, i, list);
        }
    if (said)
        page_put(p, "</section>\n");
}
