#include "report/chart.h"

#include <math.h>

#define WIDTH 360
#define HEIGHT 220
#define RIGHT 20
#define TOP 10
#define BOTTOM 40
#define LEFT 58
#define DIGIT 8 /* how wide one is, at most */
/* More points than a line can show. */
#define POINTS_MAX 720

void
axis_fit(struct axis *a, double low, double high, int ticks)
{
    double power, raw;

    /* One value, or as good as one. */
    if (!(high - low > 1e-9 * fmax(fabs(low), fabs(high)))) {
        const double pad = low != 0 ? fabs(low) * 0.1 : 1;

        high = low + pad;
        low -= pad;
    }
    raw = (high - low) / ticks;
    power = pow(10, floor(log10(raw)));
    raw /= power;
    a->step = power * (raw > 5 ? 10 : raw > 2 ? 5 : raw > 1 ? 2 : 1);
    a->low = floor(low / a->step + 1e-9) * a->step;
    a->high = ceil(high / a->step - 1e-9) * a->step;
    a->decimals = (int)-floor(log10(a->step) + 1e-9);
    if (a->decimals < 0)
        a->decimals = 0;
    if (a->decimals > 12)
        a->decimals = 12;
}

static double
place(const struct axis *a, double v, double from, double to)
{
    return from + (v - a->low) / (a->high - a->low) * (to - from);
}

static void
tick_text(char out[PAGE_NUMBER_MAX], const struct axis *a, int i)
{
    page_number(out, a->low + i * a->step, a->decimals);
}

static int
steps(const struct axis *a)
{
    return (int)lround((a->high - a->low) / a->step);
}

/* The caption, and the drawing up to its first line. */
static void
begin(struct page *p, const char *title, const char *about, int height)
{
    const unsigned id = ++p->ids;

    page_put(p, "<figure>\n<figcaption><b>");
    page_html_str(p, title);
    page_put(p, "</b>%s", *about != '\0' ? ", " : "");
    page_html_str(p, about);
    page_put(p,
             "</figcaption>\n<svg viewBox=\"0 0 %d %d\" role=\"img\" "
             "aria-labelledby=\"t%u d%u\"><title id=\"t%u\">",
             WIDTH, height, id, id, id);
    page_html_str(p, title);
    page_put(p, "</title><desc id=\"d%u\">", id);
}

static void
end(struct page *p)
{
    page_put(p, "</svg>\n</figure>\n");
}

/* The numbers and lines of a y axis; LEFT has room for eight digits. */
static void
draw_y(struct page *p, const struct axis *y, const char *unit)
{
    for (int i = 0; i <= steps(y); i++) {
        const double at = place(y, y->low + i * y->step, HEIGHT - BOTTOM, TOP);
        char text[PAGE_NUMBER_MAX];

        tick_text(text, y, i);
        page_put(p,
                 "<line class=\"%s\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" "
                 "y2=\"%.1f\"/><text x=\"%d\" y=\"%.1f\" "
                 "text-anchor=\"end\">%s%s</text>\n",
                 i == 0 ? "axis" : "grid", LEFT, WIDTH - RIGHT, at, at,
                 LEFT - 6, at + 4, text, unit);
    }
}

/* Those of an x axis at BASE, with grid lines up to the top when it is not
 * below a y axis. */
static void
draw_x(struct page *p, const struct axis *x, double left, double base,
       bool grid)
{
    for (int i = 0; i <= steps(x); i++) {
        const double v = x->low + i * x->step;
        const double at = place(x, v, left, WIDTH - RIGHT);
        char text[PAGE_NUMBER_MAX];

        tick_text(text, x, i);
        page_put(p,
                 "<line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" "
                 "y2=\"%.1f\"/><text x=\"%.1f\" y=\"%.1f\" "
                 "text-anchor=\"middle\">%s</text>\n",
                 grid && fabs(v) > x->step / 2 ? "grid" : "axis", at, at,
                 grid ? TOP : base, base + 4, at, base + 17, text);
    }
}

/* Round numbers on an axis whose ends are not. */
static void
draw_ticks(struct page *p, const struct axis *x)
{
    const double first = ceil(x->low / x->step - 1e-9) * x->step;

    for (int i = 0; first + i * x->step <= x->high + x->step * 1e-9; i++) {
        const double v = first + i * x->step;
        const double at = place(x, v, LEFT, WIDTH - RIGHT);
        char text[PAGE_NUMBER_MAX];

        page_number(text, v, x->decimals);
        page_put(p,
                 "<line class=\"axis\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" "
                 "y2=\"%d\"/><text x=\"%.1f\" y=\"%d\" "
                 "text-anchor=\"middle\">%s</text>\n",
                 at, at, HEIGHT - BOTTOM, HEIGHT - BOTTOM + 4, at,
                 HEIGHT - BOTTOM + 17, text);
    }
}

