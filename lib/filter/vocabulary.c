#include "filter/vocabulary.h"

#include "filter/filter.h"

struct vocabulary *
vocabulary_load(const char *path)
{
    struct input *in = input_open(path);
    struct error e;
    struct vocabulary *v = vocabulary_new(input_schema(in), &e);
    struct block b;
    uint32_t bad;

    if (v == NULL)
        input_bad(in, "%s", e.text);
    while (input_next(in, &b))
        if (vocabulary_add(v, &b, &bad, &e) != 0)
            input_bad_row(in, bad, "%s", e.text);
    if (vocabulary_finish(v, &e) != 0)
        input_bad(in, "%s", e.text);
    input_close(in);
    return v;
}
