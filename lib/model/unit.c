#include "model/unit.h"

#include <math.h>

#include "model/vector.h"

void
unit_forward(size_t n, size_t d, float *x, float *length)
{
    for (size_t i = 0; i < n; i++, x += d) {
        const float l = sqrtf(vector_dot(d, x, x));

        if (length != NULL)
            length[i] = l;
        if (l > 0)
            vector_scale(d, 1 / l, x, x);
    }
}

void
unit_backward(size_t n, size_t d, const float *y, const float *length,
              float *dy)
{
    for (size_t i = 0; i < n; i++, y += d, dy += d) {
        vector_add_scaled(d, -vector_dot(d, dy, y), y, dy);
        vector_scale(d, length[i] > 0 ? 1 / length[i] : 0, dy, dy);
    }
}
