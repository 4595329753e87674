/*
 * What reaches a page from data is harmless, numbers read well, and axes have
 * round ends.
 */
#include <math.h>

#include "check.h"
#include "report/chart.h"

static void
check_text(const struct page *p, const char *want)
{
    CHECK(!p->failed && p->text.len == strlen(want) &&
              memcmp(p->text.data, want, p->text.len) == 0,
          "'%.*s' is not '%s'", (int)p->text.len, (const char *)p->text.data,
          want);
}

static void
check_html(const char *s, size_t len, const char *want)
{
    struct page p = { 0 };

    page_put(&p, "%s", "");
    page_html(&p, s, len);
    check_text(&p, want);
    buffer_free(&p.text);
}

static void
check_plain(const char *s, size_t columns, bool padded, const char *want)
{
    struct page p = { 0 };

    page_plain(&p, s, strlen(s), columns, padded);
    check_text(&p, want);
    buffer_free(&p.text);
}

#define BAD "\xef\xbf\xbd"

static void
check_escapes(void)
{
    check_html("a <b> & \"c\" 'd'", 15,
               "a &lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;");
    check_html("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x8e\xac", 14,
               "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x8e\xac");
    check_html("a\0b\n\x1b\x7f", 6, "a" BAD "b" BAD BAD BAD);
    /* Latin-1, cut short, overlong, a surrogate, a C1 control, U+202E, U+FFFE,
     * U+1FFFF: one sign for each byte of what is not UTF-8. */
    check_html("\xe9t\xe9", 3, BAD "t" BAD);
    check_html("\xe2\x82", 2, BAD BAD);
    check_html("\xc0\xbc", 2, BAD BAD);
    check_html("\xed\xa0\x80", 3, BAD BAD BAD);
    check_html("\xc2\x9bx", 3, BAD "x");
    check_html("\xe2\x80\xaex", 4, BAD "x");
    check_html("\xef\xbf\xbe", 3, BAD);
    check_html("\xf0\x9f\xbf\xbf", 4, BAD);
    check_plain("\x1b[31mred<", 0, false, BAD "[31mred<");
    check_plain("abcdef", 4, false, "abc\xe2\x80\xa6");
    check_plain("abcd", 4, true, "abcd");
    check_plain("\xc3\xa9", 3, true, "\xc3\xa9  ");
}

/* How many of the characters FROM to TO are not shown: neither on a page nor in a
 * message. */
static unsigned
count_hidden(unsigned from, unsigned to)
{
    unsigned hidden = 0;

    for (unsigned c = from; c <= to; c++) {
        char s[4] = { (char)(0xe0 | c >> 12), (char)(0x80 | (c >> 6 & 63)),
                      (char)(0x80 | (c & 63)) };
        struct error e;
        bool shown;

        if (c < 0x800)
            memcpy(s, (char[]){ (char)(0xc0 | c >> 6), s[2], 0 }, 3);
        if (c < 0x80)
            memcpy(s, (char[]){ (char)c, 0 }, 2);
        (void)error_set(&e, "%s", s);
        shown = strcmp(e.text, s) == 0;
        check_plain(s, 0, false, shown ? s : BAD);
        hidden += !shown;
    }
    return hidden;
}

static void
check_hidden(void)
{
    /* The Unicode Character Database: category Cc without NUL, Bidi_Control, Zl
     * and Zp; then Noncharacter_Code_Point. */
    CHECK(count_hidden(1, 0x2fff) == 31 + 33 + 12 + 2, "controls");
    CHECK(count_hidden(0xe000, 0xffff) == 34, "noncharacters");
}

static void
check_number(double v, int decimals, const char *want)
{
    char out[PAGE_NUMBER_MAX];

    page_number(out, v, decimals);
    CHECK(strcmp(out, want) == 0, "%g: '%s' is not '%s'", v, out, want);
}

static void
check_numbers(void)
{
    check_number(1234567, 0, "1,234,567");
    check_number(999.996, 2, "1,000.00");
    check_number(0.08625, 4, "0.0862");
    check_number(-1234.5, 1,
                 "\xe2\x88\x92"
                 "1,234.5");
    check_number(-0.0001, 2, "0.00");
    check_number((double)NAN, 2, "\xe2\x80\x93");
    check_number(2.5e30, 2, "2.5e+30");
    CHECK(page_decimals(0.0021, 6) == 4 && page_decimals(0.00032, 6) == 5 &&
              page_decimals(25, 6) == 0 && page_decimals(0, 6) == 0 &&
              page_decimals((double)NAN, 6) == 0 &&
              page_decimals(1e-30, 6) == 6,
          "decimals");
}

static void
check_axis(double low, double high, int ticks, double want_low,
           double want_high, double step)
{
    struct axis a;

    axis_fit(&a, low, high, ticks);
    CHECK(fabs(a.low - want_low) < 1e-9 * step &&
              fabs(a.high - want_high) < 1e-9 * step &&
              fabs(a.step - step) < 1e-9 * step,
          "%g to %g: from %g to %g by %g", low, high, a.low, a.high, a.step);
}

static void
check_axes(void)
{
    check_axis(0, 29.65, 4, 0, 30, 10);
    check_axis(6.4953, 7.5407, 4, 6, 8, 0.5);
    check_axis(0, 302000, 4, 0, 400000, 100000);
    check_axis(0.0001, 0.00019, 4, 0.0001, 0.0002, 0.00005);
    check_axis(-3, 5, 4, -4, 6, 2);
    check_axis(0, 0, 4, -1, 1, 0.5);
    /* As good as one value: no tick is lost in rounding. */
    check_axis(1e17, 1e17 + 16, 4, 9e16, 1.1e17, 5e15);
}

static void
check_blocks(void)
{
    const double v[] = { 0, 1, (double)NAN, 7 };
    struct page p = { 0 };

    page_sparkline(&p, v, 4, 0, 7);
    check_text(&p, "\xe2\x96\x81\xe2\x96\x82 \xe2\x96\x88");
    p.text.len = 0;
    page_sparkline(&p, v, 1, 0, 0);
    check_text(&p, "\xe2\x96\x81");
    p.text.len = 0;
    page_bar(&p, 3, 4, 2);
    check_text(&p, "\xe2\x96\x88\xe2\x96\x8c");
    p.text.len = 0;
    page_bar(&p, 1e-9, 4, 2);
    check_text(&p, "\xe2\x96\x8f");
    buffer_free(&p.text);
}

int
main(void)
{
    check_escapes();
    check_hidden();
    check_numbers();
    check_axes();
    check_blocks();
    return check_status();
}
