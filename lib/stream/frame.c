#include "stream/frame.h"

#include <string.h>
#include <zlib.h>

#include "base/bytes.h"
#include "stream/schema.h"

static const unsigned char sync_mark[4] = { 0x89, 'R', 'S', '1' };

uint32_t
frame_crc(uint32_t crc, const void *p, size_t len)
{
    return (uint32_t)crc32_z(crc, p, len);
}

bool
frame_begins(const unsigned char *p, size_t len)
{
    return len >= sizeof sync_mark &&
           memcmp(p, sync_mark, sizeof sync_mark) == 0;
}

void
frame_encode(const struct frame *f, unsigned char out[FRAME_SIZE])
{
    memcpy(out, sync_mark, 4);
    out[4] = f->type;
    out[5] = f->codec;
    out[6] = out[7] = 0;
    put_u32(out + 8, f->seq);
    put_u32(out + 12, f->rows);
    put_u32(out + 16, f->stored);
    put_u32(out + 20, f->raw);
    put_u32(out + 24, f->crc);
    put_u32(out + 28, frame_crc(0, out, 28));
}

int
frame_decode(struct frame *f, const unsigned char in[FRAME_SIZE],
             struct error *e)
{
    size_t max;

    if (!frame_begins(in, FRAME_SIZE))
        return error_set(e, "not a record stream");
    if (get_u32(in + 28) != frame_crc(0, in, 28))
        return error_set(e, "checksum mismatch in its header");
    *f = (struct frame){
        .type = in[4],
        .codec = in[5],
        .seq = get_u32(in + 8),
        .rows = get_u32(in + 12),
        .stored = get_u32(in + 16),
        .raw = get_u32(in + 20),
        .crc = get_u32(in + 24),
    };
    if (f->codec > CODEC_DEFLATE || in[6] != 0 || in[7] != 0)
        return error_set(e, "codec %u, flags %u: from another version?",
                         f->codec, in[6] | in[7] << 8);
    switch (f->type) {
    case FRAME_HEAD: max = SCHEMA_TEXT_MAX; break;
    case FRAME_DATA: max = BLOCK_BYTES_MAX; break;
    case FRAME_TAIL: max = TAIL_SIZE + TAIL_MESSAGE_MAX; break;
    default: return error_set(e, "type %u: from another version?", f->type);
    }
    if (f->raw > max || f->stored > max + 1024 || f->rows > BLOCK_ROWS_MAX)
        return error_set(e, "%u rows in %u bytes are more than a block holds",
                         (unsigned)f->rows, (unsigned)f->raw);
    if ((f->codec == CODEC_STORED && f->raw != f->stored) ||
        (f->type != FRAME_DATA && (f->rows != 0 || f->codec != CODEC_STORED)))
        return error_set(e, "its header contradicts itself");
    return 0;
}

void
tail_encode(const struct tail *t, unsigned char out[TAIL_SIZE])
{
    put_u32(out, t->status);
    put_u32(out + 4, t->message_len);
    put_u64(out + 8, t->rows);
    put_u64(out + 16, t->frames);
    put_u32(out + 24, t->crc);
    put_u32(out + 28, 0);
}

int
tail_decode(struct tail *t, const unsigned char *in, size_t len,
            struct error *e)
{
    uint32_t status;

    if (len < TAIL_SIZE || get_u32(in) > TAIL_FAILED ||
        get_u32(in + 4) != len - TAIL_SIZE || get_u32(in + 28) != 0)
        return error_set(e, "malformed trailer");
    status = get_u32(in);
    *t = (struct tail){
        .status = (enum tail_status)status,
        .message_len = get_u32(in + 4),
        .rows = get_u64(in + 8),
        .frames = get_u64(in + 16),
        .crc = get_u32(in + 24),
    };
    return 0;
}
