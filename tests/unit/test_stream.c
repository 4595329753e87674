/*
 * What is written is read back, and nothing that was touched is: every bit of
 * a small stream is flipped in turn, and every prefix of it is read.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "stream/reader.h"
#include "stream/table.h"
#include "stream/writer.h"

#define ROWS 3

/* A column of each type and each shape. */
static struct schema
all_columns(void)
{
    struct schema s = { 0 };
    struct error e;

    for (int t = TYPE_U8; t <= TYPE_STR; t++)
        for (int shape = SHAPE_SCALAR; shape <= SHAPE_LIST; shape++) {
            char name[32];

            snprintf(name, sizeof name, "c%d.%d", t, shape);
            or_stop(
                schema_add(&s, name, (enum type)t, (enum shape)shape, 2, &e),
                &e);
        }
    or_stop(schema_set_meta(&s, "key", "a value with blanks", &e), &e);
    or_stop(schema_add_step(&s, "rec-test 1.0 --seed 1", &e), &e);
    return s;
}

static void
fill(struct table *t, const struct schema *s)
{
    struct error e;

    for (int r = 0; r < ROWS; r++) {
        for (size_t i = 0; i < s->columns; i++) {
            const struct column *c = &s->column[i];
            struct builder *b = &t->column[i];
            const size_t n = c->shape == SHAPE_LIST ? (size_t)r : c->width;

            for (size_t v = 0; v < n; v++) {
                const uint64_t bits = (uint64_t)(r * 10 + (int)v + 1);
                const char *text = v > 0 ? "\xc3\xafve" : "na\xc3\xafve";

                if (c->type == TYPE_STR)
                    or_stop(builder_add_str(b, text, strlen(text), &e), &e);
                else
                    or_stop(builder_add(b, &bits, 1, &e), &e);
            }
            if (c->shape == SHAPE_LIST)
                or_stop(builder_end_row(b, &e), &e);
        }
        t->rows++;
    }
}

static int
scratch_file(void)
{
    char name[] = "/tmp/recmill-test-XXXXXX";
    const int fd = mkstemp(name);

    if (fd < 0) {
        perror(name);
        exit(EXIT_FAILURE);
    }
    (void)unlink(name);
    return fd;
}

static struct buffer
bytes_of(int fd)
{
    struct buffer b = { 0 };
    struct error e;
    const off_t len = lseek(fd, 0, SEEK_END);

    or_stop(buffer_reserve(&b, (size_t)len, &e), &e);
    if (pread(fd, b.data, (size_t)len, 0) != len)
        exit(EXIT_FAILURE);
    b.len = (size_t)len;
    return b;
}

/* The stream with two segments of two blocks. */
static struct buffer
sample(bool deflate)
{
    struct schema s = all_columns();
    const int fd = scratch_file();
    struct buffer bytes;
    struct table t;
    struct error e;

    or_stop(table_init(&t, &s, &e), &e);
    fill(&t, &s);
    for (int segment = 0; segment < 2; segment++) {
        struct writer *w = writer_new(fd, &s, deflate, &e);
        const struct block b = table_block(&t);

        if (w == NULL)
            or_stop(-1, &e);
        or_stop(writer_put(w, &b, &e), &e);
        or_stop(writer_put(w, &b, &e), &e);
        or_stop(writer_finish(w, &e), &e);
        writer_free(w);
    }
    bytes = bytes_of(fd);
    (void)close(fd);
    table_free(&t);
    schema_free(&s);
    return bytes;
}

/* Rows of the stream on FD when it is whole, -1 when it is refused. */
static long
read_all(int fd, struct error *e)
{
    enum reader_result got;
    struct reader *r;
    struct block b;
    long rows;

    e->text[0] = '\0';
    (void)lseek(fd, 0, SEEK_SET);
    r = reader_new(fd, e);
    if (r == NULL)
        return -1;
    while ((got = reader_next(r, &b, e)) == READER_BLOCK)
        continue;
    rows = (long)reader_rows(r);
    reader_free(r);
    return got == READER_END ? rows : -1;
}

static int
file_of(const struct buffer *b, size_t len)
{
    const int fd = scratch_file();

    if (write(fd, b->data, len) != (ssize_t)len)
        exit(EXIT_FAILURE);
    return fd;
}

static void
check_round_trip(const struct buffer *bytes)
{
    struct schema want = all_columns();
    const int fd = file_of(bytes, bytes->len);
    struct reader *r;
    struct error e;
    struct table t;
    struct block b;

    (void)lseek(fd, 0, SEEK_SET);
    r = reader_new(fd, &e);
    if (r == NULL)
        or_stop(-1, &e);
    CHECK(schema_same_columns(&want, reader_schema(r), &e), "columns");
    CHECK(strcmp(schema_meta(reader_schema(r), "key"), "a value with blanks") ==
              0,
          "meta");
    or_stop(table_init(&t, &want, &e), &e);
    fill(&t, &want);
    for (int i = 0; i < 4; i++) {
        const struct block expect = table_block(&t);
        struct buffer x = { 0 }, y = { 0 };

        CHECK(reader_next(r, &b, &e) == READER_BLOCK, "a block");
        or_stop(block_encode(&want, &expect, &x, &e), &e);
        or_stop(block_encode(&want, &b, &y, &e), &e);
        CHECK(x.len == y.len && memcmp(x.data, y.data, x.len) == 0,
              "values of a block");
        buffer_free(&x);
        buffer_free(&y);
    }
    CHECK(reader_next(r, &b, &e) == READER_END, "the end");
    CHECK(reader_segments(r) == 2, "segments");
    reader_free(r);
    table_free(&t);
    schema_free(&want);
    (void)close(fd);
}

