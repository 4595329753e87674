/*
 * pieces.h - how work is cut for threads_run()
 *
 * Always into the same number of contiguous shares, whatever the number of
 * threads: so the shape of each matrix product, each partial sum, and with
 * them every bit of a result are the same for any -j.
 */
#ifndef MODEL_PIECES_H
#define MODEL_PIECES_H

#include <stddef.h>

#define PIECES 8

/* Things begin .. end - 1. */
struct range {
    size_t begin, end;
};

/* PIECE's share of N things. */
static inline struct range
piece_of(size_t n, size_t piece)
{
    return (struct range){ n / PIECES * piece + n % PIECES * piece / PIECES,
                           n / PIECES * (piece + 1) +
                               n % PIECES * (piece + 1) / PIECES };
}

#endif
