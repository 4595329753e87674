/*
 * tensor.h - a named matrix of parameters, or of what goes with them
 */
#ifndef MODEL_TENSOR_H
#define MODEL_TENSOR_H

#include <stddef.h>

#define TENSOR_NAME_MAX 600

/* A view: somebody else owns the name and the numbers.  Row-major. */
struct tensor {
    const char *name; /* "query.0.kernel"; without blanks */
    size_t rows, cols;
    float *data; /* [rows, cols] */
};

#endif
