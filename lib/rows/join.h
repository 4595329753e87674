/*
 * join.h - a table that is looked up in by key
 *
 * Memory: the table's columns as they are in a stream, and for each row its key
 * once more with 24 bytes (see intern.h).
 */
#ifndef ROWS_JOIN_H
#define ROWS_JOIN_H

#include "stream/table.h"

#define JOIN_NONE UINT32_MAX

struct join; /* opaque */

/* Look up in the rows of T, whose columns are S's, by column KEY.  Both are
 * taken over, on failure too.  Refused: a key that is there twice. */
struct join *join_new(struct table *t, struct schema *s, size_t key,
                      struct error *e);
void join_free(struct join *j); /* NULL is fine */

/* Append all columns but the key to S.  Refused: a name that is taken. */
int join_add_columns(const struct join *j, struct schema *s, struct error *e);

/* Can C's values be found here?  str in str, integers in integers. */
int join_check(const struct join *j, const struct column *c, struct error *e);

/* The table's row with the key that row ROW of A, of type T, has; JOIN_NONE
 * when there is none. */
uint32_t join_find(const struct join *j, const struct array *a, enum type t,
                   uint32_t row);

/* Rows ROW[0], ... ROW[N - 1] of all columns but the key, in OUT, one for each
 * of join_add_columns().  Good until the next call. */
int join_rows(struct join *j, const uint32_t *row, size_t n, struct array *out,
              struct error *e);

#endif
