/*
 * npy.h - one column of numbers as NumPy's .npy file, format version 1.0
 *
 *     93 4E 55 4D 50 59 01 00, u16 length of the rest of the header, then
 *     {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
 *
 * padded with blanks and a newline to NPY_HEADER bytes, then the numbers in C
 * order.  The number of rows stands first, though a stream tells it last:
 * the header has room for any number, and is written over.
 */
#ifndef STREAM_NPY_H
#define STREAM_NPY_H

#include "stream/schema.h"

#define NPY_HEADER 128

/* The header for ROWS rows of C: scalars are an array of one dimension, vectors
 * of two.  Refused: strings and lists. */
int npy_header(const struct column *c, uint64_t rows, unsigned char *out,
               struct error *e);

#endif
