/*
 * hardest.h - the largest scores of a row, the others put out of the running
 */
#ifndef MODEL_HARDEST_H
#define MODEL_HARDEST_H

#include <stddef.h>

/* Of SCORE [n] leave the KEEP largest and that of POS as they are, and make the
 * others minus infinity; of equal scores the first are kept.  SCRATCH has room
 * for n floats.  Expected time proportional to n (Hoare, "Algorithm 65: Find",
 * 1961). */
void hardest_keep(float *score, size_t n, size_t pos, size_t keep,
                  float *scratch);

#endif
