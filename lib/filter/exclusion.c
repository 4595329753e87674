#include "filter/exclusion.h"

#include <string.h>

#include "filter/filter.h"

size_t
exclusion_by(const struct input *in, const char **by)
{
    if (*by == NULL)
        *by = input_query_key(in);
    return input_column_of(in, *by, TYPE_U32, SHAPE_SCALAR);
}

struct exclude *
exclusion_read(const struct input *queries, const char *path, const char *by,
               const char *id,
               uint32_t (*position)(const void *of, uint32_t id),
               const void *of)
{
    struct input *in = input_open(path);
    const size_t key = input_column_of(in, by, TYPE_U32, SHAPE_SCALAR);
    const size_t item = input_column_of(in, id, TYPE_U32, SHAPE_SCALAR);
    struct exclude *x;
    struct error e;
    struct block b;

    input_same_ids(in, queries, by);
    input_same_ids(in, queries, id);
    x = must_have(exclude_new(&e), &e);
    while (input_next(in, &b))
        for (uint32_t r = 0; r < b.rows; r++) {
            const uint32_t query = array_u32(&b.column[key])[r];
            const uint32_t p = position(of, array_u32(&b.column[item])[r]);

            if (query != 0 && p != EXACT_NONE)
                must(exclude_add(x, query, p, &e), &e);
        }
    must(exclude_finish(x, &e), &e);
    input_close(in);
    return x;
}
