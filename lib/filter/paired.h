/*
 * paired.h - two measurements of the same rows, for main() only
 *
 * Like everything in this room, these functions do what they say or die.
 */
#ifndef FILTER_PAIRED_H
#define FILTER_PAIRED_H

#include "filter/input.h"
#include "metrics/compare.h"

struct paired; /* opaque */

/*
 * Read both streams row by row.  Their metrics are the columns of type f64 with
 * a name like "ndcg@10" that both have.  Rows have to be about the same: a
 * column of strings or integers that both have must agree in every row.  Rows
 * with the same value in column BY of A are one group; each is one of its own
 * when BY is NULL.  Rows whose values are all NaN in both are left out, which
 * is said.
 */
struct paired *paired_read(const char *a, const char *b, const char *by);
void paired_free(struct paired *p);

size_t paired_values(const struct paired *p);
const char *paired_name(const struct paired *p, size_t v);
const struct compare *paired_compare(const struct paired *p);

#endif
