/*
 * block.h - some rows of a stream, column by column
 *
 * A payload holds, for each column in the order of the schema and each padded
 * with zeros to 8 bytes:
 *
 *     lists     u32 [rows + 1]    row r has values [r] to [r + 1] - 1
 *     strings   u32 [values + 1]  value v is bytes [v] to [v + 1] - 1
 *     all       the values; for strings their bytes
 *
 * Offsets start at 0 and never fall.  A block is a view: its arrays point into
 * a reader, a table or memory of the caller's, and it never owns them.
 */
#ifndef STREAM_BLOCK_H
#define STREAM_BLOCK_H

#include "base/mem.h"
#include "stream/frame.h"
#include "stream/schema.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "blocks are used in place, so the host must be little-endian"
#endif

/* What is new gets this many rows a block, or fewer when a block would be
 * larger than BLOCK_BYTES. */
#define BLOCK_ROWS 4096
#define BLOCK_BYTES ((size_t)1 << 20)

struct array {
    const uint32_t *list; /* [rows + 1] for lists, else NULL */
    const uint32_t *str;  /* [count + 1] for strings, else NULL */
    const void *values;   /* [count], aligned to 8 bytes; the strings' bytes */
    size_t count;         /* of values in all rows */
};

struct block {
    uint32_t rows;
    size_t columns;
    struct array *column; /* [columns] */
};

/* Bytes of C's part of a payload. */
size_t array_bytes(const struct column *c, const struct array *a,
                   uint32_t rows);

/* Append the payload to OUT, whose length must be a multiple of 8. */
int block_encode(const struct schema *s, const struct block *b,
                 struct buffer *out, struct error *e);

/*
 * Point B's arrays, of which there are as many as S has columns, into the
 * payload at P, which must be aligned to 8 bytes.  Every offset is checked, and
 * LEN must be exactly what the rows need.
 */
int block_decode(const struct schema *s, uint32_t rows, const unsigned char *p,
                 size_t len, struct block *b, struct error *e);

/* The values of a column of the type that the function names. */
static inline const uint8_t *
array_u8(const struct array *a)
{
    return a->values;
}

static inline const uint32_t *
array_u32(const struct array *a)
{
    return a->values;
}

static inline const int64_t *
array_i64(const struct array *a)
{
    return a->values;
}

static inline const float *
array_f32(const struct array *a)
{
    return a->values;
}

/* String number V of a column of strings, not ended by a NUL. */
static inline const char *
array_str(const struct array *a, size_t v, size_t *len)
{
    *len = a->str[v + 1] - a->str[v];
    return (const char *)a->values + a->str[v];
}

/* Value number V of a column of numbers of any type. */
static inline double
array_number(const struct array *a, enum type t, size_t v)
{
    switch (t) {
    case TYPE_U8: return ((const uint8_t *)a->values)[v];
    case TYPE_I32: return ((const int32_t *)a->values)[v];
    case TYPE_U32: return ((const uint32_t *)a->values)[v];
    case TYPE_I64: return (double)((const int64_t *)a->values)[v];
    case TYPE_U64: return (double)((const uint64_t *)a->values)[v];
    case TYPE_F32: return (double)((const float *)a->values)[v];
    case TYPE_F64: return ((const double *)a->values)[v];
    case TYPE_STR: break;
    }
    return 0.0;
}

#endif
