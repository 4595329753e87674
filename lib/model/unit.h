/*
 * unit.h - rows scaled to length 1, so that dot products are cosines
 *
 *     y = x / |x|          dx = (dy - (dy . y) y) / |x|
 *
 * A row of zeros stays one, and its gradient is 0.
 */
#ifndef MODEL_UNIT_H
#define MODEL_UNIT_H

#include <stddef.h>

/* X [n, d] in place; the lengths go to LENGTH [n] unless it is NULL. */
void unit_forward(size_t n, size_t d, float *x, float *length);
/* DY [n, d] in place, given the rows of length 1 and what their length was. */
void unit_backward(size_t n, size_t d, const float *y, const float *length,
                   float *dy);

#endif
