/*
 * forge - change one number in a record stream and make its checksums right
 * again, as somebody who means harm would
 *
 * usage: forge FRAME OFFSET SIZE VALUE <in.rms >out.rms
 *
 * FRAME counts from 0; the frame's header begins at OFFSET 0 and its payload at
 * 32 (lib/stream/frame.h).  SIZE is 1, 2, 4 or 8 bytes, little-endian.  Exits
 * with 3 when the number is there already, or beyond the frame's end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../fuzz/repair.h"
#include "base/io.h"
#include "base/mem.h"

int
main(int argc, char **argv)
{
    struct buffer stream = { 0 };
    struct error e;
    ssize_t got;

    if (argc != 5) {
        fputs("usage: forge FRAME OFFSET SIZE VALUE\n", stderr);
        return 2;
    }
    do {
        if (buffer_reserve(&stream, 65536, &e) != 0 ||
            (got = io_read(STDIN_FILENO, stream.data + stream.len, 65536)) < 0)
            return 1;
        stream.len += (size_t)got;
    } while (got > 0);
    if (!forge(stream.data, stream.len, strtoul(argv[1], NULL, 10),
               strtoul(argv[2], NULL, 10), strtoul(argv[3], NULL, 10),
               strtoull(argv[4], NULL, 10)))
        return 3;
    got = io_write(STDOUT_FILENO, stream.data, stream.len);
    buffer_free(&stream);
    return got == 0 ? 0 : 1;
}
