/*
 * fingerprint.h - are these the same examples as before?
 */
#ifndef MODEL_FINGERPRINT_H
#define MODEL_FINGERPRINT_H

#include "model/examples.h"

/* A hash of all that a model can learn from X, in its order, and of what the
 * features are. */
uint64_t examples_fingerprint(const struct examples *x);

#endif
