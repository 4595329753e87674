/*
 * page.h - text for people that is being made: HTML, or lines for a terminal
 *
 * The first failure, which can only be a lack of memory, is kept and everything
 * after it does nothing: whoever makes a page asks once, at its end.
 *
 * What comes from data goes through page_html() or page_plain(): nothing in it
 * can become a tag, drive a terminal or turn the direction of what is around
 * it.  Bytes that are not UTF-8, control characters and those that change the
 * direction of text become U+FFFD.
 */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include <stdbool.h>

#include "base/mem.h"

/* Start from = { 0 }; buffer_free() its text. */
struct page {
    struct buffer text;
    unsigned ids; /* used so far, for what refers to another element */
    bool failed;
    struct error error;
};

void page_put(struct page *p, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* LEN bytes at S between tags or in an attribute. */
void page_html(struct page *p, const char *s, size_t len);
void page_html_str(struct page *p, const char *s);
/* The same on a terminal: at most COLUMNS characters, and blanks up to that
 * many when PADDED; 0: all of it.  A character counts as one column. */
void page_plain(struct page *p, const char *s, size_t len, size_t columns,
                bool padded);

#define PAGE_NUMBER_MAX 64
/* V with DECIMALS digits behind the point and commas between thousands, in OUT;
 * from 1e12 on "1.23e+12", and a dash for NaN. */
void page_number(char out[PAGE_NUMBER_MAX], double v, int decimals);
/* How many decimals make V, such as half the width of an interval, have two
 * digits: from 0 to MOST. */
int page_decimals(double v, int most);

/* The classes s0, s1, ... that have a colour in the style sheet. */
#define PAGE_COLOURS 6

/* From <!DOCTYPE to <main>, with the style sheet, and the end. */
void page_begin(struct page *p, const char *title);
void page_end(struct page *p);

/* Values from LOW to HIGH as blocks of eight heights; a blank for NaN. */
void page_sparkline(struct page *p, const double *v, size_t n, double low,
                    double high);
/* A bar of eighths of characters: V, of at most HIGH, in COLUMNS. */
void page_bar(struct page *p, double v, double high, size_t columns);

#endif
