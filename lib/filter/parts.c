#include "filter/parts.h"

#include <assert.h>
#include <stdlib.h>

#include "filter/must.h"
#include "rows/split.h"

struct parts {
    const struct schema *schema;
    size_t count;
    struct output *out[SPLIT_PARTS_MAX];
    struct table table[SPLIT_PARTS_MAX]; /* the rows that are not yet written */
    uint32_t *row; /* those of a block that go to one part */
    size_t row_room;
};

/* A filter has one set, here: one that dies of it has lost nothing. */
static struct parts only;

struct parts *
parts_open(char *const *name, size_t count, const struct schema *s)
{
    struct parts *p = &only;
    struct error e;

    assert(count <= SPLIT_PARTS_MAX && p->count == 0);
    *p = (struct parts){ .schema = s, .count = count };
    for (size_t i = 0; i < count; i++) {
        p->out[i] = output_open(name[i], s);
        must(table_init(&p->table[i], s, &e), &e);
    }
    return p;
}

/* N rows of B to part I, which is written whenever it has a block together. */
static void
collect(struct parts *p, size_t i, const struct block *b, const uint32_t *row,
        uint32_t n)
{
    struct table *t = &p->table[i];
    struct error e;

    while (n > 0) {
        const uint32_t room = BLOCK_ROWS - (uint32_t)t->rows;
        const uint32_t take = n < room ? n : room;

        must(table_gather(t, p->schema, b, row, take, &e), &e);
        if (table_is_full(t))
            output_put_table(p->out[i], t);
        row += take;
        n -= take;
    }
}

void
parts_put(struct parts *p, const struct block *b, const uint8_t *part)
{
    p->row =
        must_grow(p->row, &p->row_room, (size_t)b->rows + 1, sizeof *p->row);
    for (size_t i = 0; i < p->count; i++) {
        uint32_t n = 0;

        for (uint32_t r = 0; r < b->rows; r++)
            if (part[r] == i)
                p->row[n++] = r;
        collect(p, i, b, p->row, n);
    }
}

void
parts_flush(struct parts *p)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->table[i].rows > 0)
            output_put_table(p->out[i], &p->table[i]);
}

uint64_t
parts_rows(const struct parts *p, size_t i)
{
    return output_rows(p->out[i]);
}

void
parts_close(struct parts *p)
{
    output_close_all(p->out, p->count);
    for (size_t i = 0; i < p->count; i++)
        table_free(&p->table[i]);
    free(p->row);
    *p = (struct parts){ 0 };
}
