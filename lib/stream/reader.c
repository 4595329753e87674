#include "stream/reader.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/io.h"

/* At most this much is asked for at once on the word of a header. */
#define STEP ((size_t)1 << 20)

struct reader {
    int fd;
    struct reader_source source;
    struct schema schema;
    struct block block;
    struct buffer stored, raw;
    z_stream inflate;
    bool inflating;    /* inflate has been initialised */
    uint32_t seq, crc; /* of this segment */
    uint64_t segment_rows, segment_frames;
    uint64_t rows, blocks, segments, stored_bytes, raw_bytes;
    char *upstream;
};

const struct schema *
reader_schema(const struct reader *r)
{
    return &r->schema;
}

uint64_t
reader_rows(const struct reader *r)
{
    return r->rows;
}

uint64_t
reader_blocks(const struct reader *r)
{
    return r->blocks;
}

uint64_t
reader_segments(const struct reader *r)
{
    return r->segments;
}

uint64_t
reader_stored_bytes(const struct reader *r)
{
    return r->stored_bytes;
}

uint64_t
reader_raw_bytes(const struct reader *r)
{
    return r->raw_bytes;
}

const char *
reader_upstream_message(const struct reader *r)
{
    return r->upstream;
}

static ssize_t
read_descriptor(void *ctx, void *buf, size_t len)
{
    return io_read(*(const int *)ctx, buf, len);
}

static ssize_t
read_source(struct reader *r, void *buf, size_t len)
{
    return r->source.read(r->source.ctx, buf, len);
}

static int
truncated(struct reader *r, struct error *e)
{
    char who[64];

    schema_producer(&r->schema, who, sizeof who);
    return error_set(e, "truncated after %" PRIu64 " rows: %s did not finish",
                     r->rows, who);
}

/* LEN bytes appended to B, whose memory grows no faster than they come. */
static int
read_bytes(struct reader *r, struct buffer *b, size_t len, struct error *e)
{
    while (len > 0) {
        const size_t step = len < STEP ? len : STEP;
        ssize_t got;

        if (buffer_reserve(b, step, e) != 0)
            return -1;
        got = read_source(r, b->data + b->len, step);
        if (got < 0)
            return error_errno(e, "read failed");
        b->len += (size_t)got;
        if ((size_t)got < step)
            return truncated(r, e);
        len -= step;
    }
    return 0;
}

/* 1 when a frame's header was read, 0 at the end of the input. */
static int
read_frame(struct reader *r, struct frame *f, struct error *e)
{
    unsigned char header[FRAME_SIZE];
    const ssize_t got = read_source(r, header, sizeof header);

    if (got < 0)
        return error_errno(e, "read failed");
    if (got == 0)
        return 0;
    if (got < FRAME_SIZE && r->segments > 0)
        return truncated(r, e);
    if (got < FRAME_SIZE)
        return error_set(e, "not a record stream: only %zd bytes", got);
    return frame_decode(f, header, e) == 0 ? 1 : -1;
}

static int
read_payload(struct reader *r, const struct frame *f, struct error *e)
{
    r->stored.len = 0;
    if (read_bytes(r, &r->stored, f->stored, e) != 0)
        return -1;
    if (frame_crc(0, r->stored.data, r->stored.len) != f->crc)
        return error_set(e, "checksum mismatch");
    return 0;
}

/* Inflate the stored payload; *OUT are f->raw bytes. */
static int
inflate_payload(struct reader *r, const struct frame *f,
                const unsigned char **out, struct error *e)
{
    int z;

    /* Deflate reaches 1032:1 at the most, so a header cannot ask for much. */
    if (f->raw / 1100 > f->stored)
        return error_set(e, "%u bytes do not inflate to %u",
                         (unsigned)f->stored, (unsigned)f->raw);
    r->raw.len = 0;
    if (buffer_reserve(&r->raw, (size_t)f->raw + 1, e) != 0)
        return -1;
    if (!r->inflating && inflateInit2(&r->inflate, -15) != Z_OK)
        return error_set(e, "zlib does not start");
    r->inflating = true;
    (void)inflateReset(&r->inflate);
    r->inflate.next_in = r->stored.data;
    r->inflate.avail_in = f->stored;
    r->inflate.next_out = r->raw.data;
    r->inflate.avail_out = f->raw + 1;
    z = inflate(&r->inflate, Z_FINISH);
    if (z != Z_STREAM_END || r->inflate.avail_in != 0 ||
        r->inflate.avail_out != 1)
        return error_set(e, "its compressed data is malformed");
    *out = r->raw.data;
    return 0;
}

