/*
 * rec-ndcg - how good lists of candidates are
 *
 * Each list is looked through once, for all metrics and all depths.  What is
 * reported are means over rows; with --per-row the rows themselves, each with
 * its metrics behind it.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/number.h"
#include "base/outfile.h"
#include "filter/filter.h"
#include "metrics/mean.h"
#include "metrics/ranking.h"

#define DEFAULT_DEPTH 10
#define DEPTHS_MAX 64

struct options {
    uint32_t depth[DEPTHS_MAX];
    unsigned depths;
    const char *truth; /* column, NULL for what meta key says */
    bool per_row;
    const char *path;
};

static const struct cli_option option_table[] = {
    { 'k', "at", CLI_VALUE, "K[,K]...",
      "measure the first K of each list (10)" },
    { 't', "truth", CLI_VALUE, "COLUMN",
      "what is relevant, an id or a list (what meta key names)" },
    { 'r', "per-row", CLI_FLAG, NULL, "write a stream: the rows, measured" },
    { 0 },
};

static const struct cli cli = {
    .name = "rec-ndcg",
    .operands = "[FILE]",
    .purpose =
        "Measure lists of candidates: nDCG, recall, precision, MAP, MRR, "
        "hit.",
    .example = "rec-knn -k 100 -i items.rms queries.rms | rec-ndcg --at 10,100",
    .flags = CLI_STREAM_OUT,
    .options = option_table,
};

static struct options
parse_options(int argc, char **argv)
{
    struct options opt = { .depth = { DEFAULT_DEPTH }, .depths = 1 };
    const char *value;
    int c;

    cli_init(&cli, argc, argv);
    while ((c = cli_next(&value)) != 0) {
        switch (c) {
        case 'k':
            opt.depths = cli_u32_list(c, value, 1, DEPTHS_MAX, opt.depth);
            break;
        case 't': opt.truth = value; break;
        case 'r': opt.per_row = true; break;
        }
    }
    for (unsigned d = 1; d < opt.depths; d++)
        if (opt.depth[d] <= opt.depth[d - 1])
            usage_error("--at: depths go up: %u comes after %u",
                        (unsigned)opt.depth[d], (unsigned)opt.depth[d - 1]);
    if (cli_deflate() && !opt.per_row)
        usage_error("--deflate is for streams, so for --per-row");
    if (!opt.per_row)
        output_is_no_stream();
    opt.path = cli_operand_or_stdin();
    return opt;
}

struct measuring {
    const struct options *opt;
    struct input *in;
    size_t candidates, truth; /* columns */
    struct hits hits;
    struct mean mean[METRICS][DEPTHS_MAX];
    uint64_t measured, without_truth;
    uint32_t longest; /* list */
};

static struct measuring
open_input(const struct options *opt)
{
    struct measuring m = { .opt = opt, .in = input_open(opt->path) };
    const char *truth =
        opt->truth != NULL ? opt->truth : input_meta(m.in, "key");
    const struct column *c;

    m.candidates = input_column_of(m.in, "candidates", TYPE_U32, SHAPE_LIST);
    m.truth = input_column(m.in, truth);
    c = &input_schema(m.in)->column[m.truth];
    if (c->type != TYPE_U32 || c->shape == SHAPE_VECTOR) {
        char is[TYPE_TEXT_MAX];

        column_type_text(c, is);
        input_bad(m.in, "column '%s' is %s, not u32 or u32[]", truth, is);
    }
    return m;
}

/* The values of row R of column A, a scalar or a list. */
static const uint32_t *
row_values(const struct array *a, uint32_t r, size_t *n)
{
    *n = a->list != NULL ? a->list[r + 1] - a->list[r] : 1;
    return array_u32(a) + (a->list != NULL ? a->list[r] : r);
}

/* Find the hits of row R; false when nothing is relevant there. */
static bool
measure(struct measuring *m, const struct block *b, uint32_t r)
{
    size_t length, truths;
    const uint32_t *list = row_values(&b->column[m->candidates], r, &length);
    const uint32_t *truth = row_values(&b->column[m->truth], r, &truths);
    struct error e;

    if (length > m->longest)
        m->longest = (uint32_t)length;
    if (truths == 0) {
        m->without_truth++;
        return false;
    }
    m->measured++;
    must(hits_find(&m->hits, list, length, truth, truths, &e), &e);
    return true;
}

static void
measure_means(struct measuring *m)
{
    struct block b;

    while (input_next(m->in, &b))
        for (uint32_t r = 0; r < b.rows; r++) {
            if (!measure(m, &b, r))
                continue;
            for (size_t i = 0; i < METRICS; i++)
                for (unsigned d = 0; d < m->opt->depths; d++)
                    mean_add(&m->mean[i][d],
                             metrics[i].value(&m->hits, m->opt->depth[d]));
        }
}

