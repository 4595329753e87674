/*
 * rec-synth - made-up ratings to try things on
 *
 * Writes CSV and no record stream: the data shall come in where data comes in,
 * through rec-from, quotes and all.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/number.h"
#include "base/outfile.h"
#include "filter/cli.h"
#include "filter/progress.h"
#include "synth/synth.h"

#define DEFAULT_ROWS 100000
#define ROWS_MAX                                                               \
    (UINT64_C(1)                                                               \
     << 53) /* shares of them are exact in a double                \
                         */

static const struct cli_option option_table[] = {
    { 'r', "rows", CLI_VALUE, "N", "write N ratings (100000)" },
    { 'u', "users", CLI_VALUE, "N", "by N users (943 per 100000 rows)" },
    { 'i', "items", CLI_VALUE, "N", "of N items (1682 sqrt(rows / 100000))" },
    { 's', "seed", CLI_VALUE, "N", "another seed, other data (1)" },
    { 0 },
};

static const struct cli cli = {
    .name = "rec-synth",
    .operands = "",
    .purpose = "Write made-up ratings like those of MovieLens as CSV.",
    .example = "rec-synth --rows 20000 | rec-from csv -o ratings.rms",
    .flags = CLI_FILE_OUT,
    .options = option_table,
};

static struct synth_config
parse_options(int argc, char **argv)
{
    struct synth_config c = { .seed = 1, .rows = DEFAULT_ROWS };
    struct error e;
    const char *value;
    int letter, operands;

    cli_init(&cli, argc, argv);
    while ((letter = cli_next(&value)) != 0) {
        switch (letter) {
        case 'r': c.rows = cli_u64(letter, value, 1, ROWS_MAX); break;
        case 'u':
            c.users = (uint32_t)cli_u64(letter, value, 1, UINT32_MAX);
            break;
        case 'i':
            c.items = (uint32_t)cli_u64(letter, value, 1, SYNTH_ITEMS_MAX);
            break;
        case 's': c.seed = cli_u64(letter, value, 0, UINT64_MAX); break;
        }
    }
    (void)cli_operands(0, 0, &operands);
    if (c.users == 0)
        c.users = synth_users_for(c.rows);
    if (c.items == 0)
        c.items = synth_items_for(c.rows, c.users);
    if (synth_check(&c, &e) != 0)
        usage_error("%s", e.text);
    return c;
}

/* A field as RFC 4180 has it: between quotes if it needs them, and then with
 * every quote in it doubled. */
static size_t
put_field(char *out, const char *text, size_t len)
{
    size_t n = 0;

    if (memchr(text, ',', len) == NULL && memchr(text, '"', len) == NULL) {
        memcpy(out, text, len);
        return len;
    }
    out[n++] = '"';
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '"')
            out[n++] = '"';
        out[n++] = text[i];
    }
    out[n++] = '"';
    return n;
}

#define LINE_MAX_LEN (2 * TITLE_MAX + 3 * NUMBER_TEXT_MAX)

static size_t
put_line(char *out, const struct synth *s, const struct synth_rating *r)
{
    char title[TITLE_MAX];
    const size_t len = synth_title(s, r->item, title);
    size_t n = number_from_u64(out, r->user);

    out[n++] = ',';
    n += put_field(out + n, title, len);
    out[n++] = ',';
    n += number_from_u64(out + n, r->rating);
    out[n++] = ',';
    n += number_from_i64(out + n, r->timestamp);
    out[n++] = '\n';
    return n;
}

int
main(int argc, char **argv)
{
    static const char header[] = "user_id,movie_title,rating,timestamp\n";
    const struct synth_config config = parse_options(argc, argv);
    static char text[1 << 16];
    size_t n = sizeof header - 1;
    uint64_t rows = 0;
    struct synth_rating rating;
    struct outfile *out;
    struct synth *s;
    struct error e;

    s = synth_new(&config, &e);
    if (s == NULL)
        die("%s", e.text);
    out = outfile_open(cli_output(), &e);
    if (out == NULL)
        die("%s", e.text);
    notice("%" PRIu32 " users, %" PRIu32 " items", config.users, config.items);
    memcpy(text, header, n);
    progress_start(config.rows, "rows");
    while (synth_next(s, &rating)) {
        if (n > sizeof text - LINE_MAX_LEN) {
            if (io_write(outfile_fd(out), text, n) != 0)
                die_errno("%s", outfile_name(out));
            n = 0;
            progress_at(rows, 0, "%s", "");
        }
        n += put_line(text + n, s, &rating);
        rows++;
    }
    if (io_write(outfile_fd(out), text, n) != 0)
        die_errno("%s", outfile_name(out));
    progress_end();
    if (outfile_commit(out, &e) != 0)
        die("%s", e.text);
    synth_free(s);
    return EXIT_SUCCESS;
}
