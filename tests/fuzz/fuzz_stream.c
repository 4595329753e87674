/*
 * Any bytes as a record stream: what reads well is written again and reads the
 * same.
 *
 * Checksums would keep a fuzzer out of everything behind them, so each input is
 * read twice: as it is, and with all its checksums made right.
 */
#include <stdint.h>
#include <string.h>

#include "repair.h"
#include "scratch.h"
#include "stream/reader.h"
#include "stream/writer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Write all of the stream on IN to OUT as one segment; -1 when it is refused,
 * else its rows. */
static int64_t
copy_stream(int in, int out)
{
    enum reader_result got = READER_ERROR;
    struct error e = { "" };
    struct reader *r = reader_new(in, &e);
    struct writer *w;
    struct block b;
    int64_t rows;

    if (r == NULL) {
        REQUIRE(e.text[0] != '\0');
        return -1;
    }
    scratch_fill(out, "", 0);
    w = writer_new(out, reader_schema(r), false, &e);
    /* A head that was read can be written: its text is no longer. */
    REQUIRE(w != NULL);
    while ((got = reader_next(r, &b, &e)) == READER_BLOCK)
        REQUIRE(writer_put(w, &b, &e) == 0);
    REQUIRE(got == READER_END || e.text[0] != '\0');
    REQUIRE(writer_finish(w, &e) == 0);
    rows = (int64_t)reader_rows(r);
    writer_free(w);
    reader_free(r);
    return got == READER_END ? rows : -1;
}

static void
check_stream(const void *data, size_t size)
{
    static int in, once, twice;
    int64_t rows;

    if (in == 0) {
        in = scratch_new();
        once = scratch_new();
        twice = scratch_new();
    }
    scratch_fill(in, data, size);
    rows = copy_stream(in, once);
    if (rows >= 0) {
        struct buffer a, b;

        REQUIRE(lseek(once, 0, SEEK_SET) == 0);
        REQUIRE(copy_stream(once, twice) == rows);
        a = scratch_bytes(once);
        b = scratch_bytes(twice);
        REQUIRE(a.len == b.len && memcmp(a.data, b.data, a.len) == 0);
        buffer_free(&a);
        buffer_free(&b);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buffer copy = { 0 };
    struct error e;

    check_stream(data, size);
    REQUIRE(buffer_append(&copy, data, size, &e) == 0);
    repair(copy.data, copy.len);
    check_stream(copy.data, copy.len);
    buffer_free(&copy);
    return 0;
}
