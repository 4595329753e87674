/*
 * rec-popular - the most popular items for each query
 *
 * What any other retriever has to beat.  The lists look as those of rec-knn do,
 * so either can stand where the other stood.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "filter/answers.h"
#include "filter/exclusion.h"
#include "filter/filter.h"
#include "retrieval/popular.h"

#define DEFAULT_COUNT 100

struct options {
    const char *train;   /* file */
    size_t count;        /* candidates a query */
    const char *exclude; /* file or NULL */
    const char *by;      /* queries' column for that, NULL for the default */
    const char *id;      /* column of the items, NULL for what meta key says */
    const char *path;
};

enum { OPT_BY = 256, OPT_ID };

static const struct cli_option option_table[] = {
    { 't', "train", CLI_FILE, "FILE", "count the items of these rows" },
    { 'k', "count", CLI_VALUE, "K", "list K items for each query (100)" },
    { 'x', "exclude", CLI_FILE, "FILE",
      "do not list an item for a query when both are in a row of FILE" },
    { OPT_BY, "by", CLI_VALUE, "COLUMN",
      "what tells queries apart in --exclude (first query.*.lookup)" },
    { OPT_ID, "id", CLI_VALUE, "COLUMN",
      "what tells items apart (what the meta key of --train names)" },
    { 0 },
};

static const struct cli cli = {
    .name = "rec-popular",
    .operands = "[FILE]",
    .purpose = "List the most popular items for each query.",
    .example = "rec-popular -k 10 -t train.rms --exclude train.rms test.rms | "
               "rec-ndcg",
    .flags = CLI_STREAM_OUT,
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
        case 't': opt.train = value; break;
        case 'k': opt.count = cli_u64(c, value, 1, UINT32_MAX); break;
        case 'x': opt.exclude = value; break;
        case OPT_BY: opt.by = value; break;
        case OPT_ID: opt.id = value; break;
        }
    }
    if (opt.train == NULL)
        usage_error("--train is missing: in which rows are items popular?");
    if (opt.by != NULL && opt.exclude == NULL)
        usage_error("--by says nothing without --exclude");
    opt.path = cli_operand_or_stdin();
    cli_one_stdin(opt.train, opt.path, "--train and the queries");
    cli_one_stdin(opt.exclude, opt.path, "--exclude and the queries");
    cli_one_stdin(opt.train, opt.exclude, "--train and --exclude");
    return opt;
}

/* Where queries come from and lists go to. */
struct flow {
    struct popular *popular;
    char *item; /* name of the column */
    struct input *in;
    size_t by;               /* column */
    struct exclude *exclude; /* NULL: none */
    size_t count;
    uint32_t *id; /* [count] */
    float *score; /* [count] */
    struct answers *out;
};

/* An id of 0 is no item. */
static void
count_items(struct flow *f, const struct options *opt)
{
    struct input *in = input_open(opt->train);
    const char *id = opt->id != NULL ? opt->id : input_meta(in, "key");
    const size_t column = input_column_of(in, id, TYPE_U32, SHAPE_SCALAR);
    struct error e;
    struct block b;

    f->item = must_have(mem_string(id, strlen(id), &e), &e);
    f->popular = must_have(popular_new(&e), &e);
    while (input_next(in, &b))
        for (uint32_t r = 0; r < b.rows; r++) {
            const uint32_t item = array_u32(&b.column[column])[r];

            if (item != 0)
                must(popular_add(f->popular, item, &e), &e);
        }
    must(popular_finish(f->popular, &e), &e);
    if (popular_items(f->popular) < opt->count)
        input_bad(in, "cannot list %zu items, there are %zu", opt->count,
                  popular_items(f->popular));
    input_close(in);
}

static uint32_t
position(const void *popular, uint32_t id)
{
    return popular_position(popular, id);
}

static struct flow
open_flow(const struct options *opt)
{
    struct flow f = { .count = opt->count };
    const char *by = opt->by;

    count_items(&f, opt);
    f.in = input_open(opt->path);
    if (opt->exclude != NULL) {
        f.by = exclusion_by(f.in, &by);
        f.exclude =
            exclusion_read(f.in, opt->exclude, by, f.item, position, f.popular);
    }
    f.out = answers_open(f.in, -1, f.item, f.count);
    f.id = must_new(f.count, sizeof *f.id);
    f.score = must_new(f.count, sizeof *f.score);
    return f;
}

static void
close_flow(struct flow *f)
{
    answers_close(f->out);
    input_close(f->in);
    popular_free(f->popular);
    exclude_free(f->exclude);
    free(f->item);
    free(f->id);
    free(f->score);
}

/* The lists of N queries from FIRST on. */
static void
answer(struct flow *f, const struct block *b, uint32_t first, uint32_t n)
{
    answers_begin(f->out, b, first, n);
    for (uint32_t r = first; r < first + n; r++) {
        struct exact_exclude skip = { NULL, 0 };
        size_t found;

        if (f->exclude != NULL)
            skip = exclude_find(f->exclude, array_u32(&b->column[f->by])[r]);
        found = popular_list(f->popular, skip, f->count, f->id, f->score);
        answers_add(f->out, f->id, f->score, found);
    }
    answers_put(f->out);
}

int
main(int argc, char **argv)
{
    const struct options opt = parse_options(argc, argv);
    struct flow f = open_flow(&opt);
    const uint32_t most = answers_at_once(f.out);
    struct block b;

    while (input_next(f.in, &b))
        for (uint32_t first = 0; first < b.rows; first += most)
            answer(&f, &b, first,
                   b.rows - first < most ? b.rows - first : most);
    if (answers_rows(f.out) == 0)
        input_bad(f.in, "no queries");
    notice("%" PRIu64 " queries, %zu items", answers_rows(f.out),
           popular_items(f.popular));
    close_flow(&f);
    return EXIT_SUCCESS;
}
