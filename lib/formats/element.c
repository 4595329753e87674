#include "formats/element.h"

#include <math.h>
#include <string.h>

/* Of two that become the same, the one that it is written as comes first. */
static const struct element elements[] = {
    { "|u1", "U8", 1, TYPE_U8 },   { "<i4", "I32", 4, TYPE_I32 },
    { "<u4", "U32", 4, TYPE_U32 }, { "<i8", "I64", 8, TYPE_I64 },
    { "<u8", "U64", 8, TYPE_U64 }, { "<f4", "F32", 4, TYPE_F32 },
    { "<f8", "F64", 8, TYPE_F64 }, { "|b1", "BOOL", 1, TYPE_U8 },
    { "|i1", "I8", 1, TYPE_I32 },  { "<i2", "I16", 2, TYPE_I32 },
    { "<u2", "U16", 2, TYPE_U32 }, { "<f2", "F16", 2, TYPE_F32 },
    { NULL, "BF16", 2, TYPE_F32 },
};

#define ELEMENTS (sizeof elements / sizeof *elements)

static bool
is_name(const char *name, const char *s, size_t len)
{
    return name != NULL && strlen(name) == len && memcmp(name, s, len) == 0;
}

const struct element *
element_of_npy(const char *name, size_t len)
{
    for (size_t i = 0; i < ELEMENTS; i++)
        if (is_name(elements[i].npy, name, len))
            return &elements[i];
    return NULL;
}

const struct element *
element_of_safetensors(const char *name, size_t len)
{
    for (size_t i = 0; i < ELEMENTS; i++)
        if (is_name(elements[i].safetensors, name, len))
            return &elements[i];
    return NULL;
}

const struct element *
element_of_type(enum type t)
{
    for (size_t i = 0; i < ELEMENTS; i++)
        if (elements[i].type == t)
            return &elements[i];
    return NULL;
}

int
element_check(const struct element *x, enum type t, struct error *e)
{
    if (t == x->type || (x->type == TYPE_F64 && t == TYPE_F32))
        return 0;
    return error_set(e, "its numbers are %s, which cannot be taken for %s",
                     type_name(x->type), type_name(t));
}

static float
from_bits(uint32_t bits)
{
    float v;

    memcpy(&v, &bits, sizeof v);
    return v;
}

/* IEEE 754 binary16: a sign, 5 bits of exponent, 10 of fraction. */
static float
half(uint16_t h)
{
    const uint32_t sign = (uint32_t)(h & 0x8000) << 16;
    const uint32_t exponent = (h >> 10) & 0x1f, fraction = h & 0x3ffU;

    if (exponent == 31)
        return from_bits(sign | 0x7f800000 | fraction << 13);
    if (exponent > 0)
        return from_bits(sign | (exponent + 112) << 23 | fraction << 13);
    return copysignf((float)fraction * 0x1p-24f, from_bits(sign | 0x3f800000));
}

static int
add_halves(struct builder *b, const struct element *x, const unsigned char *p,
           size_t n, struct error *e)
{
    float *out = builder_extend(b, n, e);

    for (size_t i = 0; out != NULL && i < n; i++, p += 2) {
        const uint16_t h = (uint16_t)(p[0] | p[1] << 8);

        out[i] = x->npy != NULL ? half(h) : from_bits((uint32_t)h << 16);
    }
    return out != NULL ? 0 : -1;
}

static int
add_short(struct builder *b, const struct element *x, const unsigned char *p,
          size_t n, struct error *e)
{
    int32_t *out = builder_extend(b, n, e);

    for (size_t i = 0; out != NULL && i < n; i++, p += x->bytes) {
        const uint16_t v = (uint16_t)(x->bytes == 1 ? p[0] : p[0] | p[1] << 8);

        out[i] = x->type == TYPE_U32 ? v
                 : x->bytes == 1     ? (int8_t)v
                                     : (int16_t)v;
    }
    return out != NULL ? 0 : -1;
}

static int
add_rounded(struct builder *b, const unsigned char *p, size_t n,
            struct error *e)
{
    float *out = builder_extend(b, n, e);

    if (out == NULL)
        return -1;
    for (size_t i = 0; i < n; i++) {
        double v;

        memcpy(&v, p + i * sizeof v, sizeof v);
        out[i] = (float)v;
        if (isinf(out[i]) && isfinite(v))
            return error_set(e, "%g is out of range for f32", v);
    }
    return 0;
}

int
element_add(struct builder *b, const struct element *x, const unsigned char *p,
            size_t n, struct error *e)
{
    if (b->type != x->type)
        return add_rounded(b, p, n, e);
    if (x->bytes == type_size(x->type))
        return builder_add(b, p, n, e);
    if (x->type == TYPE_F32)
        return add_halves(b, x, p, n, e);
    return add_short(b, x, p, n, e);
}
