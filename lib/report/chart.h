/*
 * chart.h - drawings as SVG inside a page, each a figure with a caption
 *
 * Colours are those of the page's style sheet, by the number of a series; what
 * is drawn is told in words, too, for those who do not see it.  Names and
 * captions are texts from data and are escaped here.
 */
#ifndef REPORT_CHART_H
#define REPORT_CHART_H

#include "report/page.h"

/* Round numbers from LOW to HIGH, both multiples of STEP. */
struct axis {
    double low, high, step;
    int decimals;
};

/* The axis of some TICKS steps of 1, 2 or 5 times a power of ten that holds LOW
 * and HIGH, which are finite. */
void axis_fit(struct axis *a, double low, double high, int ticks);

struct series {
    const char *name;
    double *x, *y; /* [n], the caller's; y may be NaN: no point */
    size_t n;
};

struct chart {
    const char *title;  /* in bold */
    const char *about;  /* "share of the relevant items", may be "" */
    const char *x_name; /* "epoch" */
    const char *unit;   /* behind the numbers of the y axis, may be "" */
    bool from_zero;     /* the y axis */
    const struct series *series;
    size_t count;
};

/* A line for each series. */
void chart_lines(struct page *p, const struct chart *c);
/* Bars side by side, one of each series over LABEL[0], LABEL[1], ..., of which
 * only every n-th is written where all have no room; x is not looked at. */
void chart_bars(struct page *p, const struct chart *c,
                const char *const *label);

struct interval {
    const char *name;
    double low, value, high; /* low and high may be NaN */
    size_t series;           /* for the colour */
};

/* Points with their intervals, one below the other. */
void chart_intervals(struct page *p, const char *title, const char *about,
                     const struct interval *i, size_t n);

/* What the colours mean. */
void chart_legend(struct page *p, const struct series *s, size_t count);

#endif
