/*
 * Every number in every frame of a stream at its extremes, with checksums that
 * are right: refused, or read as what it now says, in little memory.
 */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../fuzz/repair.h"
#include "../fuzz/scratch.h"
#include "check.h"
#include "stream/reader.h"
#include "stream/table.h"
#include "stream/writer.h"

#define FRAMES 4 /* head, two of data, tail */

static const uint64_t extremes[] = {
    0,          1,          127,        128,        255,
    256,        65535,      65536,      1048575,    1048576,
    1048577,    67108863,   67108864,   67108865,   2147483647,
    2147483648, 4294967294, 4294967295, UINT64_MAX,
};
#define EXTREMES (sizeof extremes / sizeof *extremes)

static int input;
static unsigned long refused, accepted;

/* Three rows of columns of every shape. */
static void
fill(struct table *t, struct error *e)
{
    for (uint32_t r = 0; r < 3; r++) {
        const int64_t n = r;
        const float v[2] = { 1, 2 };

        or_stop(builder_add(&t->column[0], &n, 1, e) |
                    builder_add_str(&t->column[1], "abc", r, e) |
                    builder_add(&t->column[2], v, 2, e),
                e);
        for (uint32_t i = 0; i < r; i++)
            or_stop(builder_add(&t->column[3], &i, 1, e) |
                        builder_add_str(&t->column[4], "xyz", i + 1, e),
                    e);
        or_stop(builder_end_row(&t->column[3], e) |
                    builder_end_row(&t->column[4], e),
                e);
        t->rows++;
    }
}

static struct buffer
stream(bool deflate)
{
    struct schema s = { 0 };
    struct buffer bytes;
    struct writer *w;
    struct table t;
    struct block b;
    struct error e;

    or_stop(schema_add(&s, "n", TYPE_I64, SHAPE_SCALAR, 1, &e) |
                schema_add(&s, "s", TYPE_STR, SHAPE_SCALAR, 1, &e) |
                schema_add(&s, "v", TYPE_F32, SHAPE_VECTOR, 2, &e) |
                schema_add(&s, "l", TYPE_U32, SHAPE_LIST, 0, &e) |
                schema_add(&s, "t", TYPE_STR, SHAPE_LIST, 0, &e),
            &e);
    or_stop(table_init(&t, &s, &e), &e);
    fill(&t, &e);
    scratch_fill(input, "", 0);
    w = writer_new(input, &s, deflate, &e);
    or_stop(w == NULL, &e);
    b = table_block(&t);
    or_stop(writer_put(w, &b, &e), &e);
    or_stop(writer_put(w, &b, &e), &e);
    or_stop(writer_finish(w, &e), &e);
    bytes = scratch_bytes(input);
    writer_free(w);
    table_free(&t);
    schema_free(&s);
    return bytes;
}

/* Read all of it, and look at every byte that it hands out. */
static bool
reads(const unsigned char *p, size_t len)
{
    enum reader_result got = READER_ERROR;
    struct error e = { "" };
    struct buffer out = { 0 };
    struct reader *r;
    struct block b;

    scratch_fill(input, p, len);
    r = reader_new(input, &e);
    while (r != NULL && (got = reader_next(r, &b, &e)) == READER_BLOCK) {
        out.len = 0;
        or_stop(block_encode(reader_schema(r), &b, &out, &e), &e);
    }
    CHECK(got == READER_END || e.text[0] != '\0', "refused without a word");
    reader_free(r);
    buffer_free(&out);
    return got == READER_END;
}

/* One number of a frame, at all extremes. */
static void
sweep(const struct buffer *good, unsigned frame, size_t offset, size_t size,
      bool must_refuse)
{
    for (size_t i = 0; i < EXTREMES; i++) {
        struct buffer bad = { 0 };
        struct error e;

        or_stop(buffer_append(&bad, good->data, good->len, &e), &e);
        if (forge(bad.data, bad.len, frame, offset, size, extremes[i])) {
            const bool read = reads(bad.data, bad.len);

            CHECK(!read || !must_refuse, "frame %u: %llu at %zu is believed",
                  frame, (unsigned long long)extremes[i], offset);
            *(read ? &accepted : &refused) += 1;
        }
        buffer_free(&bad);
    }
}

static void
test_stream(bool deflate)
{
    static const size_t header[][2] = { { 0, 4 },  { 4, 1 }, { 5, 1 },
                                        { 6, 2 },  { 8, 4 }, { 12, 4 },
                                        { 16, 4 }, { 20, 4 } };
    static const size_t tail[][2] = { { 32, 4 }, { 36, 4 }, { 40, 8 },
                                      { 48, 8 }, { 56, 4 }, { 60, 4 } };
    struct buffer good = stream(deflate);

    CHECK(reads(good.data, good.len), "the stream itself is refused");
    for (unsigned f = 0; f < FRAMES; f++)
        for (size_t i = 0; i < sizeof header / sizeof *header; i++)
            sweep(&good, f, header[i][0], header[i][1], true);
    for (size_t i = 0; i < sizeof tail / sizeof *tail; i++)
        sweep(&good, FRAMES - 1, tail[i][0], tail[i][1], true);
    /* In a payload some numbers are values, which may be anything. */
    for (unsigned f = 0; f < 2; f++)
        for (size_t at = FRAME_SIZE; at < good.len; at += 2)
            sweep(&good, f, at, 4, false);
    buffer_free(&good);
}

int
main(void)
{
    struct rusage used;

    input = scratch_new();
    test_stream(false);
    test_stream(true);
    CHECK(refused > 2000, "only %lu were refused", refused);
    CHECK(accepted > 100, "only %lu were accepted", accepted);
    printf("%lu refused, %lu accepted\n", refused, accepted);
#ifndef REC_NO_SANDBOX /* sanitizers take more than this themselves */
    CHECK(getrusage(RUSAGE_SELF, &used) == 0 && used.ru_maxrss < 64 * 1024,
          "%ld KiB of memory", used.ru_maxrss);
#else
    (void)used;
#endif
    return check_status();
}
