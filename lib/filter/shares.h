/*
 * shares.h - operands that are FILE or FILE=SHARE
 *
 * Wrong ones are errors of usage, and end the filter.
 */
#ifndef FILTER_SHARES_H
#define FILTER_SHARES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Cut the shares off the N operands, which become names of files, no two of
 * them the same; SHARE [n] gets them, and they sum to 1.  False when there are
 * none.
 */
bool shares_take(char **operand, size_t n, double *share);
/* After that: as much for each. */
void shares_equal(char *const *operand, size_t n, double *share);

#endif
