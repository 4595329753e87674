/*
 * libcsv is a push parser that knows neither lines nor where it is, and whose
 * callbacks cannot stop it.  So it is fed pieces that end with a line: each
 * piece completes at most one row, line numbers are ours to count, and nothing
 * is ahead of an error.  What else it must not be trusted with:
 *
 *   - it lets a quote that is never closed pass unless told both STRICT and
 *     STRICT_FINI, and csv_fini() forgets an error that csv_parse() met;
 *   - it trims blanks, so it is told that there are none;
 *   - quotes can be turned off only by making NUL the quote: hence no NUL;
 *   - it has no limit on a field but what its allocator grants.
 *
 * Whole lines without a quote do not go there at all (split_by_hand): libcsv
 * has no state between rows, so the two can take turns.
 */
#include "stream/csv.h"

#include <csv.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/mem.h"
#include "stream/csv_line.h"

#define CHUNK ((size_t)64 * 1024)
#define RUN_OFFSETS 4096    /* 32 KiB: a run of rows stays in the cache */
#define UNIT_SEPARATOR 0x1f /* stands for "::" */
#define BOM "\xef\xbb\xbf"

struct csv_reader {
    int fd;
    struct csv_options opt;
    struct csv_parser parser;
    bool parser_is_live;
    struct csv_bytes bytes;

    unsigned char *chunk; /* what is parsed, then a line end */
    size_t pos, len;      /* what is parsed of it, what is in it */
    bool started, ended;
    bool held_colon;    /* the last byte read, perhaps half a "::" */
    const char *poison; /* why the input may not go on behind the chunk */

    uint64_t line, row_line; /* that POS is in; that the row began in */
    unsigned char last;      /* the byte that ended the last piece */
    bool in_row, row_is_done;
    struct buffer text; /* of the row's fields, a byte after each */
    size_t *begin, fields, begin_cap;
    bool failed; /* in a callback, with: */
    struct error error;
};

static bool
is_line_end(unsigned char c)
{
    return c == '\n' || c == '\r';
}

static int
fail_at(const struct csv_reader *r, uint64_t line, struct error *e,
        const char *why)
{
    return error_set(e, "%s:%" PRIu64 ": %s", r->opt.name, line, why);
}

static int
never_blank(unsigned char c)
{
    (void)c;
    return 0;
}

static void *
limited_realloc(void *p, size_t size)
{
    return size > CSV_FIELD_MAX ? NULL : realloc(p, size);
}

static void
on_field(void *s, size_t len, void *ctx)
{
    struct csv_reader *r = ctx;
    size_t *begin;

    if (r->failed)
        return;
    r->failed = true;
    if (r->text.len - r->fields + len > CSV_ROW_MAX) {
        fail_at(r, r->row_line, &r->error, "a row longer than 16 MiB");
        return;
    }
    begin = mem_grow(r->begin, &r->begin_cap, r->fields + 2, sizeof *begin,
                     &r->error);
    if (begin == NULL)
        return;
    r->begin = begin;
    if (buffer_append(&r->text, s, len, &r->error) != 0 ||
        buffer_append(&r->text, "", 1, &r->error) != 0)
        return;
    begin[++r->fields] = r->text.len;
    r->failed = false;
}

static void
on_row(int c, void *ctx)
{
    struct csv_reader *r = ctx;

    (void)c;
    r->in_row = false;
    r->row_is_done = true;
}

/* What libcsv cannot take ends the chunk, and becomes an error when the rows
 * before it have been delivered. */
static void
poison(struct csv_reader *r, unsigned char c, const char *why)
{
    const unsigned char *at = memchr(r->chunk, c, r->len);

    if (at != NULL) {
        r->len = (size_t)(at - r->chunk);
        r->poison = why;
    }
}

