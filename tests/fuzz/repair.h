/*
 * repair.h - checksums made right, as somebody who means harm would
 *
 * They would keep a fuzzer out of everything behind them.
 */
#ifndef REPAIR_H
#define REPAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/bytes.h"
#include "stream/frame.h"

/* All checksums of the frames of a stream of LEN bytes, as far as there are
 * frames. */
static inline void
repair(unsigned char *p, size_t len)
{
    uint32_t crc = 0;

    while (len >= FRAME_SIZE) {
        const uint32_t stored = get_u32(p + 16);
        unsigned char *payload = p + FRAME_SIZE;

        if (stored > len - FRAME_SIZE)
            return;
        if (p[4] == FRAME_HEAD)
            crc = 0;
        if (p[4] == FRAME_TAIL && stored >= TAIL_SIZE)
            put_u32(payload + 24, crc);
        put_u32(p + 24, frame_crc(0, payload, stored));
        put_u32(p + 28, frame_crc(0, p, 28));
        if (p[4] == FRAME_DATA)
            crc = frame_crc(crc, p + 24, 4);
        p += FRAME_SIZE + stored;
        len -= FRAME_SIZE + stored;
    }
}

/*
 * Change the number of SIZE bytes at OFFSET of frame number N, whose header
 * begins at 0 and whose payload at FRAME_SIZE, to VALUE, and make all checksums
 * right again.  False when it is that already, or when there is no such number.
 */
static inline bool
forge(unsigned char *stream, size_t len, unsigned long n, size_t offset,
      size_t size, uint64_t value)
{
    const bool own_crc = offset == FRAME_SIZE + 24; /* of a tail */
    unsigned char *p = stream, *end = stream + len;
    uint32_t was, is;
    size_t room;

    for (; end - p >= FRAME_SIZE && n > 0; n--)
        p += FRAME_SIZE + get_u32(p + 16);
    if (end - p < FRAME_SIZE)
        return false;
    was = get_u32(p + 16);
    if (size > sizeof value || offset > FRAME_SIZE + was ||
        size > FRAME_SIZE + was - offset ||
        memcmp(p + offset, &value, size) == 0)
        return false;
    memcpy(p + offset, &value, size);
    is = get_u32(p + 16);
    /* All that lies behind it is found by its old length. */
    put_u32(p + 16, was);
    if (p[4] != FRAME_TAIL || !own_crc)
        repair(stream, len);
    put_u32(p + 16, is);
    room = (size_t)(end - p) - FRAME_SIZE;
    put_u32(p + 24, frame_crc(0, p + FRAME_SIZE, is < room ? is : room));
    put_u32(p + 28, frame_crc(0, p, 28));
    return true;
}

#endif