static int
begin_segment(struct reader *r, const struct frame *f, struct error *e)
{
    struct schema next;

    if (f->type != FRAME_HEAD || f->seq != 0)
        return error_set(e, "begins without a head");
    if (read_payload(r, f, e) != 0 ||
        schema_parse(&next, (char *)r->stored.data, r->stored.len, e) != 0)
        return -1;
    if (r->segments == 0) {
        r->schema = next;
    } else {
        const bool columns = schema_same_columns(&r->schema, &next, e);
        const bool metas = columns && schema_same_metas(&r->schema, &next, e);

        schema_free(&next);
        if (!metas)
            return error_prefix(e, "segment %" PRIu64 " has other %s",
                                r->segments + 1, columns ? "metas" : "columns");
    }
    r->segments++;
    r->seq = 0;
    r->crc = 0;
    r->segment_rows = r->segment_frames = 0;
    return 0;
}

static int
end_segment(struct reader *r, const struct frame *f, struct error *e)
{
    struct tail t;

    if (read_payload(r, f, e) != 0 ||
        tail_decode(&t, r->stored.data, r->stored.len, e) != 0)
        return -1;
    if (t.rows != r->segment_rows || t.frames != r->segment_frames ||
        t.crc != r->crc)
        return error_set(e,
                         "the trailer counts %" PRIu64 " rows in %" PRIu64
                         " blocks, but there are %" PRIu64 " in %" PRIu64,
                         t.rows, t.frames, r->segment_rows, r->segment_frames);
    if (t.status == TAIL_COMPLETE)
        return 0;
    r->upstream =
        mem_string((char *)r->stored.data + TAIL_SIZE, t.message_len, e);
    if (r->upstream == NULL)
        return -1;
    return error_set(e, "incomplete: %s", r->upstream);
}

static int
read_block(struct reader *r, const struct frame *f, struct block *b,
           struct error *e)
{
    const unsigned char *payload;
    unsigned char crc[4];

    if (read_payload(r, f, e) != 0)
        goto fail;
    payload = r->stored.data;
    if (f->codec == CODEC_DEFLATE && inflate_payload(r, f, &payload, e) != 0)
        goto fail;
    if (block_decode(&r->schema, f->rows, payload, f->raw, &r->block, e) != 0)
        goto fail;
    for (int i = 0; i < 4; i++)
        crc[i] = (unsigned char)(f->crc >> (8 * i));
    r->crc = frame_crc(r->crc, crc, 4);
    r->segment_rows += f->rows;
    r->segment_frames++;
    r->rows += f->rows;
    r->blocks++;
    r->stored_bytes += f->stored;
    r->raw_bytes += f->raw;
    *b = r->block;
    return 0;
fail:
    if (strncmp(e->text, "truncated", 9) == 0)
        return -1;
    return error_prefix(e, "block %" PRIu64, r->blocks + 1);
}

enum reader_result
reader_next(struct reader *r, struct block *b, struct error *e)
{
    for (;;) {
        struct frame f = { 0 };
        const int got = read_frame(r, &f, e);

        if (got < 0)
            return READER_ERROR;
        if (got == 0) {
            (void)truncated(r, e);
            return READER_ERROR;
        }
        if (f.seq != ++r->seq || f.type == FRAME_HEAD) {
            error_set(e, "block %" PRIu64 " is missing or out of order",
                      r->blocks + 1);
            return READER_ERROR;
        }
        if (f.type == FRAME_DATA)
            return read_block(r, &f, b, e) == 0 ? READER_BLOCK : READER_ERROR;
        if (end_segment(r, &f, e) != 0)
            return READER_ERROR;
        switch (read_frame(r, &f, e)) {
        case 0: return READER_END;
        case 1:
            if (begin_segment(r, &f, e) == 0)
                break;
            return READER_ERROR;
        default:
            (void)error_prefix(e, "after the end of the stream");
            return READER_ERROR;
        }
    }
}

/* Read the head; R, which may be NULL, is freed when that fails. */
static struct reader *
begin(struct reader *r, struct error *e)
{
    struct frame f = { 0 };
    int got;

    if (r == NULL)
        return NULL;
    got = read_frame(r, &f, e);
    if (got == 0)
        error_set(e, "empty: what should have written it did not start or "
                     "did not finish");
    if (got <= 0 || begin_segment(r, &f, e) != 0)
        goto fail;
    r->block.column = mem_new(r->schema.columns, sizeof *r->block.column, e);
    if (r->block.column == NULL)
        goto fail;
    return r;
fail:
    reader_free(r);
    return NULL;
}

struct reader *
reader_new(int fd, struct error *e)
{
    struct reader *r = mem_new(1, sizeof *r, e);

    if (r != NULL) {
        r->fd = fd;
        r->source = (struct reader_source){ read_descriptor, &r->fd };
    }
    return begin(r, e);
}

struct reader *
reader_new_from(const struct reader_source *source, struct error *e)
{
    struct reader *r = mem_new(1, sizeof *r, e);

    if (r != NULL)
        r->source = *source;
    return begin(r, e);
}

void
reader_free(struct reader *r)
{
    if (r == NULL)
        return;
    if (r->inflating)
        (void)inflateEnd(&r->inflate);
    buffer_free(&r->stored);
    buffer_free(&r->raw);
    schema_free(&r->schema);
    free(r->block.column);
    free(r->upstream);
    free(r);
}
