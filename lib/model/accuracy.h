/*
 * accuracy.h - top-k accuracy of the towers, while they learn
 *
 * The share of rows whose own item has fewer than k items above it (ranks.h),
 * over all items that stand in the training or in the validation rows.  Items
 * are told apart by their key; an unknown one (id 0) is never found.
 *
 * Memory: 4 d bytes for each item and each validation row, d being the width of
 * an embedding, twice for items; and 171 bytes an item for each thread.
 */
#ifndef MODEL_ACCURACY_H
#define MODEL_ACCURACY_H

#include "base/threads.h"
#include "model/examples.h"
#include "model/towers.h"

struct accuracy; /* opaque */

/* Both sets of examples are borrowed and have the model's features, one of them
 * a key; VALIDATION has a row. */
struct accuracy *accuracy_new(const struct towers *m,
                              const struct examples *training,
                              const struct examples *validation,
                              struct error *e);
void accuracy_free(struct accuracy *a); /* NULL is fine */

/* SHARE[i] of the validation rows that are a hit at K[i], as M is now. */
int accuracy_measure(struct accuracy *a, struct towers *m, struct threads *t,
                     const uint32_t *k, size_t n, double *share,
                     struct error *e);

#endif