static void
name_x(struct page *p, const char *name)
{
    page_put(p, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">",
             (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6);
    page_html_str(p, name);
    page_put(p, "</text>\n");
}

static void
range_of(const struct chart *c, bool of_x, double *low, double *high)
{
    *low = (double)INFINITY;
    *high = -(double)INFINITY;
    for (size_t s = 0; s < c->count; s++)
        for (size_t i = 0; i < c->series[s].n; i++) {
            const double y = c->series[s].y[i];
            const double v = of_x ? c->series[s].x[i] : y;

            if (isnan(v))
                continue;
            *low = fmin(*low, v);
            *high = fmax(*high, v);
        }
    if (*low > *high)
        *low = *high = 0;
    if (!of_x && c->from_zero)
        *low = fmin(*low, 0);
}

/* "training: from 2.5 to 1.2" for each series. */
static void
describe(struct page *p, const struct chart *c)
{
    for (size_t s = 0; s < c->count; s++) {
        const struct series *line = &c->series[s];
        double first = (double)NAN, last = (double)NAN;

        for (size_t i = 0; i < line->n; i++)
            if (!isnan(line->y[i])) {
                first = isnan(first) ? line->y[i] : first;
                last = line->y[i];
            }
        page_html_str(p, line->name);
        if (isnan(last))
            page_put(p, ": no numbers. ");
        else
            page_put(p, ": first %.4g, last %.4g. ", first, last);
    }
    page_put(p, "</desc>\n");
}

static void
draw_line(struct page *p, const struct series *s, size_t colour,
          const struct axis *x, const struct axis *y)
{
    const size_t stride = s->n / POINTS_MAX + 1;
    char move = 'M';
    size_t points = 0;

    page_put(p, "<path class=\"line s%zu\" d=\"", colour % PAGE_COLOURS);
    for (size_t i = 0; i < s->n; i++) {
        if (isnan(s->y[i]) || (i % stride != 0 && i + 1 < s->n))
            continue;
        page_put(p, "%c%.1f %.1f", move, place(x, s->x[i], LEFT, WIDTH - RIGHT),
                 place(y, s->y[i], HEIGHT - BOTTOM, TOP));
        move = 'L';
        points++;
    }
    page_put(p, "\"/>\n");
    for (size_t i = 0; points <= 12 && i < s->n; i++)
        if (!isnan(s->y[i]))
            page_put(p,
                     "<circle class=\"dot s%zu\" cx=\"%.1f\" cy=\"%.1f\" "
                     "r=\"3\"/>\n",
                     colour % PAGE_COLOURS,
                     place(x, s->x[i], LEFT, WIDTH - RIGHT),
                     place(y, s->y[i], HEIGHT - BOTTOM, TOP));
}

void
chart_lines(struct page *p, const struct chart *c)
{
    struct axis x, y;
    double low, high;

    range_of(c, true, &low, &high);
    axis_fit(&x, low, high, 5);
    /* Lines begin and end at the frame; there are no halves of an epoch. */
    x.low = low < high ? low : x.low;
    x.high = low < high ? high : x.high;
    range_of(c, false, &low, &high);
    axis_fit(&y, low, high, 4);
    begin(p, c->title, c->about, HEIGHT);
    describe(p, c);
    draw_y(p, &y, c->unit);
    draw_ticks(p, &x);
    name_x(p, c->x_name);
    for (size_t s = 0; s < c->count; s++)
        draw_line(p, &c->series[s], s, &x, &y);
    end(p);
}

/* Of N labels every how many-th is written, so that they do not touch. */
static size_t
label_stride(const char *const *label, size_t n, double slot)
{
    size_t most = 0;

    for (size_t i = 0; i < n; i++) {
        size_t wide = 0;

        for (const char *s = label[i]; *s != '\0'; s++)
            wide += (*s & 0xc0) != 0x80;
        most = wide > most ? wide : most;
    }
    return (size_t)ceil(DIGIT * (double)(most + 1) / slot);
}

void
chart_bars(struct page *p, const struct chart *c, const char *const *label)
{
    const size_t n = c->count > 0 ? c->series[0].n : 0;
    const double slot = (double)(WIDTH - RIGHT - LEFT) / (double)(n + (n == 0));
    const double wide = slot * 0.8 / (double)(c->count + (c->count == 0));
    const size_t stride = label_stride(label, n, slot);
    struct axis y;
    double low, high;

    range_of(c, false, &low, &high);
    axis_fit(&y, low, high, 4);
    begin(p, c->title, c->about, HEIGHT);
    describe(p, c);
    draw_y(p, &y, c->unit);
    for (size_t i = 0; i < n; i++) {
        const double left = LEFT + slot * (double)i + slot * 0.1;

        for (size_t s = 0; s < c->count; s++) {
            const double v = c->series[s].y[i];
            const double at = place(&y, v, HEIGHT - BOTTOM, TOP);

            page_put(p,
                     "<rect class=\"bar s%zu\" x=\"%.1f\" y=\"%.1f\" "
                     "width=\"%.1f\" height=\"%.1f\"><title>",
                     s % PAGE_COLOURS, left + wide * (double)s, at, wide * 0.94,
                     HEIGHT - BOTTOM - at);
            page_html_str(p, c->series[s].name);
            page_put(p, ", %s %s: %.3g%s</title></rect>\n", c->x_name, label[i],
                     v, c->unit);
        }
        if (i % stride == 0)
            page_put(p,
                     "<text x=\"%.1f\" y=\"%d\" "
                     "text-anchor=\"middle\">%s</text>\n",
                     left + slot * 0.4, HEIGHT - BOTTOM + 16, label[i]);
    }
    name_x(p, c->x_name);
    end(p);
}

#define ROW 22
#define NAMES 116

static void
draw_interval(struct page *p, const struct interval *i, double y,
              const struct axis *x)
{
    const size_t colour = i->series % PAGE_COLOURS;

    page_put(p, "<text class=\"v\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">",
             NAMES - 8, y + 4);
    {
        /* Cut to what has room.  What fails there has failed here. */
        struct page name = { .failed = p->failed, .error = p->error };

        page_plain(&name, i->name, strlen(i->name), 18, false);
        p->failed = name.failed;
        p->error = name.error;
        page_html(p, (const char *)name.text.data, name.text.len);
        buffer_free(&name.text);
    }
    page_put(p, "</text>\n");
    if (!isnan(i->low) && !isnan(i->high))
        page_put(p,
                 "<line class=\"whisker s%zu\" x1=\"%.1f\" x2=\"%.1f\" "
                 "y1=\"%.1f\" y2=\"%.1f\"/>\n",
                 colour, place(x, i->low, NAMES, WIDTH - RIGHT),
                 place(x, i->high, NAMES, WIDTH - RIGHT), y, y);
    page_put(p,
             "<circle class=\"dot s%zu\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>\n",
             colour, place(x, i->value, NAMES, WIDTH - RIGHT), y);
}

void
chart_intervals(struct page *p, const char *title, const char *about,
                const struct interval *i, size_t n)
{
    const int base = TOP + ROW * (int)n;
    double low = 0, high = 0;
    struct axis x;

    for (size_t r = 0; r < n; r++) {
        low = fmin(low, fmin(i[r].value, i[r].low));
        high = fmax(high, fmax(i[r].value, i[r].high));
    }
    axis_fit(&x, low, high, 3);
    begin(p, title, about, base + 24);
    for (size_t r = 0; r < n; r++) {
        page_html_str(p, i[r].name);
        page_put(p, ": %.4g", i[r].value);
        if (!isnan(i[r].low) && !isnan(i[r].high))
            page_put(p, ", from %.4g to %.4g", i[r].low, i[r].high);
        page_put(p, ". ");
    }
    page_put(p, "</desc>\n");
    draw_x(p, &x, NAMES, base, true);
    for (size_t r = 0; r < n; r++)
        draw_interval(p, &i[r], TOP + ROW * ((double)r + 0.5), &x);
    end(p);
}

void
chart_legend(struct page *p, const struct series *s, size_t count)
{
    page_put(p, "<ul class=\"legend\">\n");
    for (size_t i = 0; i < count; i++) {
        page_put(p,
                 "<li><svg viewBox=\"0 0 26 10\" aria-hidden=\"true\">"
                 "<path class=\"line s%zu\" d=\"M0 5H26\"/></svg>",
                 i % PAGE_COLOURS);
        page_html_str(p, s[i].name);
        page_put(p, "</li>\n");
    }
    page_put(p, "</ul>\n");
}