/* Replace each "::" by one byte that libcsv can take for a delimiter. */
static void
join_colons(struct csv_reader *r)
{
    unsigned char *out = r->chunk;

    for (size_t i = 0; i < r->len; i++) {
        const bool last = i + 1 == r->len;

        if (r->chunk[i] == ':' && last && !r->ended) {
            r->held_colon = true;
        } else if (r->chunk[i] == ':' && !last && r->chunk[i + 1] == ':') {
            *out++ = UNIT_SEPARATOR;
            i++;
        } else {
            *out++ = r->chunk[i];
        }
    }
    r->len = (size_t)(out - r->chunk);
}

/* More input in the chunk, perhaps 0 bytes; at its end, r->ended. */
static int
refill(struct csv_reader *r, struct error *e)
{
    unsigned char *p = r->chunk;
    ssize_t got;

    if (r->poison != NULL)
        return fail_at(r, r->line, e, r->poison);
    if (r->held_colon)
        *p++ = ':';
    if (r->started)
        got = io_read_some(r->fd, p, r->opt.chunk);
    else
        got = io_read(r->fd, p, strlen(BOM));
    if (got < 0)
        return error_errno(e, "%s: read failed", r->opt.name);
    r->ended = r->started && got == 0;
    r->pos = 0;
    r->len = (size_t)(p - r->chunk) + (size_t)got;
    r->held_colon = false;
    if (!r->started && r->len == strlen(BOM) && memcmp(p, BOM, r->len) == 0)
        r->len = 0;
    r->started = true;

    poison(r, '\0', "a NUL byte: is this text?");
    if (r->opt.delimiter == CSV_TWO_COLONS) {
        poison(r, UNIT_SEPARATOR,
               "a byte 0x1f, which cannot be told from the delimiter '::'");
        join_colons(r);
    }
    r->chunk[r->len] = '\n';
    return 0;
}

/* Bytes up to the end of the line, or of the chunk. */
static size_t
piece_length(const unsigned char *p, size_t len)
{
    const unsigned char *end = memchr(p, '\n', len);

    if (end != NULL)
        len = (size_t)(end - p) + 1;
    end = memchr(p, '\r', len);
    return end != NULL ? (size_t)(end - p) + 1 : len;
}

static int
parser_failed(struct csv_reader *r, struct error *e)
{
    switch (csv_error(&r->parser)) {
    case CSV_EPARSE:
        return fail_at(r, r->line, e,
                       "a quote that neither opens nor closes a field "
                       "(--no-quotes takes quotes as they are)");
    case CSV_ENOMEM:
    case CSV_ETOOBIG:
        return fail_at(r, r->row_line, e,
                       "a field longer than 1 MiB: a quote that is never "
                       "closed?");
    }
    return fail_at(r, r->line, e, "cannot be parsed");
}

static int
parse_piece(struct csv_reader *r, struct error *e)
{
    const unsigned char *p = r->chunk + r->pos;
    const size_t n = piece_length(p, r->len - r->pos);
    const bool second_half = n == 1 && p[0] == '\n' && r->last == '\r';

    if (!r->in_row && !is_line_end(p[0])) {
        r->in_row = true;
        r->row_line = r->line;
    }
    r->pos += n;
    r->last = p[n - 1];
    if (csv_parse(&r->parser, p, n, on_field, on_row, r) != n)
        return parser_failed(r, e);
    if (is_line_end(r->last) && !second_half)
        r->line++;
    return 0;
}

static int
finish(struct csv_reader *r, struct error *e)
{
    if (csv_fini(&r->parser, on_field, on_row, r) != 0)
        return fail_at(r, r->row_line, e,
                       "the row that begins here has a quote that is never "
                       "closed");
    return 0;
}

/* Split the next line where it is, with the offsets in BEGIN; returns how many
 * fields it has, or 0 when libcsv has to do it. */
static size_t
split_by_hand(const struct csv_reader *r, size_t *begin, size_t room)
{
    size_t fields;

    if (r->in_row || r->pos == r->len)
        return 0;
    fields = csv_line_split(&r->bytes, r->chunk, r->pos, r->len, begin, room);
    return fields > 0 && begin[fields] - r->pos <= CSV_FIELD_MAX ? fields : 0;
}

