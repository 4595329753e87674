/*
 * element.h - the numbers of other programs' arrays, and which of ours they are
 *
 * All little-endian.  Types that we have not become the narrowest of ours that
 * holds each of their values: i8 and i16 i32, u16 u32, half precision (IEEE
 * binary16) and bfloat16 f32, booleans u8.
 */
#ifndef FORMATS_ELEMENT_H
#define FORMATS_ELEMENT_H

#include "stream/table.h"

struct element {
    const char *npy;         /* "<f4", NULL where NumPy has none */
    const char *safetensors; /* "F32" */
    size_t bytes;            /* of one */
    enum type type;          /* of ours that it becomes */
};

/* NULL when there is none of that name. */
const struct element *element_of_npy(const char *name, size_t len);
const struct element *element_of_safetensors(const char *name, size_t len);
/* The element that T, no string, is written as. */
const struct element *element_of_type(enum type t);

/*
 * Can elements of X be taken for values of type T: their own, or f32 of f64?
 * If not, E says so.
 */
int element_check(const struct element *x, enum type t, struct error *e);
/* Append the N elements at P, not aligned, as values of B's type.  Refused: an
 * f64 that is no f32 because it is too large. */
int element_add(struct builder *b, const struct element *x,
                const unsigned char *p, size_t n, struct error *e);

#endif
