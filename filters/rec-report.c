/*
 * rec-report - training, figures and lists on one page
 *
 * A filter of its own, as what it shows comes from many: it is given the files
 * that they leave, takes each for what it is, and draws what there is.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/outfile.h"
#include "filter/filter.h"
#include "filter/report.h"
#include "filter/vocabulary.h"

#define DEFAULT_LISTS 3
#define LISTS_MAX 1000

struct options {
    struct report_options report;
    const char *vocabulary;
    bool text;
    char **operand;
    int operands;
};

enum { OPT_TEXT = 256, OPT_TITLE, OPT_BY };

static const struct cli_option option_table[] = {
    { OPT_TEXT, "text", CLI_FLAG, NULL, "lines for a terminal, not a page" },
    { OPT_TITLE, "title", CLI_VALUE, "TEXT", "the heading (recmill report)" },
    { 'v', "vocabulary", CLI_FILE, "FILE",
      "titles of items, by the key's ids (ids as they are)" },
    { 'n', "lists", CLI_VALUE, "N", "show the lists of N queries (3)" },
    { OPT_BY, "by", CLI_VALUE, "COLUMN",
      "what queries are called by (that of the first query.*.lookup)" },
    { 't', "truth", CLI_VALUE, "COLUMN",
      "what is relevant, an id or a list (what meta key names)" },
    { 0 },
};

static const struct cli cli = {
    .name = "rec-report",
    .operands = "[NAME=]FILE...",
    .purpose = "Draw logs of training, figures and lists as one page of HTML.",
    .example = "rec-report -v vocab.rms tower.tsv before=lists.rms -o r.html",
    .flags = CLI_FILE_OUT | CLI_TEMPORARY | CLI_NAMED_OPERANDS,
    .options = option_table,
};

static struct options
parse_options(int argc, char **argv)
{
    struct options opt = { .report = { .title = "recmill report",
                                       .lists = DEFAULT_LISTS } };
    const char *value;
    int c;

    cli_init(&cli, argc, argv);
    while ((c = cli_next(&value)) != 0) {
        switch (c) {
        case OPT_TEXT: opt.text = true; break;
        case OPT_TITLE: opt.report.title = value; break;
        case 'v': opt.vocabulary = value; break;
        case 'n': opt.report.lists = cli_u64(c, value, 0, LISTS_MAX); break;
        case OPT_BY: opt.report.by = value; break;
        case 't': opt.report.truth = value; break;
        }
    }
    opt.operand = cli_operands(1, 1 << 16, &opt.operands);
    output_is_no_stream();
    if (!opt.text && strcmp(cli_output(), "-") == 0 && isatty(STDOUT_FILENO))
        usage_error("a page is not for a terminal: use -o FILE, or --text");
    return opt;
}

static void
write_page(const struct page *p)
{
    struct error e;
    struct outfile *out;

    must(p->failed ? -1 : 0, &p->error);
    out = must_have(outfile_open(cli_output(), &e), &e);
    if (io_write(outfile_fd(out), p->text.data, p->text.len) != 0)
        die_errno("%s", outfile_name(out));
    must(outfile_commit(out, &e), &e);
}

int
main(int argc, char **argv)
{
    struct options opt = parse_options(argc, argv);
    struct vocabulary *titles = NULL;
    struct page page = { 0 };
    struct report *r;

    if (opt.vocabulary != NULL)
        titles = vocabulary_load(opt.vocabulary);
    opt.report.titles = titles;
    r = report_read(&opt.report, opt.operand, (size_t)opt.operands);
    if (opt.text)
        report_plain(r, &page);
    else
        report_html(r, &page);
    write_page(&page);
    buffer_free(&page.text);
    report_free(r);
    vocabulary_free(titles);
    return EXIT_SUCCESS;
}
