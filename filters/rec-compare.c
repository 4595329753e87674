/*
 * rec-compare - are the lists of B better than those of A?
 *
 * Both have been measured by rec-ndcg on the same queries, and are read side by
 * side.  A filter of its own: what is compared may have been made by any other
 * means, and rec-ndcg need not know of a second stream of lists.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/number.h"
#include "base/outfile.h"
#include "filter/filter.h"
#include "filter/paired.h"
#include "metrics/compare.h"

#define DEFAULT_SAMPLES 10000
#define SAMPLES_MAX 10000000

struct options {
    const char *by; /* column, NULL: every row by itself */
    size_t samples;
    uint64_t seed;
    const char *path[2];
};

static const struct cli_option option_table[] = {
    { 'b', "by", CLI_VALUE, "COLUMN",
      "rows with the same value depend on one another" },
    { 'n', "samples", CLI_VALUE, "N",
      "resample N times, for intervals and for p (10000)" },
    { 's', "seed", CLI_VALUE, "N", "of the samples (1)" },
    { 0 },
};

static const struct cli cli = {
    .name = "rec-compare",
    .operands = "A B",
    .purpose = "Compare two measurements of the same queries: by how much B is "
               "better,\nwith a confidence interval and a p-value.",
    .example = "rec-compare --by user_id a.rms b.rms",
    .flags = CLI_FILE_OUT | CLI_THREADS,
    .options = option_table,
};

static struct options
parse_options(int argc, char **argv)
{
    struct options opt = { .samples = DEFAULT_SAMPLES, .seed = 1 };
    const char *value;
    char **operand;
    int c;

    cli_init(&cli, argc, argv);
    while ((c = cli_next(&value)) != 0) {
        switch (c) {
        case 'b': opt.by = value; break;
        case 'n': opt.samples = cli_u64(c, value, 1, SAMPLES_MAX); break;
        case 's': opt.seed = cli_u64(c, value, 0, UINT64_MAX); break;
        }
    }
    operand = cli_operands(2, 2, &c);
    opt.path[0] = operand[0];
    opt.path[1] = operand[1];
    cli_one_stdin(opt.path[0], opt.path[1], "A and B");
    output_is_no_stream();
    return opt;
}

static void
print_number(struct buffer *text, double v)
{
    char number[NUMBER_TEXT_MAX];
    struct error e;

    number_from_f64(number, v);
    must(buffer_printf(text, &e, "\t%s", number), &e);
}

static void
write_table(const struct paired *p, const struct comparison *c)
{
    struct buffer text = { 0 };
    struct outfile *out;
    struct error e;

    must(buffer_printf(&text, &e,
                       "metric\tk\ta\tb\tdifference\tlow\thigh\tp\trows\n"),
         &e);
    for (size_t v = 0; v < paired_values(p); v++, c++) {
        const char *name = paired_name(p, v), *at = strrchr(name, '@');

        must(buffer_printf(&text, &e, "%.*s\t%s", (int)(at - name), name,
                           at + 1),
             &e);
        print_number(&text, c->a);
        print_number(&text, c->b);
        print_number(&text, c->difference);
        print_number(&text, c->low);
        print_number(&text, c->high);
        print_number(&text, c->p);
        must(buffer_printf(&text, &e, "\t%" PRIu64 "\n",
                           compare_queries(paired_compare(p))),
             &e);
    }
    out = must_have(outfile_open(cli_output(), &e), &e);
    if (io_write(outfile_fd(out), text.data, text.len) != 0)
        die_errno("%s", outfile_name(out));
    must(outfile_commit(out, &e), &e);
    buffer_free(&text);
}

int
main(int argc, char **argv)
{
    const struct options opt = parse_options(argc, argv);
    struct paired *p = paired_read(opt.path[0], opt.path[1], opt.by);
    const struct compare *c = paired_compare(p);
    struct comparison *result = must_new(paired_values(p), sizeof *result);
    struct error e;
    struct threads *t = must_have(threads_new(cli_threads(), &e), &e);

    notice("%" PRIu64 " rows in %zu groups", compare_queries(c),
           compare_groups(c));
    must(compare_run(c, opt.samples, opt.seed, t, result, &e), &e);
    write_table(p, result);
    threads_free(t);
    free(result);
    paired_free(p);
    return EXIT_SUCCESS;
}
