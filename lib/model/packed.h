/*
 * packed.h - one column of a training set, in memory or in a file
 *
 * A column has a value a row, or a list of values with an offset a row, and
 * grows by runs of rows.  Spilled (base/pile.h), it is in memory only as far as
 * packed_load() last read it: so many rows cost no memory, but for those that
 * are worked on.
 */
#ifndef MODEL_PACKED_H
#define MODEL_PACKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/pile.h"
#include "model/pieces.h"
#include "model/scratch.h"

struct packed {
    size_t width; /* bytes of a value */
    bool list;
    size_t rows, values;
    struct pile value, offset; /* OFFSET [rows + 1] of lists */
    unsigned char *part;       /* what was loaded */
    size_t part_cap;
    struct ids part_offset;
};

/* packed_free() is good for what failed, and for = { 0 }. */
int packed_init(struct packed *p, size_t width, bool list, struct error *e);
void packed_free(struct packed *p);

/* N rows more: of values VALUE[0 .. n - 1], or with lists VALUE[offset[r]] up
 * to VALUE[offset[r + 1] - 1] for each row. */
int packed_append(struct packed *p, const void *value, const uint32_t *offset,
                  size_t n, struct error *e);

/* Bytes of all rows. */
size_t packed_bytes(const struct packed *p);

int packed_spill(struct packed *p, struct error *e);
/* No more is appended, and of what spilled no row is in memory yet. */
int packed_end(struct packed *p, struct error *e);

/* Of a spilled column that has ended: read the rows of RANGE[0 .. n - 1], which
 * then are one behind the other from row 0 on. */
int packed_load(struct packed *p, const struct range *range, size_t n,
                struct error *e);

/* All rows that are in memory; good until the next load. */
const void *packed_values(const struct packed *p);
const uint32_t *packed_offsets(const struct packed *p); /* NULL without lists */

#endif
