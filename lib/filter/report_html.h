/*
 * report_html.h - the sections of the page, and what they have in common
 */
#ifndef FILTER_REPORT_HTML_H
#define FILTER_REPORT_HTML_H

#include "filter/report.h"

/* Each is nothing when there is nothing to say in it. */
void html_tiles(struct page *p, const struct report *r);
void html_quality(struct page *p, const struct report *r);
void html_comparisons(struct page *p, const struct report *r);
void html_ranks(struct page *p, const struct report *r);
void html_logs(struct page *p, const struct report *r);
void html_lists(struct page *p, const struct report *r);

/* A number with commas. */
void html_grouped(struct page *p, uint64_t n);
/* A link to where it is told how FILE was made; COMMA: behind another one. */
void html_source(struct page *p, const struct report *r, size_t file,
                 bool comma);
/* A number in a cell of a table. */
void html_number(struct page *p, double v, int decimals);

#endif
