/*
 * handle.h - what read.c and write.c share, and nobody outside sees
 */
#ifndef RECMILL_HANDLE_H
#define RECMILL_HANDLE_H

#include "recmill/stream.h"
#include "stream/reader.h"

struct recmill_reader {
    struct reader *reader;
    int fd;
    bool owned; /* the descriptor is ours to close */
    char (*type)[TYPE_TEXT_MAX];
    struct recmill_array *array; /* [columns], what a block shows */
};

/* What the library says, to the caller.  Returns -1. */
static inline int
recmill_failed(struct recmill_error *to, const struct error *from)
{
    memcpy(to->text, from->text, sizeof to->text);
    return -1;
}

#endif
