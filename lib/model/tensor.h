/*
 * tensor.h - a named matrix of parameters, or of what goes with them
 */
#ifndef MODEL_TENSOR_H
#define MODEL_TENSOR_H

#include <stddef.h>
#include <stdint.h>

#define TENSOR_NAME_MAX 600

/* A view: somebody else owns the name and the numbers.  Row-major. */
struct tensor {
    const char *name; /* "query.0.kernel"; without blanks */
    size_t rows, cols;
    float *data; /* [rows, cols] */
};

/* The gradient of the loss by a tensor: by all of its rows, or by N distinct
 * ones when it is 0 everywhere else. */
struct gradient {
    size_t n;
    const uint32_t *row; /* [n], or NULL for 0, 1, ... */
    const float *value;  /* [n, cols] */
};

#endif
