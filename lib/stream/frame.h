/*
 * frame.h - the 32 bytes before every payload, and the TAIL's payload
 *
 * All integers are little-endian.
 *
 *     0  4  sync mark 89 52 53 31 ("\x89RS1")
 *     4  1  type: 'H' head, 'D' data, 'T' tail
 *     5  1  codec: 0 stored, 1 raw deflate
 *     6  2  flags, 0
 *     8  4  sequence number in the segment: HEAD 0, then +1
 *    12  4  rows of a DATA frame, else 0
 *    16  4  stored length: bytes of payload that follow
 *    20  4  raw length: bytes of payload once inflated
 *    24  4  CRC-32 of the payload as stored
 *    28  4  CRC-32 of bytes 0 to 27
 *
 * The TAIL's payload:
 *
 *     0  4  status, enum tail_status
 *     4  4  length of the message
 *     8  8  rows in the segment
 *    16  8  DATA frames in the segment
 *    24  4  CRC-32 over the payload CRCs of the DATA frames, in order
 *    28  4  0
 *    32  .  message, UTF-8
 */
#ifndef STREAM_FRAME_H
#define STREAM_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define FRAME_SIZE 32
#define TAIL_SIZE 32

/* Nothing larger is written, nor believed when read. */
#define BLOCK_ROWS_MAX ((uint32_t)1 << 20)
#define BLOCK_BYTES_MAX ((uint32_t)64 << 20)
#define TAIL_MESSAGE_MAX 4096

enum { FRAME_HEAD = 'H', FRAME_DATA = 'D', FRAME_TAIL = 'T' };
enum { CODEC_STORED = 0, CODEC_DEFLATE = 1 };

enum tail_status {
    TAIL_COMPLETE = 0,
    TAIL_INPUT_INCOMPLETE = 1, /* what the writer read was cut or damaged */
    TAIL_FAILED = 2,           /* the writer itself failed */
};

struct frame {
    uint8_t type, codec;
    uint32_t seq, rows;
    uint32_t stored, raw; /* lengths */
    uint32_t crc;         /* of the payload */
};

struct tail {
    enum tail_status status;
    uint32_t message_len;
    uint64_t rows, frames;
    uint32_t crc;
};

/* Do the LEN bytes at P begin as every frame, and so every stream, does? */
bool frame_begins(const unsigned char *p, size_t len);
void frame_encode(const struct frame *f, unsigned char out[FRAME_SIZE]);
/* Checks the mark, the CRC, the type, the codec and every maximum. */
int frame_decode(struct frame *f, const unsigned char in[FRAME_SIZE],
                 struct error *e);

void tail_encode(const struct tail *t, unsigned char out[TAIL_SIZE]);
/* LEN is the length of the whole payload. */
int tail_decode(struct tail *t, const unsigned char *in, size_t len,
                struct error *e);

/* CRC-32 as zlib has it, of any length; start from 0. */
uint32_t frame_crc(uint32_t crc, const void *p, size_t len);

#endif
