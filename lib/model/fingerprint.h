/*
 * fingerprint.h - are these the same examples as before?
 */
#ifndef MODEL_FINGERPRINT_H
#define MODEL_FINGERPRINT_H

#include "model/examples.h"

/* *HASH of all that a model can learn from X, in its order, and of what the
 * features are.  Rows that are not in memory are loaded, run after run. */
int examples_fingerprint(struct examples *x, uint64_t *hash, struct error *e);

#endif
