/*
 * table.h - rows that are being made
 *
 * A builder is one column that grows, a table one builder for each column of a
 * schema.  Tables collect what becomes a block (rec-from, rec-where) and hold
 * what has to be held (rec-join's table, rec-knn's items).
 *
 * Filling a row: add values to every column, builder_end_row() for lists.
 */
#ifndef STREAM_TABLE_H
#define STREAM_TABLE_H

#include "stream/block.h"

struct builder {
    enum type type;
    enum shape shape;
    struct buffer list, str, values; /* as in struct array */
    size_t count;                    /* values so far */
};

/* Empty, for the values of C.  Memory is kept by builder_clear(). */
int builder_init(struct builder *b, const struct column *c, struct error *e);
void builder_clear(struct builder *b);
void builder_free(struct builder *b);

/* N numbers of the column's type. */
int builder_add(struct builder *b, const void *values, size_t n,
                struct error *e);
/* Room for them instead, which is the caller's to fill; NULL on failure. */
void *builder_extend(struct builder *b, size_t n, struct error *e);
int builder_add_str(struct builder *b, const char *s, size_t len,
                    struct error *e);
/* The values since the last call are one list. */
int builder_end_row(struct builder *b, struct error *e);
/* The values added last are ROWS lists: list r has LIST[r] to LIST[r + 1] - 1
 * of them, LIST[0] being 0. */
int builder_end_rows(struct builder *b, const uint32_t *list, size_t rows,
                     struct error *e);

/* Append rows [ROW[0]], ... [ROW[N - 1]] of A, a column described by C. */
int builder_gather(struct builder *b, const struct column *c,
                   const struct array *a, const uint32_t *row, size_t n,
                   struct error *e);

/* What is there, as a column of a block; good until the builder changes. */
struct array builder_array(const struct builder *b);

struct table {
    struct builder *column; /* [columns] */
    struct array *array;    /* [columns], what table_block() shows */
    size_t columns;
    uint64_t rows; /* the caller's to count, unless table_gather() adds them */
};

int table_init(struct table *t, const struct schema *s, struct error *e);
void table_free(struct table *t);
void table_clear(struct table *t);

/* Append N rows of B, a block of schema S; ROW as in builder_gather(). */
int table_gather(struct table *t, const struct schema *s, const struct block *b,
                 const uint32_t *row, size_t n, struct error *e);

/* All rows as one block.  A view. */
struct block table_block(struct table *t);

/* Bytes held, and whether they make a block: BLOCK_ROWS or BLOCK_BYTES. */
size_t table_bytes(const struct table *t);
bool table_is_full(const struct table *t);

#endif
