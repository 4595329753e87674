#include "report/page.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include "base/number.h"
#include "base/utf8.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

static void
append(struct page *p, const void *s, size_t len)
{
    if (!p->failed && buffer_append(&p->text, s, len, &p->error) != 0)
        p->failed = true;
}

void
page_put(struct page *p, const char *fmt, ...)
{
    char some[1024];
    va_list ap;
    int len;

    va_start(ap, fmt);
    len = vsnprintf(some, sizeof some, fmt, ap);
    va_end(ap);
    if (len >= 0 && (size_t)len < sizeof some) {
        append(p, some, (size_t)len);
    } else if (!p->failed) {
        /* What comes from data has no part in formats. */
        p->failed = true;
        (void)error_set(&p->error, "a piece of the report is too long");
    }
}

/* The next character of S, at most LEN bytes of it, or what stands for it;
 * *TAKEN bytes are done with. */
static const char *
next_character(const char *s, size_t len, size_t *taken, size_t *n)
{
    *taken = *n = utf8_character(s, len);
    if (utf8_printable(s, *n))
        return s;
    *taken = *n > 0 ? *n : 1;
    *n = sizeof REPLACEMENT - 1;
    return REPLACEMENT;
}

static const char *
entity(char c)
{
    switch (c) {
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '&': return "&amp;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    }
    return NULL;
}

void
page_html(struct page *p, const char *s, size_t len)
{
    while (len > 0) {
        size_t taken, n;
        const char *c = next_character(s, len, &taken, &n);
        const char *name = entity(*c);

        if (name != NULL)
            append(p, name, strlen(name));
        else
            append(p, c, n);
        s += taken;
        len -= taken;
    }
}

void
page_html_str(struct page *p, const char *s)
{
    page_html(p, s, strlen(s));
}

void
page_plain(struct page *p, const char *s, size_t len, size_t columns,
           bool padded)
{
    size_t used = 0;

    while (len > 0) {
        size_t taken, n;
        const char *c = next_character(s, len, &taken, &n);

        if (columns > 0 && used + 1 == columns && taken < len) {
            c = "\u2026"; /* there is more than has room */
            n = strlen(c);
            taken = len;
        }
        append(p, c, n);
        used++;
        s += taken;
        len -= taken;
    }
    for (; padded && used < columns; used++)
        append(p, " ", 1);
}

void
page_number(char out[PAGE_NUMBER_MAX], double v, int decimals)
{
    char digits[PAGE_NUMBER_MAX], whole[NUMBER_TEXT_MAX];
    const char *sign = "", *point;
    uint64_t n = 0;

    if (isnan(v) || fabs(v) >= 1e12) {
        snprintf(out, PAGE_NUMBER_MAX, isnan(v) ? "\u2013" : "%.3g", v);
        return;
    }
    snprintf(digits, sizeof digits, "%.*f", decimals, fabs(v));
    point = digits + strcspn(digits, ".");
    (void)number_u64(digits, (size_t)(point - digits), &n);
    (void)number_grouped(whole, n);
    /* No minus before what rounds to zero. */
    if (v < 0 && strspn(digits, "0.") < strlen(digits))
        sign = "\u2212";
    snprintf(out, PAGE_NUMBER_MAX, "%s%s%s", sign, whole, point);
}

int
page_decimals(double v, int most)
{
    int d;

    if (!(fabs(v) > 0) || !isfinite(v))
        return 0;
    d = (int)ceil(-log10(fabs(v))) + 1;
    return d < 0 ? 0 : d > most ? most : d;
}

/* Colours: those of M. Okabe and K. Ito, which people tell apart who do not see
 * all colours, made darker or lighter until they stand out from the paper;
 * lines differ in their dashes as well. */
static const char style[] =
    ":root{color-scheme:light dark;--paper:#fff;--ink:#1b1f24;--soft:#5a6470;"
    "--rule:#d8dde3;--band:#f5f7f9;--good:#e4f3ec;--0:#0068a8;--1:#c24e00;"
    "--2:#00805c;--3:#a03c8c;--4:#7a6200;--5:#444}\n"
    "@media(prefers-color-scheme:dark){:root{--paper:#14181d;--ink:#e6e9ed;"
    "--soft:#9ba6b2;--rule:#343c46;--band:#1c2229;--good:#173328;--0:#56b4e9;"
    "--1:#f5894a;--2:#2fc79c;--3:#e391cb;--4:#e0c341;--5:#c8c8c8}}\n"
    "*{box-sizing:border-box}html{-webkit-text-size-adjust:100%}"
    "body{margin:0;background:var(--paper);color:var(--ink);"
    "font:16px/1.5 system-ui,-apple-system,\"Segoe UI\",Roboto,\"Liberation "
    "Sans\",\"DejaVu Sans\",sans-serif}\n"
    "main{max-width:66rem;margin:0 auto;padding:2rem 1.25rem 3rem}"
    "h1{font-size:1.9rem;line-height:1.2;margin:0 0 .4rem}"
    "h2{font-size:1.25rem;margin:2.6rem 0 .3rem;padding-top:.8rem;"
    "border-top:1px solid var(--rule)}h3{font-size:1rem;margin:1.4rem 0 .2rem}"
    "p{margin:.3rem 0 .8rem;max-width:44rem}.soft,small,figcaption,caption{"
    "color:var(--soft)}small{font-size:.8125rem;font-weight:400}\n"
    ".tiles,.charts{display:grid;gap:1rem;margin:1rem 0;padding:0;"
    "list-style:none}"
    ".charts.big{grid-template-columns:repeat(auto-fit,minmax("
    "min(100%,23rem),1fr))}.tiles{grid-template-columns:repeat(auto-fit,minmax("
    "10.5rem,1fr))}"
    ".tiles li{background:var(--band);border-top:3px solid var(--c);"
    "border-radius:0 0 .4rem .4rem;padding:.6rem .9rem .7rem;"
    "overflow-wrap:anywhere}"
    ".tiles b{display:block;font-size:1.6rem;line-height:1.25;"
    "font-weight:600}\n"
    ".charts{grid-template-columns:repeat(auto-fill,minmax(min(100%,19rem),"
    "1fr))}figure{margin:0;max-width:32rem;min-width:0}"
    "figcaption{font-size:.875rem;margin-bottom:.1rem}"
    "figcaption b{color:var(--ink)}svg{display:block;width:100%;height:auto}"
    "svg text{font-size:12px;fill:var(--soft)}svg .v{fill:var(--ink)}"
    ".grid{stroke:var(--rule);stroke-width:1}.axis{stroke:var(--soft);"
    "stroke-width:1}.line{fill:none;stroke:var(--c);stroke-width:2;"
    "stroke-linejoin:round}.dot,.bar{fill:var(--c)}"
    ".whisker{stroke:var(--c);stroke-width:2}\n"
    ".s0{--c:var(--0)}.s1{--c:var(--1)}.s2{--c:var(--2)}.s3{--c:var(--3)}"
    ".s4{--c:var(--4)}.s5{--c:var(--5)}"
    "path.s1{stroke-dasharray:7 3}path.s2{stroke-dasharray:2 3}"
    "path.s3{stroke-dasharray:9 3 2 3}path.s4{stroke-dasharray:4 2}"
    "path.s5{stroke-dasharray:1 2}\n"
    ".legend{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;margin:.6rem 0 0;"
    "padding:0;list-style:none;font-size:.875rem}.legend svg{"
    "display:inline-block;width:26px;height:10px;margin-right:.4rem}\n"
    ".wide{overflow-x:auto;margin:.8rem 0}table{border-collapse:collapse;"
    "font-size:.9375rem}caption{text-align:left;font-size:.875rem;"
    "padding-bottom:.3rem}th,td{padding:.3rem .8rem .3rem 0;text-align:left;"
    "vertical-align:top;border-bottom:1px solid var(--rule)}"
    "thead th{vertical-align:bottom;border-bottom-color:var(--soft);"
    "line-height:1.25}th{font-weight:600}"
    "tbody th{white-space:nowrap}.n{text-align:right;white-space:nowrap;"
    "font-variant-numeric:tabular-nums}td.n+td.n,th.n+th.n{padding-left:.8rem}"
    "tr.hit td,tr.hit th,td.hit{background:var(--good)}"
    "td.hit{font-weight:600}.list{margin:0 0 1.4rem}"
    ".list table{width:100%;table-layout:fixed}.list th:first-child{width:3rem}"
    ".list td{overflow-wrap:anywhere}\n"
    "ol.steps{margin:.2rem 0 1rem;padding-left:2.2rem;font-size:.875rem}"
    "code{font:.8125rem/1.5 ui-monospace,\"SFMono-Regular\",Menlo,"
    "\"DejaVu Sans Mono\",monospace;overflow-wrap:anywhere}a{color:inherit;"
    "text-decoration-color:var(--soft)}footer{margin-top:2.5rem;"
    "font-size:.875rem}\n"
    "@media(max-width:40rem){main{padding:1.25rem 1rem 2rem}h1{"
    "font-size:1.5rem}table{font-size:.875rem}th,td{padding-right:.5rem}"
    "td.n small{display:block}}\n"
    "@media print{:root{--paper:#fff;--ink:#000;--soft:#444;--rule:#bbb;"
    "--band:#f4f4f4;--good:#e4f3ec;--0:#0068a8;--1:#c24e00;--2:#00805c;"
    "--3:#a03c8c;--4:#7a6200;--5:#444}section{break-inside:auto}"
    ".wide{overflow:visible}figure,tr,li,.list{break-inside:avoid}h2,h3{break-"
    "after:avoid}"
    "body{font-size:10.5pt}.legend,.soft{break-after:avoid}main{padding:0!"
    "important;max-width:none!important}@page{margin:15mm}}\n";

void
page_begin(struct page *p, const char *title)
{
    page_put(p, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
                "<meta charset=\"utf-8\"/>\n"
                "<meta name=\"viewport\" "
                "content=\"width=device-width, initial-scale=1\"/>\n"
                "<meta name=\"generator\" content=\"rec-report\"/>\n<title>");
    page_html_str(p, title);
    page_put(p, "</title>\n<style>\n");
    append(p, style, sizeof style - 1);
    page_put(p, "</style>\n</head>\n<body>\n<main>\n");
}

void
page_end(struct page *p)
{
    page_put(p, "</main>\n</body>\n</html>\n");
}

void
page_sparkline(struct page *p, const double *v, size_t n, double low,
               double high)
{
    for (size_t i = 0; i < n; i++) {
        const double share = high > low ? (v[i] - low) / (high - low) : 0;
        char block[3] = "\xe2\x96"; /* U+2581 to U+2588 */

        if (isnan(v[i])) {
            append(p, " ", 1);
            continue;
        }
        append(p, block, 2);
        block[0] = (char)(0x81 + (int)(7 * share + 0.5));
        append(p, block, 1);
    }
}

void
page_bar(struct page *p, double v, double high, size_t columns)
{
    size_t eighths =
        high > 0 ? (size_t)(8 * (double)columns * (v / high) + 0.5) : 0;
    char last[3] = "\xe2\x96";

    if (v > 0 && eighths == 0)
        eighths = 1;
    for (size_t i = 0; i < eighths / 8; i++)
        append(p, "\u2588", 3);
    if (eighths % 8 > 0) {
        append(p, last, 2);
        last[0] = (char)(0x90 - (int)(eighths % 8)); /* U+258F is one */
        append(p, last, 1);
    }
}
