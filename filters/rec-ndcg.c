/*
 * rec-ndcg - how good lists of candidates are
 *
 * Each list is looked through once, for all metrics and all depths.  What is
 * relevant is in the row of the list, or in a stream of its own that is held in
 * memory.  What is reported are means; or, as a stream, what they are means of,
 * which rec-compare reads.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/io.h"
#include "base/number.h"
#include "base/outfile.h"
#include "filter/filter.h"
#include "filter/measure.h"

#define DEFAULT_DEPTH 10

struct options {
    uint32_t depth[QUALITY_DEPTHS_MAX];
    unsigned depths;
    const struct convention *convention;
    const char *truth;      /* column, NULL for what meta key says */
    struct truth_file file; /* path is NULL: truth is in the rows */
    bool per_row, per_query;
    bool sums, merge;
    bool chosen; /* an option says what to measure, or how */
    const char *path;
};

enum { OPT_BY = 256, OPT_SUMS, OPT_MERGE };

static const struct cli_option option_table[] = {
    { 'k', "at", CLI_VALUE, "K[,K]...",
      "measure the first K of each list (10)" },
    { 'c', "convention", CLI_VALUE, "NAME",
      "trec, ms, exp, dacrema, liang or hit (trec)" },
    { 't', "truth", CLI_VALUE, "COLUMN",
      "what is relevant, an id or a list (what meta key names)" },
    { 'f', "truth-file", CLI_FILE, "FILE",
      "find it in FILE, with a row for each query and item" },
    { OPT_BY, "by", CLI_VALUE, "COLUMN",
      "what tells queries apart, there and here (first query.*.lookup)" },
    { 'g', "gain", CLI_VALUE, "COLUMN",
      "of FILE: what an item is worth, 0 for nothing (1)" },
    { 'r', "per-row", CLI_FLAG, NULL, "write a stream: the rows, measured" },
    { 'q', "per-query", CLI_FLAG, NULL,
      "write a stream: the queries of FILE, measured" },
    { OPT_SUMS, "sums", CLI_FLAG, NULL,
      "write a stream: sums, of which --merge makes means" },
    { OPT_MERGE, "merge", CLI_FLAG, NULL,
      "add up what --sums wrote of parts of the lists" },
    { 0 },
};

static const struct cli cli = {
    .name = "rec-ndcg",
    .operands = "[FILE]",
    .purpose =
        "Measure lists of candidates: nDCG, recall, precision, MAP, MRR, "
        "hit.",
    .example =
        "rec-knn -k 100 -i embedded.rms queries.rms | rec-ndcg --at 10,100",
    .flags = CLI_STREAM_OUT,
    .options = option_table,
};

static const struct convention *
parse_convention(int letter, const char *value)
{
    const char *name[CONVENTIONS + 1] = { NULL };

    for (size_t i = 0; i < CONVENTIONS; i++)
        name[i] = conventions[i].name;
    return &conventions[cli_choice(letter, value, name)];
}

static void
check_options(const struct options *opt)
{
    const bool file = opt->file.path != NULL;
    const bool stream = opt->per_row || opt->per_query || opt->sums;

    if (opt->merge && opt->chosen)
        usage_error("--merge takes what was measured, so only --sums goes "
                    "with it");
    if (opt->sums && (opt->per_row || opt->per_query))
        usage_error("--sums is a stream of its own");

    for (unsigned d = 1; d < opt->depths; d++)
        if (opt->depth[d] <= opt->depth[d - 1])
            usage_error("--at: depths go up: %u comes after %u",
                        (unsigned)opt->depth[d], (unsigned)opt->depth[d - 1]);
    if (cli_deflate() && !stream)
        usage_error("--deflate is for streams, so for --per-row, --per-query "
                    "or --sums");
    if (opt->file.by != NULL && !file)
        usage_error("--by says nothing without --truth-file");
    if (opt->file.gain != NULL && !file)
        usage_error("--gain is a column of --truth-file");
    if (opt->per_query && !file)
        usage_error("--per-query is for --truth-file; rows have --per-row");
    if (opt->per_row && file)
        usage_error("--per-row is for what is relevant in the rows; queries "
                    "of --truth-file have --per-query");
}

