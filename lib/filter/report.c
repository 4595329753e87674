#include "filter/report.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "filter/filter.h"
#include "filter/step.h"
#include "stream/frame.h"

void *
report_more(void *array, size_t *n, size_t size)
{
    size_t cap = *n;
    char *more = must_grow(array, &cap, *n + 1, size);

    memset(more + *n * size, 0, size);
    ++*n;
    return more;
}

struct report_figure *
report_figure(struct report_measure *m, const char *metric)
{
    struct report_figure *f;
    struct error e;

    m->figure = must_grow(m->figure, &m->cap, m->figures + 1, sizeof *f);
    f = &m->figure[m->figures++];
    *f = (struct report_figure){ .low = (double)NAN, .high = (double)NAN };
    f->metric = must_have(mem_string(metric, strlen(metric), &e), &e);
    return f;
}

const struct report_figure *
report_find(const struct report_measure *m, const char *metric)
{
    for (size_t i = 0; i < m->figures; i++)
        if (strcmp(m->figure[i].metric, metric) == 0)
            return &m->figure[i];
    return NULL;
}

const char **
report_metrics(const struct report_measure *m, size_t n, size_t *count)
{
    const char **metric = NULL;
    size_t cap = 0;

    *count = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t f = 0; f < m[i].figures; f++) {
            const char *name = m[i].figure[f].metric;
            bool known = false;

            for (size_t k = 0; k < *count; k++)
                known |= strcmp(metric[k], name) == 0;
            if (known)
                continue;
            metric = must_grow(metric, &cap, *count + 1, sizeof *metric);
            metric[(*count)++] = name;
        }
    return metric;
}

void
report_metric_name(char out[REPORT_METRIC_MAX], const char *metric)
{
    static const char *const names[][2] = {
        { "ndcg", "nDCG" },
        { "map", "MAP" },
        { "mrr", "MRR" },
        { "hit", "hit rate" },
    };
    const size_t len = strcspn(metric, "@");

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i][0]) == len &&
            strncmp(names[i][0], metric, len) == 0) {
            snprintf(out, REPORT_METRIC_MAX, "%s%s", names[i][1], metric + len);
            return;
        }
    snprintf(out, REPORT_METRIC_MAX, "%s", metric);
}

int
report_decimals(const struct report_measure *m, size_t n)
{
    int least = 6, most = 3;

    for (size_t i = 0; i < n; i++)
        for (size_t f = 0; f < m[i].figures; f++) {
            const struct report_figure *figure = &m[i].figure[f];
            const double half = (figure->high - figure->low) / 2;
            const int d = half > 0 ? page_decimals(half, 6) : 4;

            least = d < least ? d : least;
            most = d > most ? d : most;
        }
    /* The smallest of many may be seen with one digit. */
    return most > least + 1 ? most - 1 : most;
}

/* Ranks a bin: 1 up to 20 of them, else a round number. */
static size_t
bin_width(size_t longest)
{
    static const size_t times[] = { 1, 2, 5 };

    for (size_t power = 1;; power *= 10)
        for (size_t i = 0; i < 3; i++)
            if ((longest - 1) / (power * times[i]) < 20)
                return power * times[i];
}

void
report_ranks(struct report_ranks *out, const struct report_lists *r,
             size_t longest)
{
    out->width = bin_width(longest);
    out->bins = (longest - 1) / out->width + 1;
    for (size_t b = 0; b < out->bins; b++) {
        const size_t first = b * out->width + 1;
        const size_t last = first + out->width - 1;
        uint64_t n = 0;

        for (size_t k = first; k <= last && k <= r->longest; k++)
            n += r->at[k];
        out->share[b] = 100 * (double)n / (double)r->relevant;
        if (out->width == 1)
            snprintf(out->label[b], sizeof *out->label, "%zu", first);
        else
            snprintf(out->label[b], sizeof *out->label, "%zu\u2013%zu", first,
                     last);
    }
}

uint64_t
report_found(const struct report_lists *l, size_t first)
{
    uint64_t n = 0;

    for (size_t k = 1; k <= first && k <= l->longest; k++)
        n += l->at[k];
    return n;
}

size_t
report_median_rank(const struct report_lists *l)
{
    const uint64_t all = report_found(l, l->longest);
    uint64_t n = 0;
    size_t k = 0;

    while (all > 0 && 2 * n < all)
        n += l->at[++k];
    return k;
}

const struct report_list *
report_same_query(const struct report_lists *l, const struct report_list *list)
{
    for (size_t i = 0; i < l->shown; i++)
        if (l->list[i].query.len == list->query.len &&
            memcmp(l->list[i].query.s, list->query.s, list->query.len) == 0)
            return &l->list[i];
    return NULL;
}

