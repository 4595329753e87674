#include "model/values.h"

#include <math.h>

int
feature_check(const struct feature *f, const struct feature_values *v,
              size_t rows, struct error *e)
{
    const bool tokens = f->encoder == ENCODER_TOKENIZE;
    const size_t first = feature_is_list(f) ? v->offset[0] : 0;
    const size_t end = feature_is_list(f) ? v->offset[rows] : rows;

    if (f->encoder == ENCODER_NORMALIZE) {
        for (size_t i = 0; i < rows; i++)
            if (!isfinite(v->value[i]))
                return error_set(e, "%s: not a finite number", f->name);
        return 0;
    }
    for (size_t i = first; i < end; i++) {
        if (v->id[i] >= f->size)
            return error_set(e, "%s: id %u in a table of %u rows", f->name,
                             v->id[i], f->size);
        if (tokens && v->id[i] == 0)
            return error_set(e, "%s: padding among the tokens", f->name);
    }
    return 0;
}
