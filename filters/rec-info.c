/*
 * rec-info - explain a record stream
 *
 * What it prints are lines of a key and its value, for people and for awk: the
 * head as it stands in the stream, then what was counted.  The head is printed
 * at once, so that a stream which turns out broken is explained as far as it
 * can be.  As JSON all is one object at the end, and only of a whole stream.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "filter/filter.h"
#include "stream/summary.h"

enum { OPT_JSON = 256 };

struct options {
    bool check;
    bool summary;
    bool json;
    const char *path;
};

static const struct cli_option option_table[] = {
    { 'c', "check", CLI_FLAG, NULL,
      "print nothing; check all, strings included" },
    { 's', "summary", CLI_FLAG, NULL,
      "say what is in each column: quartiles, histogram, frequent values" },
    { OPT_JSON, "json", CLI_FLAG, NULL, "all of it as one JSON object" },
    { 0 },
};

static const struct cli cli = {
    .name = "rec-info",
    .operands = "[FILE]",
    .purpose = "Explain a record stream: columns, origin, counts.",
    .example = "rec-info --summary ratings.rms",
    .options = option_table,
};

static struct options
parse_options(int argc, char **argv)
{
    struct options opt = { 0 };
    const char *value;
    int c;

    cli_init(&cli, argc, argv);
    while ((c = cli_next(&value)) != 0) {
        switch (c) {
        case 'c': opt.check = true; break;
        case 's': opt.summary = true; break;
        case OPT_JSON: opt.json = true; break;
        }
    }
    if (opt.check && (opt.summary || opt.json))
        usage_error("--check prints nothing, so nothing else can go with it");
    opt.path = cli_operand_or_stdin();
    return opt;
}

static void
print_head(const struct input *in)
{
    struct buffer text = { 0 };
    struct error e;

    must(schema_format(input_schema(in), &text, &e), &e);
    (void)fwrite(text.data, 1, text.len, stdout);
    buffer_free(&text);
    cli_flush();
}

/* The reader has checked all but this. */
static void
check_strings(const struct input *in, const struct block *b)
{
    const struct schema *s = input_schema(in);

    for (size_t i = 0; i < b->columns; i++) {
        const struct array *a = &b->column[i];

        if (s->column[i].type != TYPE_STR)
            continue;
        for (size_t v = 0; v < a->count; v++) {
            size_t len;
            const char *text = array_str(a, v, &len);

            if (!utf8_valid(text, len))
                input_bad(in, "block %" PRIu64 ": column '%s' is not UTF-8",
                          reader_blocks(input_reader(in)), s->column[i].name);
        }
    }
}

static void
print_counts(const struct reader *r)
{
    printf("rows %" PRIu64 "\n", reader_rows(r));
    printf("blocks %" PRIu64 "\n", reader_blocks(r));
    printf("segments %" PRIu64 "\n", reader_segments(r));
    printf("bytes %" PRIu64 "\n", reader_raw_bytes(r));
    printf("stored %" PRIu64 "\n", reader_stored_bytes(r));
}

/* What has been summed up of column I, as lines or as JSON; column by column,
 * because in its end a summary takes the most memory. */
static void
finish_summary(const struct schema *s, struct summary *summary, size_t i,
               bool json, struct buffer *out)
{
    const struct column *c = &s->column[i];
    struct error e;

    must(summary_end(&summary[i], c, &e), &e);
    if (json)
        must(summary_json(&summary[i], c, out, &e), &e);
    else
        must(summary_format(&summary[i], c, out, &e), &e);
    summary_free(&summary[i]);
}

static void
print_summary(const struct schema *s, struct summary *summary)
{
    struct buffer text = { 0 };

    for (size_t i = 0; i < s->columns; i++)
        finish_summary(s, summary, i, false, &text);
    (void)fwrite(text.data, 1, text.len, stdout);
    buffer_free(&text);
}

/* S, which is WHAT number I of the head of IN, behind BEFORE. */
static void
json_string(const struct input *in, const char *what, size_t i, const char *s,
            const char *before, struct buffer *out)
{
    struct error e;

    must(buffer_append(out, before, strlen(before), &e), &e);
    if (json_append_string(out, s, strlen(s), &e) != 0)
        input_bad(in, "%s %zu: %s", what, i + 1, e.text);
}

/* Columns, metas and steps; SUMMARY is NULL where there is none. */
static void
json_head(const struct input *in, struct summary *summary, struct buffer *out)
{
    const struct schema *s = input_schema(in);
    struct error e;

    must(buffer_printf(out, &e, "{\"columns\":["), &e);
    for (size_t i = 0; i < s->columns; i++) {
        char type[TYPE_TEXT_MAX];

        column_type_text(&s->column[i], type);
        json_string(in, "column", i, s->column[i].name,
                    i > 0 ? ",{\"name\":" : "{\"name\":", out);
        json_string(in, "column", i, type, ",\"type\":", out);
        if (summary != NULL) {
            must(buffer_printf(out, &e, ",\"summary\":"), &e);
            finish_summary(s, summary, i, true, out);
        }
        must(buffer_printf(out, &e, "}"), &e);
    }
    must(buffer_printf(out, &e, "],\"meta\":{"), &e);
    for (size_t i = 0; i < s->metas; i++) {
        json_string(in, "meta", i, s->meta[i].key, i > 0 ? "," : "", out);
        json_string(in, "meta", i, s->meta[i].value, ":", out);
    }
    must(buffer_printf(out, &e, "},\"steps\":["), &e);
    for (size_t i = 0; i < s->steps; i++)
        json_string(in, "step", i, s->step[i], i > 0 ? "," : "", out);
    must(buffer_printf(out, &e, "]"), &e);
}

static void
print_json(const struct input *in, struct summary *summary)
{
    const struct reader *r = input_reader(in);
    struct buffer text = { 0 };
    struct error e;

    json_head(in, summary, &text);
    must(buffer_printf(&text, &e,
                       ",\"rows\":%" PRIu64 ",\"blocks\":%" PRIu64
                       ",\"segments\":%" PRIu64 ",\"bytes\":%" PRIu64
                       ",\"stored\":%" PRIu64 "}\n",
                       reader_rows(r), reader_blocks(r), reader_segments(r),
                       reader_raw_bytes(r), reader_stored_bytes(r)),
         &e);
    (void)fwrite(text.data, 1, text.len, stdout);
    buffer_free(&text);
}

static void
read_all(const struct options *opt, struct input *in, struct summary *summary)
{
    const struct schema *s = input_schema(in);
    struct error e;
    struct block b;

    while (input_next(in, &b)) {
        if (opt->check)
            check_strings(in, &b);
        for (size_t i = 0; opt->summary && i < b.columns; i++)
            must(summary_add(&summary[i], &s->column[i], &b.column[i], b.rows,
                             &e),
                 &e);
    }
}

int
main(int argc, char **argv)
{
    const struct options opt = parse_options(argc, argv);
    struct input *in = input_open(opt.path);
    const struct schema *s = input_schema(in);
    struct summary *summary = must_new(s->columns, sizeof *summary);
    const bool lines = !opt.check && !opt.json;

    if (lines)
        print_head(in);
    read_all(&opt, in, summary);
    if (lines)
        print_counts(input_reader(in));
    if (lines && opt.summary)
        print_summary(s, summary);
    if (opt.json)
        print_json(in, opt.summary ? summary : NULL);
    cli_flush();
    free(summary);
    input_close(in);
    return EXIT_SUCCESS;
}