/* The line that ends before END has been delivered. */
static void
pass_line(struct csv_reader *r, size_t end)
{
    if (r->chunk[end - 1] == '\r' && end < r->len && r->chunk[end] == '\n')
        end++;
    r->pos = end;
    r->last = r->chunk[end - 1];
    r->line++;
}

size_t
csv_reader_run(struct csv_reader *r, size_t fields, size_t rows, size_t bytes,
               struct csv_run *run)
{
    size_t at = 0;

    *run = (struct csv_run){ .line = r->line,
                             .text = (const char *)r->chunk,
                             .from = r->pos,
                             .begin = r->begin };
    for (; run->rows < rows && at + fields < r->begin_cap; run->rows++) {
        size_t *begin = r->begin + at;

        if (split_by_hand(r, begin, fields + 1) != fields ||
            begin[fields] - run->from > bytes)
            break;
        pass_line(r, begin[fields]);
        at += fields + 1;
    }
    run->to = r->pos;
    return run->rows;
}

int
csv_reader_next(struct csv_reader *r, struct csv_row *row, struct error *e)
{
    if (r->ended)
        return 0;
    row->line = r->line;
    row->text = (const char *)r->chunk;
    row->begin = r->begin;
    row->fields = split_by_hand(r, r->begin, r->begin_cap);
    if (row->fields > 0) {
        pass_line(r, r->begin[row->fields]);
        return 1;
    }
    r->begin[0] = 0;
    r->row_is_done = false;
    r->fields = 0;
    r->text.len = 0;
    while (!r->row_is_done && !r->ended) {
        int status = 0;

        if (r->pos == r->len)
            status = refill(r, e);
        while (status == 0 && r->pos < r->len && !r->row_is_done)
            status = parse_piece(r, e);
        if (status == 0 && r->ended)
            status = finish(r, e);
        if (r->failed)
            *e = r->error;
        if (status != 0 || r->failed)
            return -1;
    }
    *row = (struct csv_row){ .line = r->row_line,
                             .fields = r->fields,
                             .text = (const char *)r->text.data,
                             .begin = r->begin };
    return r->row_is_done ? 1 : 0;
}

struct csv_reader *
csv_reader_new(int fd, const struct csv_options *opt, struct error *e)
{
    struct csv_reader *r = mem_new(1, sizeof *r, e);
    const bool colons = opt->delimiter == CSV_TWO_COLONS;
    const bool quotes = opt->quotes && !colons;
    unsigned char delimiter;

    if (r == NULL)
        return NULL;
    r->fd = fd;
    r->opt = *opt;
    if (r->opt.chunk == 0)
        r->opt.chunk = CHUNK;
    r->line = r->row_line = 1;
    if (csv_init(&r->parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        error_set(e, "libcsv does not start");
        goto fail;
    }
    r->parser_is_live = true;
    delimiter = (unsigned char)(colons ? UNIT_SEPARATOR : opt->delimiter);
    csv_bytes_init(&r->bytes, delimiter, quotes);
    csv_set_delim(&r->parser, delimiter);
    if (!quotes)
        csv_set_quote(&r->parser, '\0');
    csv_set_space_func(&r->parser, never_blank);
    csv_set_realloc_func(&r->parser, limited_realloc);
    csv_set_blk_size(&r->parser, 4096);

    /* Room for a colon held back, for the mark that is looked for, and behind
     * all for a line end and the slack. */
    r->chunk = mem_new(r->opt.chunk + 1 + strlen(BOM) + 1 + CSV_SLACK, 1, e);
    r->begin = mem_grow(NULL, &r->begin_cap, RUN_OFFSETS, sizeof *r->begin, e);
    if (r->chunk == NULL || r->begin == NULL)
        goto fail;
    return r;
fail:
    csv_reader_free(r);
    return NULL;
}

void
csv_reader_free(struct csv_reader *r)
{
    if (r == NULL)
        return;
    if (r->parser_is_live)
        csv_free(&r->parser);
    buffer_free(&r->text);
    free(r->chunk);
    free(r->begin);
    free(r);
}
