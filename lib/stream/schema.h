/*
 * schema.h - what a stream says of itself: columns, metas, steps
 *
 * The text form is the payload of a stream's HEAD frame, readable with head(1):
 *
 *     recmill 1
 *     column user_id str
 *     column embedding f32[32]
 *     column candidates u32[]
 *     meta key item.movie_title.lookup
 *     step rec-from 0.1.0 csv
 *
 * Columns have an order and distinct names; metas have distinct keys and a
 * value that ends with the line; steps tell, oldest first, which filters the
 * data came through.  The schema owns all its strings.
 */
#ifndef STREAM_SCHEMA_H
#define STREAM_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/mem.h"

enum type {
    TYPE_U8,
    TYPE_I32,
    TYPE_U32,
    TYPE_I64,
    TYPE_U64,
    TYPE_F32,
    TYPE_F64,
    TYPE_STR, /* UTF-8 */
};

enum shape {
    SHAPE_SCALAR, /* one value a row */
    SHAPE_VECTOR, /* WIDTH values a row */
    SHAPE_LIST,   /* any number of values a row */
};

/* Nothing larger is written, nor believed when read. */
#define SCHEMA_TEXT_MAX ((size_t)1024 * 1024)
#define SCHEMA_COLUMNS_MAX 1024
#define SCHEMA_WIDTH_MAX 65536
#define SCHEMA_NAME_MAX 255

struct column {
    char *name;
    enum type type;
    enum shape shape;
    uint32_t width; /* values a row; 1 for scalars, 0 for lists */
};

struct meta {
    char *key, *value;
};

/* Start from = { 0 }. */
struct schema {
    struct column *column;
    size_t columns, column_cap;
    struct meta *meta;
    size_t metas, meta_cap;
    char **step;
    size_t steps, step_cap;
};

void schema_free(struct schema *s);
int schema_copy(struct schema *to, const struct schema *from, struct error *e);
/* The same without columns, and without the metas whose key begins with WITHOUT
 * (NULL: all stay). */
int schema_copy_head(struct schema *to, const struct schema *from,
                     const char *without, struct error *e);

/* Append a column.  Refused: a name that is taken, empty, too long, or has a
 * blank or control character in it. */
int schema_add(struct schema *s, const char *name, enum type type,
               enum shape shape, uint32_t width, struct error *e);
/* The same column under the name it has there. */
int schema_add_column(struct schema *s, const struct column *c,
                      struct error *e);
/* Take out the column at INDEX. */
void schema_remove(struct schema *s, size_t index);
/* The column's index, or -1. */
long schema_find(const struct schema *s, const char *name);

/* The value of KEY, NULL when there is none. */
const char *schema_meta(const struct schema *s, const char *key);
/* Set or replace it.  A key has no blank, a value no newline. */
int schema_set_meta(struct schema *s, const char *key, const char *value,
                    struct error *e);
/* Append "rec-knn 0.1.0 --count 100". */
int schema_add_step(struct schema *s, const char *step, struct error *e);
/* The filter named in the last step, in OUT; "its writer" when there is none.
 */
void schema_producer(const struct schema *s, char *out, size_t size);

int schema_format(const struct schema *s, struct buffer *out, struct error *e);
/* TEXT need not end with a NUL and is not trusted. */
int schema_parse(struct schema *s, const char *text, size_t len,
                 struct error *e);

/* Same columns in the same order?  If not, E says what differs first. */
bool schema_same_columns(const struct schema *a, const struct schema *b,
                         struct error *e);

/* Has every meta that both have the same value?  If not, E says which differs
 * first. */
bool schema_same_metas(const struct schema *a, const struct schema *b,
                       struct error *e);

/* Bytes of one value; 0 for TYPE_STR. */
size_t type_size(enum type t);
const char *type_name(enum type t);

#define TYPE_TEXT_MAX 24
/* "f32[32]" in OUT, and back: false when TEXT is none. */
void column_type_text(const struct column *c, char out[TYPE_TEXT_MAX]);
bool column_type_parse(const char *text, size_t len, struct column *c);

#endif
