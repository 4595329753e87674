/*
 * rec-knn - the nearest items of each query
 *
 * The items are held in memory, the queries go through: each block of them is
 * answered before the next is read.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "filter/answers.h"
#include "filter/exclusion.h"
#include "filter/filter.h"
#include "filter/index.h"

#define DEFAULT_COUNT 100

struct options {
    const char *items;   /* file */
    size_t count;        /* candidates a query */
    bool part;           /* of the items */
    const char *exclude; /* file or NULL */
    const char *by;      /* queries' column for that, NULL for the default */
    const char *id;      /* items' column, NULL for what meta key says */
    const char *path;
};

enum { OPT_BY = 256, OPT_ID };

static const struct cli_option option_table[] = {
    { 'i', "items", CLI_FILE, "FILE", "search these item embeddings" },
    { 'k', "count", CLI_VALUE, "K", "find K items for each query (100)" },
    { 'x', "exclude", CLI_FILE, "FILE",
      "do not find an item for a query when both are in a row of FILE" },
    { OPT_BY, "by", CLI_VALUE, "COLUMN",
      "what tells queries apart in --exclude (first query.*.lookup)" },
    { OPT_ID, "id", CLI_VALUE, "COLUMN",
      "what tells items apart (what the items' meta key names)" },
    { 'p', "part", CLI_FLAG, NULL,
      "the items are a part of all, and may be fewer than K" },
    { 0 },
};

static const struct cli cli = {
    .name = "rec-knn",
    .operands = "[FILE]",
    .purpose = "Find the items with the largest inner products.",
    .example = "rec-knn -k 100 -i embedded.rms queries.rms | rec-ndcg --at 10",
    .flags = CLI_STREAM_OUT | CLI_THREADS,
    .options = option_table,
};

static struct options
parse_options(int argc, char **argv)
{
    struct options opt = { .count = DEFAULT_COUNT };
    const char *value;
    int c;

    cli_init(&cli, argc, argv);
    while ((c = cli_next(&value)) != 0) {
        switch (c) {
        case 'i': opt.items = value; break;
        case 'k': opt.count = cli_u64(c, value, 1, UINT32_MAX); break;
        case 'x': opt.exclude = value; break;
        case OPT_BY: opt.by = value; break;
        case OPT_ID: opt.id = value; break;
        case 'p': opt.part = true; break;
        }
    }
    if (opt.items == NULL)
        usage_error("--items is missing: where are the item embeddings?");
    if (opt.by != NULL && opt.exclude == NULL)
        usage_error("--by says nothing without --exclude");
    opt.path = cli_operand_or_stdin();
    cli_one_stdin(opt.items, opt.path, "--items and the queries");
    cli_one_stdin(opt.exclude, opt.path, "--exclude and the queries");
    cli_one_stdin(opt.items, opt.exclude, "--items and --exclude");
    return opt;
}

/* Where queries come from and answers go to. */
struct flow {
    struct input *in;
    size_t embedding, by; /* columns */
    const struct index *index;
    size_t count;            /* candidates a query */
    struct exclude *exclude; /* NULL: none */
    struct answers *out;
    /* For the rows that are answered at a time: */
    struct exact_exclude *skip; /* [rows] */
    struct exact_result result; /* [rows, count] */
};

static struct flow
open_flow(const struct options *opt, const struct index *index)
{
    struct flow f = { .index = index, .count = opt->count };
    const char *by = opt->by;
    uint32_t width, rows;

    f.in = input_open(opt->path);
    f.embedding =
        input_column_of(f.in, INDEX_EMBEDDING, TYPE_F32, SHAPE_VECTOR);
    width = input_schema(f.in)->column[f.embedding].width;
    if (width != index->items.width)
        input_bad(f.in, "embeddings have %u numbers, those of %s have %zu",
                  (unsigned)width, opt->items, index->items.width);
    input_same_ids(f.in, index->in, index->id);
    if (opt->exclude != NULL) {
        f.by = exclusion_by(f.in, &by);
        f.exclude = index_read_pairs(index, f.in, opt->exclude, by);
    }
    f.out = answers_open(f.in, (long)f.embedding, index->id, f.count);
    rows = answers_at_once(f.out);
    f.skip = must_new(rows, sizeof *f.skip);
    f.result.id = must_new(rows, f.count * sizeof *f.result.id);
    f.result.score = must_new(rows, f.count * sizeof *f.result.score);
    f.result.count = must_new(rows, sizeof *f.result.count);
    return f;
}

static void
close_flow(struct flow *f)
{
    answers_close(f->out);
    input_close(f->in);
    exclude_free(f->exclude);
    free(f->skip);
    free(f->result.id);
    free(f->result.score);
    free(f->result.count);
}

/* Candidates of N queries from FIRST on, into f->result. */
static void
search(struct flow *f, const struct block *b, uint32_t first, uint32_t n)
{
    const size_t width = f->index->items.width;
    const float *query = array_f32(&b->column[f->embedding]) + first * width;
    const size_t bad = exact_bad_row(query, n, width);
    struct error e;

    if (bad < n)
        input_bad_row(f->in, first + (uint32_t)bad, "embedding is not finite");
    for (uint32_t r = 0; f->exclude != NULL && r < n; r++)
        f->skip[r] =
            exclude_find(f->exclude, array_u32(&b->column[f->by])[first + r]);
    must(exact_search(f->index->exact, query, n,
                      f->exclude != NULL ? f->skip : NULL, &f->result, &e),
         &e);
}

static void
answer(struct flow *f, const struct block *b, uint32_t first, uint32_t n)
{
    answers_begin(f->out, b, first, n);
    search(f, b, first, n);
    for (size_t r = 0; r < n; r++)
        answers_add(f->out, f->result.id + r * f->count,
                    f->result.score + r * f->count, f->result.count[r]);
    answers_put(f->out);
}

int
main(int argc, char **argv)
{
    struct options opt = parse_options(argc, argv);
    struct index index = index_open(opt.items, opt.id, opt.part, &opt.count);
    struct flow f = open_flow(&opt, &index);
    const uint32_t most = answers_at_once(f.out);
    struct block b;

    while (input_next(f.in, &b))
        for (uint32_t first = 0; first < b.rows; first += most)
            answer(&f, &b, first,
                   b.rows - first < most ? b.rows - first : most);
    if (answers_rows(f.out) == 0)
        input_bad(f.in, "no queries");
    notice("%" PRIu64 " queries, %" PRIu64 " of them scored with all items",
           answers_rows(f.out), exact_full_scans(index.exact));
    close_flow(&f);
    index_close(&index);
    return EXIT_SUCCESS;
}
