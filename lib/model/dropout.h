/*
 * dropout.h - what a step of training leaves out (Srivastava et al., 2014)
 *
 * Ids of features (input.h) and elements of what layers give (pass.h), each
 * with a probability of its own.  What a step leaves out depends on the seed
 * and on the step's number alone.
 */
#ifndef MODEL_DROPOUT_H
#define MODEL_DROPOUT_H

#include <stdint.h>

struct dropout {
    const float *rate; /* [features of the model]: of ids, 0 to below 1; NULL:
                          none; borrowed */
    uint64_t seed, step;
    float hidden; /* of elements, 0 to below 1 */
};

#endif
