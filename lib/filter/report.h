/*
 * report.h - what rec-report reads, and the two ways in which it shows it
 *
 * A file is taken for what it is: a record stream, or text with tabs whose
 * header line says which.  As everything in this room, these functions do what
 * they say or die with a message that names the file.
 */
#ifndef FILTER_REPORT_H
#define FILTER_REPORT_H

#include "features/vocabulary.h"
#include "filter/input.h"
#include "report/page.h"

/* Bytes of data, which may hold anything. */
struct report_text {
    char *s;
    size_t len;
};

struct report_file {
    const char *path;
    char *name; /* for people: "NAME=" or the file's own, without folder */
    const char *base; /* the file's own name */
    char *shown;      /* the same, with its folder when two files have it */
    const char *what; /* "training log" */
    char **step;      /* [steps]: how a record stream was made */
    size_t steps;
    uint64_t rows;
};

/* What a trainer's --log has. */
struct report_log {
    size_t file;
    char **column; /* [columns], the first is "epoch" */
    double *value; /* [columns], a row behind the other; NaN for "-" */
    size_t columns, rows, cap;
};

/* One metric at one depth, and where there are two: B less A. */
struct report_figure {
    char *metric; /* "ndcg@10" */
    double value;
    double low, high; /* the interval of 95 %; NaN: nobody knows */
    double a, b, p;   /* of a comparison */
    uint64_t rows;    /* 0: nobody knows */
};

/* What was measured of one set of lists, or a comparison of two. */
struct report_measure {
    size_t file;
    char *name;
    struct report_figure *figure;
    size_t figures, cap;
};

/* The list of one query. */
#define REPORT_LIST_MAX 10
struct report_list {
    struct report_text query;
    struct report_text item[REPORT_LIST_MAX]; /* [items], the best first */
    bool hit[REPORT_LIST_MAX];
    double score[REPORT_LIST_MAX]; /* NaN: there are none */
    size_t items;
    struct report_text wanted; /* the first relevant item; s NULL: none */
    size_t wanted_rank;        /* 0: not in the list */
    size_t relevant, found;
};

/* A stream of lists. */
struct report_lists {
    size_t file;
    char *by;     /* what queries are called, "user_id"; NULL: rows */
    uint64_t *at; /* [longest + 1]: relevant items at rank 1, 2, ... */
    size_t longest, cap;
    uint64_t relevant;        /* items, 0: nothing is known to be */
    uint64_t queries;         /* that have any */
    struct report_list *list; /* [shown] */
    size_t shown;
};

struct report_options {
    const char *title;
    const char *by;                  /* column, NULL: see rec-report(1) */
    const char *truth;               /* column, NULL: what meta key says */
    const struct vocabulary *titles; /* NULL: ids will do */
    size_t lists;                    /* to show */
};

struct report {
    struct report_options opt;
    struct report_file *file; /* [files], in the order of the operands */
    size_t files;
    struct report_log *log;
    size_t logs;
    struct report_measure *measure, *comparison;
    size_t measures, comparisons;
    struct report_lists *lists;
    size_t streams;
};

/* Read the N files of OPERAND, each PATH or NAME=PATH. */
struct report *report_read(const struct report_options *opt,
                           char *const *operand, size_t n);
void report_free(struct report *r);

/* One file of each kind, from FD at its start; they are for report_read(). */
void report_read_stream(struct report *r, size_t file, int fd);
void report_read_text(struct report *r, size_t file, int fd);
/* Another element behind the N of ARRAY, elements of SIZE bytes, zeroed. */
void *report_more(void *array, size_t *n, size_t size);
struct report_figure *report_figure(struct report_measure *m,
                                    const char *metric);

/* The figure of METRIC in M, NULL when it has none. */
const struct report_figure *report_find(const struct report_measure *m,
                                        const char *metric);
/* The metrics of all N of M, each once, in the order in which they come; the
 * caller frees the array, not the names.  *COUNT of them. */
const char **report_metrics(const struct report_measure *m, size_t n,
                            size_t *count);
/* "ndcg@10" as people write it, "nDCG@10", in OUT. */
#define REPORT_METRIC_MAX 80
void report_metric_name(char out[REPORT_METRIC_MAX], const char *metric);
/* Decimals that show the intervals of all. */
int report_decimals(const struct report_measure *m, size_t n);

/* Relevant items at ranks in some twenty steps or fewer. */
struct report_ranks {
    size_t bins, width; /* ranks a bin */
    char label[32][24]; /* "1", "11-20" */
    double share[32];   /* of the relevant items of R, in percent */
};
void report_ranks(struct report_ranks *out, const struct report_lists *r,
                  size_t longest);

/* How many are found at FIRST or above, and the rank of the middle one of all
 * that are found, 0 when none is. */
uint64_t report_found(const struct report_lists *l, size_t first);
size_t report_median_rank(const struct report_lists *l);
/* The list of the same query in L, NULL when it has none. */
const struct report_list *report_same_query(const struct report_lists *l,
                                            const struct report_list *list);
/* The logs after number FIRST that share its charts: of files of its name, with
 * its columns.  Is LOG the first of such? */
bool report_same_log(const struct report *r, size_t first, size_t log);
bool report_first_log(const struct report *r, size_t log);

/* The page, and the text for a terminal. */
void report_html(const struct report *r, struct page *p);
void report_plain(const struct report *r, struct page *p);

#endif
