#include "model/intake.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "features/spec.h"

static int
find_column(const struct feature *f, const struct schema *s, long *column,
            struct error *e)
{
    struct schema want = { 0 };
    char type[TYPE_TEXT_MAX], is[TYPE_TEXT_MAX];
    int status = -1;

    *column = schema_find(s, f->name);
    if (*column < 0)
        return error_set(e, "no column '%s', which the model reads", f->name);
    if (feature_add_column(&want, f, e) == 0) {
        column_type_text(&want.column[0], type);
        column_type_text(&s->column[*column], is);
        status =
            strcmp(type, is) == 0
                ? 0
                : error_set(e, "column '%s' is %s, not %s", f->name, is, type);
    }
    schema_free(&want);
    return status;
}

int
intake_init(struct intake *in, const struct feature *f, size_t features,
            bool query, bool item, const struct schema *s, struct error *e)
{
    struct spec spec; /* of the stream */
    int status;

    *in = (struct intake){ .features = features, .feature = f };
    in->column = mem_new(features, sizeof *in->column, e);
    if (in->column == NULL)
        return -1;
    status = spec_from_metas(&spec, s, e);
    for (size_t i = 0; i < features && status == 0; i++) {
        const bool read = (f[i].part == PART_QUERY && query) ||
                          (f[i].part == PART_ITEM && item);

        in->column[i] = -1;
        if (read)
            status = find_column(&f[i], s, &in->column[i], e);
        if (read && status == 0)
            status = spec_check_feature(&spec, &f[i], e);
    }
    spec_free(&spec);
    if (status != 0)
        intake_free(in);
    return status;
}

void
intake_free(struct intake *in)
{
    free(in->column);
    in->column = NULL;
}

void
intake_block(const struct intake *in, const struct block *b,
             struct feature_values *values)
{
    for (size_t i = 0; i < in->features; i++) {
        const struct array *a;

        values[i] = (struct feature_values){ 0 };
        if (in->column[i] < 0)
            continue;
        a = &b->column[in->column[i]];
        if (in->feature[i].encoder == ENCODER_NORMALIZE)
            values[i].value = array_f32(a);
        else
            values[i].id = array_u32(a);
        values[i].offset = a->list;
    }
}

int
intake_check(const struct intake *in, const struct block *b,
             const struct feature_values *values, struct error *e)
{
    for (size_t i = 0; i < in->features; i++)
        if (in->column[i] >= 0 &&
            feature_check(&in->feature[i], &values[i], b->rows, e) != 0)
            return -1;
    return 0;
}
