#include "features/value.h"

#include <math.h>

int
value_check_column(const struct feature *f, const struct column *c,
                   struct error *e)
{
    const bool text = c->type == TYPE_STR;
    char is[TYPE_TEXT_MAX];
    const bool list = f->encoder == ENCODER_LOOKUP && feature_is_list(f);
    const char *want = NULL;

    if (list && c->shape != SHAPE_LIST)
        want = "a list a row when it has pool=";
    else if (!list && f->encoder == ENCODER_LOOKUP && c->shape == SHAPE_LIST)
        want = "pool= for a list a row";
    else if (!list && c->shape != SHAPE_SCALAR)
        want = "one value a row";
    else if (f->encoder == ENCODER_TOKENIZE && !text)
        want = "text (str)";
    else if (f->encoder != ENCODER_TOKENIZE && f->encoder != ENCODER_LOOKUP &&
             text)
        want = "numbers";
    if (want == NULL)
        return 0;
    column_type_text(c, is);
    return error_set(e, "column '%s' is %s, and %s needs %s", c->name, is,
                     encoder_name(f->encoder), want);
}

int
value_number(const struct column *c, const struct array *a, size_t r,
             double *out, struct error *e)
{
    *out = array_number(a, c->type, r);
    if (isfinite(*out))
        return 0;
    return error_set(e, "%s is %s", c->name, isnan(*out) ? "NaN" : "infinite");
}

const char *
value_key(const struct column *c, const struct array *a, size_t r,
          char scratch[NUMBER_TEXT_MAX], size_t *len, struct error *e)
{
    double v;

    switch (c->type) {
    case TYPE_STR: return array_str(a, r, len);
    case TYPE_I64: *len = number_from_i64(scratch, array_i64(a)[r]); break;
    case TYPE_U64:
        *len = number_from_u64(scratch, ((const uint64_t *)a->values)[r]);
        break;
    case TYPE_U8:
    case TYPE_I32:
    case TYPE_U32:
        *len = number_from_i64(scratch, (int64_t)array_number(a, c->type, r));
        break;
    case TYPE_F32:
    case TYPE_F64:
        if (value_number(c, a, r, &v, e) != 0)
            return NULL;
        *len = c->type == TYPE_F32 ? number_from_f32(scratch, (float)v)
                                   : number_from_f64(scratch, v);
        break;
    }
    return scratch;
}

uint32_t
value_row(const struct array *a, size_t v)
{
    uint32_t r = 0;

    while (a->list[r + 1] <= v)
        r++;
    return r;
}