bool
report_same_log(const struct report *r, size_t first, size_t log)
{
    const struct report_log *a = &r->log[first], *b = &r->log[log];

    if (strcmp(r->file[a->file].base, r->file[b->file].base) != 0 ||
        a->columns != b->columns)
        return false;
    for (size_t i = 0; i < a->columns; i++)
        if (strcmp(a->column[i], b->column[i]) != 0)
            return false;
    return true;
}

bool
report_first_log(const struct report *r, size_t log)
{
    for (size_t i = 0; i < log; i++)
        if (report_same_log(r, i, log))
            return false;
    return true;
}

/* "seed-1/tower.tsv" of a longer path. */
static const char *
with_folder(const char *path)
{
    const char *p = strrchr(path, '/');

    if (p == NULL)
        return path;
    while (p > path && p[-1] != '/')
        p--;
    return p;
}

static void
find_path(struct report_file *f, const char *operand)
{
    struct error e;

    f->path = step_named_path(operand);
    if (f->path > operand)
        f->name = must_have(
            mem_string(operand, (size_t)(f->path - operand) - 1, &e), &e);
    f->base =
        strcmp(f->path, "-") == 0 ? "standard input" : step_base_name(f->path);
}

/* Files of one name in several folders: the folder says which is which. */
static void
name_file(struct report *r, size_t file)
{
    struct report_file *f = &r->file[file];
    const char *shown = f->base;
    struct error e;
    size_t len;

    for (size_t k = 0; k < r->files; k++)
        if (k != file && strcmp(r->file[k].base, f->base) == 0)
            shown = with_folder(f->path);
    f->shown = must_have(mem_string(shown, strlen(shown), &e), &e);
    if (f->name != NULL)
        return;
    len = strlen(shown);
    if (len > 4 && (strcmp(shown + len - 4, ".rms") == 0 ||
                    strcmp(shown + len - 4, ".tsv") == 0))
        len -= 4;
    f->name = must_have(mem_string(shown, len, &e), &e);
}

static void
read_file(struct report *r, size_t file)
{
    const char *path = r->file[file].path;
    unsigned char first[FRAME_SIZE];
    ssize_t got;
    off_t start;
    int fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO)
                                    : open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        die_errno("%s", path);
    fd = input_seekable(fd, path, &start);
    got = io_read_at(fd, first, sizeof first, start);
    if (got < 0)
        die_errno("%s", path);
    if (got == 0)
        die("%s: the file is empty",
            strcmp(path, "-") == 0 ? "standard input" : path);
    if (frame_begins(first, (size_t)got))
        report_read_stream(r, file, fd);
    else
        report_read_text(r, file, fd);
    (void)close(fd);
}

struct report *
report_read(const struct report_options *opt, char *const *operand, size_t n)
{
    struct report *r = must_new(1, sizeof *r);
    size_t inputs = 0;

    r->opt = *opt;
    r->file = must_new(n, sizeof *r->file);
    r->files = n;
    for (size_t i = 0; i < n; i++) {
        find_path(&r->file[i], operand[i]);
        inputs += strcmp(r->file[i].path, "-") == 0;
    }
    if (inputs > 1)
        usage_error("only one file can be standard input");
    for (size_t i = 0; i < n; i++)
        name_file(r, i);
    for (size_t i = 0; i < n; i++)
        read_file(r, i);
    return r;
}

static void
free_measures(struct report_measure *m, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t f = 0; f < m[i].figures; f++)
            free(m[i].figure[f].metric);
        free(m[i].figure);
        free(m[i].name);
    }
    free(m);
}

static void
free_lists(struct report_lists *l)
{
    for (size_t i = 0; i < l->shown; i++) {
        for (size_t k = 0; k < l->list[i].items; k++)
            free(l->list[i].item[k].s);
        free(l->list[i].query.s);
        free(l->list[i].wanted.s);
    }
    free(l->list);
    free(l->at);
    free(l->by);
}

void
report_free(struct report *r)
{
    for (size_t i = 0; i < r->files; i++) {
        for (size_t k = 0; k < r->file[i].steps; k++)
            free(r->file[i].step[k]);
        free(r->file[i].step);
        free(r->file[i].name);
        free(r->file[i].shown);
    }
    for (size_t i = 0; i < r->logs; i++) {
        for (size_t k = 0; k < r->log[i].columns; k++)
            free(r->log[i].column[k]);
        free(r->log[i].column);
        free(r->log[i].value);
    }
    for (size_t i = 0; i < r->streams; i++)
        free_lists(&r->lists[i]);
    free_measures(r->measure, r->measures);
    free_measures(r->comparison, r->comparisons);
    free(r->file);
    free(r->log);
    free(r->lists);
    free(r);
}
