#include "stream/writer.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/io.h"

struct writer {
    int fd;
    struct schema schema;
    struct buffer out, packed;
    z_stream deflate;
    bool deflating;
    uint32_t seq, crc;
    uint64_t rows, frames;
};

/* Send the frame whose payload stands in B behind room for the header. */
static int
send_frame(struct writer *w, struct frame *f, struct buffer *b, struct error *e)
{
    f->seq = w->seq++;
    f->stored = (uint32_t)(b->len - FRAME_SIZE);
    f->crc = frame_crc(0, b->data + FRAME_SIZE, f->stored);
    frame_encode(f, b->data);
    if (io_write(w->fd, b->data, b->len) != 0)
        return error_errno(e, "write failed");
    return 0;
}

/* An empty buffer with room for a header in front. */
static int
start_frame(struct buffer *b, struct error *e)
{
    static const unsigned char room[FRAME_SIZE];

    b->len = 0;
    return buffer_append(b, room, sizeof room, e);
}

/* The payload in w->out compressed into w->packed: 1, 0 when that does not make
 * it smaller, or -1. */
static int
pack(struct writer *w, struct error *e)
{
    const size_t raw = w->out.len - FRAME_SIZE;

    if (start_frame(&w->packed, e) != 0 ||
        buffer_reserve(&w->packed, raw, e) != 0)
        return -1;
    (void)deflateReset(&w->deflate);
    w->deflate.next_in = w->out.data + FRAME_SIZE;
    w->deflate.avail_in = (uInt)raw;
    w->deflate.next_out = w->packed.data + FRAME_SIZE;
    w->deflate.avail_out = (uInt)raw;
    if (deflate(&w->deflate, Z_FINISH) != Z_STREAM_END)
        return 0;
    w->packed.len += raw - w->deflate.avail_out;
    return 1;
}

struct writer *
writer_new(int fd, const struct schema *s, bool deflate, struct error *e)
{
    struct writer *w = mem_new(1, sizeof *w, e);
    struct frame f = { .type = FRAME_HEAD };

    if (w == NULL)
        return NULL;
    w->fd = fd;
    if (deflate && deflateInit2(&w->deflate, 1, Z_DEFLATED, -15, 8,
                                Z_DEFAULT_STRATEGY) != Z_OK) {
        error_set(e, "zlib does not start");
        goto fail;
    }
    w->deflating = deflate;
    if (schema_copy(&w->schema, s, e) != 0 || start_frame(&w->out, e) != 0 ||
        schema_format(s, &w->out, e) != 0)
        goto fail;
    f.raw = (uint32_t)(w->out.len - FRAME_SIZE);
    if (send_frame(w, &f, &w->out, e) != 0)
        goto fail;
    return w;
fail:
    writer_free(w);
    return NULL;
}

int
writer_put(struct writer *w, const struct block *b, struct error *e)
{
    struct frame f = { .type = FRAME_DATA, .rows = b->rows };
    struct buffer *payload = &w->out;
    unsigned char crc[4];
    int packed;

    if (start_frame(&w->out, e) != 0 ||
        block_encode(&w->schema, b, &w->out, e) != 0)
        return -1;
    f.raw = (uint32_t)(w->out.len - FRAME_SIZE);
    packed = w->deflating ? pack(w, e) : 0;
    if (packed < 0)
        return -1;
    if (packed > 0) {
        payload = &w->packed;
        f.codec = CODEC_DEFLATE;
    }
    if (send_frame(w, &f, payload, e) != 0)
        return -1;
    for (int i = 0; i < 4; i++)
        crc[i] = (unsigned char)(f.crc >> (8 * i));
    w->crc = frame_crc(w->crc, crc, 4);
    w->rows += b->rows;
    w->frames++;
    return 0;
}

static int
send_tail(struct writer *w, enum tail_status status, const char *message,
          struct error *e)
{
    const size_t len = strnlen(message, TAIL_MESSAGE_MAX);
    const struct tail t = {
        .status = status,
        .message_len = (uint32_t)len,
        .rows = w->rows,
        .frames = w->frames,
        .crc = w->crc,
    };
    struct frame f = { .type = FRAME_TAIL, .raw = (uint32_t)(TAIL_SIZE + len) };
    unsigned char payload[TAIL_SIZE];

    tail_encode(&t, payload);
    if (start_frame(&w->out, e) != 0 ||
        buffer_append(&w->out, payload, sizeof payload, e) != 0 ||
        buffer_append(&w->out, message, len, e) != 0)
        return -1;
    return send_frame(w, &f, &w->out, e);
}

int
writer_finish(struct writer *w, struct error *e)
{
    return send_tail(w, TAIL_COMPLETE, "", e);
}

int
writer_fail(struct writer *w, enum tail_status status, const char *message,
            struct error *e)
{
    return send_tail(w, status, message, e);
}

void
writer_free(struct writer *w)
{
    if (w == NULL)
        return;
    if (w->deflating)
        (void)deflateEnd(&w->deflate);
    buffer_free(&w->out);
    buffer_free(&w->packed);
    schema_free(&w->schema);
    free(w);
}