/* The columns of the input, and "ndcg@10" and so on behind them. */
static struct output *
open_rows(const struct measuring *m)
{
    const struct options *opt = m->opt;
    struct output *out;
    struct schema s;
    struct error e;

    must(schema_copy(&s, input_schema(m->in), &e), &e);
    for (size_t i = 0; i < METRICS; i++)
        for (unsigned d = 0; d < opt->depths; d++) {
            char name[64];

            snprintf(name, sizeof name, "%s@%u", metrics[i].name,
                     (unsigned)opt->depth[d]);
            if (schema_add(&s, name, TYPE_F64, SHAPE_SCALAR, 1, &e) != 0)
                input_bad(m->in, "%s", e.text);
        }
    out = output_open(cli_output(), &s);
    schema_free(&s);
    return out;
}

/* VALUE, [METRICS * depths, rows], gets the metrics of a block's rows. */
static void
measure_block(struct measuring *m, const struct block *b, double *value)
{
    const unsigned depths = m->opt->depths;

    for (uint32_t r = 0; r < b->rows; r++) {
        const bool measured = measure(m, b, r);

        for (size_t i = 0; i < METRICS; i++)
            for (unsigned d = 0; d < depths; d++)
                value[(i * depths + d) * b->rows + r] =
                    measured ? metrics[i].value(&m->hits, m->opt->depth[d])
                             : (double)NAN;
    }
}

static void
write_rows(struct measuring *m, struct output *out)
{
    const size_t columns = input_schema(m->in)->columns;
    const size_t added = (size_t)METRICS * m->opt->depths;
    struct array *array = must_new(columns + added, sizeof *array);
    double *value = NULL;
    size_t room = 0;
    struct block b;
    struct error e;

    while (input_next(m->in, &b)) {
        value = mem_grow(value, &room, added * b.rows, sizeof *value, &e);
        if (value == NULL)
            die("%s", e.text);
        measure_block(m, &b, value);
        memcpy(array, b.column, columns * sizeof *array);
        for (size_t i = 0; i < added; i++)
            array[columns + i] = (struct array){
                .values = value + i * b.rows,
                .count = b.rows,
            };
        output_put(out, &(struct block){ b.rows, columns + added, array });
    }
    free(value);
    free(array);
}

/* Nothing measured, or a depth that nobody retrieved, is no result. */
static void
check_measured(const struct measuring *m)
{
    const uint32_t deepest = m->opt->depth[m->opt->depths - 1];

    if (m->measured == 0)
        input_bad(m->in, "no rows to measure");
    if (m->longest < deepest)
        input_bad(m->in, "--at %u: the longest list has %u candidates",
                  (unsigned)deepest, (unsigned)m->longest);
    if (m->without_truth > 0)
        warning("%s: %" PRIu64 " of %" PRIu64
                " rows have nothing relevant and were left out",
                input_name(m->in), m->without_truth,
                m->without_truth + m->measured);
}

static void
write_means(const struct measuring *m)
{
    struct buffer text = { 0 };
    struct outfile *out;
    struct error e;

    must(buffer_printf(&text, &e, "metric\tk\tvalue\tci95\trows\n"), &e);
    for (size_t i = 0; i < METRICS; i++)
        for (unsigned d = 0; d < m->opt->depths; d++) {
            const struct mean *mean = &m->mean[i][d];
            char value[NUMBER_TEXT_MAX], ci[NUMBER_TEXT_MAX];

            number_from_f64(value, mean_value(mean));
            number_from_f64(ci, mean_ci95(mean));
            must(buffer_printf(&text, &e, "%s\t%u\t%s\t%s\t%" PRIu64 "\n",
                               metrics[i].name, (unsigned)m->opt->depth[d],
                               value, ci, mean->n),
                 &e);
        }
    out = outfile_open(cli_output(), &e);
    if (out == NULL)
        die("%s", e.text);
    if (io_write(outfile_fd(out), text.data, text.len) != 0)
        die_errno("%s", outfile_name(out));
    must(outfile_commit(out, &e), &e);
    buffer_free(&text);
}

int
main(int argc, char **argv)
{
    const struct options opt = parse_options(argc, argv);
    struct measuring m = open_input(&opt);

    if (opt.per_row) {
        struct output *out = open_rows(&m);

        write_rows(&m, out);
        check_measured(&m);
        output_close(out);
    } else {
        measure_means(&m);
        check_measured(&m);
        write_means(&m);
    }
    hits_free(&m.hits);
    input_close(m.in);
    return EXIT_SUCCESS;
}