static struct options
parse_options(int argc, char **argv)
{
    struct options opt = { .depth = { DEFAULT_DEPTH },
                           .depths = 1,
                           .convention = &conventions[0] };
    const char *value;
    int c;

    cli_init(&cli, argc, argv);
    while ((c = cli_next(&value)) != 0) {
        opt.chosen |= c != OPT_SUMS && c != OPT_MERGE;
        switch (c) {
        case 'k':
            opt.depths =
                cli_u32_list(c, value, 1, QUALITY_DEPTHS_MAX, opt.depth);
            break;
        case 'c': opt.convention = parse_convention(c, value); break;
        case 't': opt.truth = value; break;
        case 'f': opt.file.path = value; break;
        case OPT_BY: opt.file.by = value; break;
        case 'g': opt.file.gain = value; break;
        case 'r': opt.per_row = true; break;
        case 'q': opt.per_query = true; break;
        case OPT_SUMS: opt.sums = true; break;
        case OPT_MERGE: opt.merge = true; break;
        }
    }
    check_options(&opt);
    if (!opt.per_row && !opt.per_query && !opt.sums)
        output_is_no_stream();
    opt.path = cli_operand_or_stdin();
    return opt;
}

/* Nothing measured, or a depth that nobody retrieved, is no result. */
static void
check_measured(const struct measured *m)
{
    const uint32_t deepest = m->quality.depth[m->quality.depths - 1];

    if (m->mean[0].n == 0)
        input_bad(m->in, "no rows to measure");
    if (m->longest < deepest)
        input_bad(m->in, "--at %u: the longest list has %u candidates",
                  (unsigned)deepest, (unsigned)m->longest);
}

static void
write_means(const struct measured *m)
{
    struct buffer text = { 0 };
    struct outfile *out;
    struct error e;

    must(buffer_printf(&text, &e, "metric\tk\tvalue\tci95\trows\n"), &e);
    for (size_t v = 0; v < quality_values(&m->quality); v++) {
        const struct mean *mean = &m->mean[v];
        char value[NUMBER_TEXT_MAX], ci[NUMBER_TEXT_MAX];

        number_from_f64(value, mean_value(mean));
        number_from_f64(ci, mean_ci95(mean));
        must(buffer_printf(&text, &e, "%s\t%u\t%s\t%s\t%" PRIu64 "\n",
                           quality_metric(&m->quality, v),
                           (unsigned)quality_depth(&m->quality, v), value, ci,
                           mean->n),
             &e);
    }
    out = must_have(outfile_open(cli_output(), &e), &e);
    if (io_write(outfile_fd(out), text.data, text.len) != 0)
        die_errno("%s", outfile_name(out));
    must(outfile_commit(out, &e), &e);
    buffer_free(&text);
}

/* Gives the stream that was asked for, NULL when it is the table. */
static struct output *
measure(const struct options *opt, struct measured *m)
{
    struct truth_file file = opt->file;
    struct output *rows = NULL;

    if (opt->merge) {
        measure_read_sums(m);
        return NULL;
    }
    if (opt->per_row)
        return measure_rows_to(m, opt->truth);
    if (file.path == NULL) {
        measure_rows(m, opt->truth);
        return NULL;
    }
    file.item = measure_truth(m, opt->truth);
    if (file.by == NULL)
        file.by = input_query_key(m->in);
    measure_queries(m, &file, opt->per_query ? &rows : NULL);
    return rows;
}

int
main(int argc, char **argv)
{
    const struct options opt = parse_options(argc, argv);
    struct measured *m = must_new(1, sizeof *m);
    struct output *rows;

    m->in = input_open(opt.path);
    m->quality.convention = opt.convention;
    m->quality.depths = opt.depths;
    for (unsigned d = 0; d < opt.depths; d++)
        m->quality.depth[d] = opt.depth[d];
    rows = measure(&opt, m);
    if (opt.sums)
        rows = measure_write_sums(m);
    else
        check_measured(m);
    if (rows != NULL)
        output_close(rows);
    else
        write_means(m);
    quality_free(&m->quality);
    input_close(m->in);
    free(m);
    return EXIT_SUCCESS;
}