static void
check_every_bit(const struct buffer *bytes)
{
    const int fd = file_of(bytes, bytes->len);
    struct error e;
    size_t flips = 0;

    for (size_t at = 0; at < bytes->len; at++)
        for (int bit = 0; bit < 8; bit++) {
            const unsigned char bad =
                (unsigned char)(bytes->data[at] ^ 1u << bit);

            if (pwrite(fd, &bad, 1, (off_t)at) != 1)
                exit(EXIT_FAILURE);
            CHECK(read_all(fd, &e) < 0 && e.text[0] != '\0',
                  "bit %d of byte %zu flipped: accepted", bit, at);
            flips++;
            if (pwrite(fd, &bytes->data[at], 1, (off_t)at) != 1)
                exit(EXIT_FAILURE);
        }
    CHECK(read_all(fd, &e) == 4 * ROWS, "the sound stream is accepted");
    printf("# %zu flips refused\n", flips);
    (void)close(fd);
}

static void
check_every_cut(const struct buffer *bytes)
{
    struct error e;

    for (size_t len = 0; len < bytes->len; len++) {
        const int fd = file_of(bytes, len);
        const long rows = read_all(fd, &e);

        /* Whole segments are a stream: that is what concatenation means. */
        CHECK(rows < 0 || (len == bytes->len / 2 && rows == 2 * ROWS),
              "cut to %zu bytes: accepted", len);
        (void)close(fd);
    }
    printf("# %zu cuts refused\n", bytes->len);
}

static void
check_garbage_behind(const struct buffer *bytes)
{
    const int fd = file_of(bytes, bytes->len);
    struct error e;

    if (pwrite(fd, "x", 1, (off_t)bytes->len) != 1)
        exit(EXIT_FAILURE);
    CHECK(read_all(fd, &e) == -1, "a byte after the end is refused");
    (void)close(fd);
}

static void
check_failure_travels(void)
{
    struct schema s = all_columns();
    const int fd = scratch_file();
    struct error e;
    struct writer *w = writer_new(fd, &s, false, &e);
    struct reader *r;
    struct block b;

    or_stop(writer_fail(w, TAIL_FAILED, "rec-test: no luck", &e), &e);
    writer_free(w);
    (void)lseek(fd, 0, SEEK_SET);
    r = reader_new(fd, &e);
    CHECK(reader_next(r, &b, &e) == READER_ERROR, "a failed stream fails");
    CHECK(strcmp(e.text, "incomplete: rec-test: no luck") == 0, "%s", e.text);
    CHECK(strcmp(reader_upstream_message(r), "rec-test: no luck") == 0,
          "the message is handed on");
    reader_free(r);
    schema_free(&s);
    (void)close(fd);
}

/* A frame whose checksums are right and whose lengths lie. */
static void
check_lies(const struct buffer *bytes)
{
    static const uint32_t lie[] = { 0,
                                    1,
                                    7,
                                    0x7fffffff,
                                    0x80000000,
                                    0xffffffff,
                                    BLOCK_BYTES_MAX,
                                    BLOCK_BYTES_MAX + 1 };
    struct frame head;
    struct error e;
    size_t data;

    or_stop(frame_decode(&head, bytes->data, &e), &e);
    data = FRAME_SIZE + head.stored;
    for (size_t field = 0; field < 3; field++)
        for (size_t i = 0; i < sizeof lie / sizeof *lie; i++) {
            const int fd = file_of(bytes, bytes->len);
            unsigned char header[FRAME_SIZE];
            struct frame f;

            or_stop(frame_decode(&f, bytes->data + data, &e), &e);
            if (field == 0)
                f.rows = lie[i];
            else if (field == 1)
                f.raw = f.stored = lie[i];
            else
                f.seq = lie[i] == 1 ? 2 : lie[i];
            frame_encode(&f, header);
            if (pwrite(fd, header, sizeof header, (off_t)data) < 0)
                exit(EXIT_FAILURE);
            CHECK(read_all(fd, &e) == -1, "a lie is refused");
            (void)close(fd);
        }
}

int
main(void)
{
    for (int deflate = 0; deflate < 2; deflate++) {
        struct buffer bytes = sample(deflate == 1);

        check_round_trip(&bytes);
        check_every_bit(&bytes);
        check_every_cut(&bytes);
        check_garbage_behind(&bytes);
        check_lies(&bytes);
        buffer_free(&bytes);
    }
    check_failure_travels();
    return check_status();
}
