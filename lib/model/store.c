#include "model/store.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "stream/table.h"

enum { TENSOR, ROWS, COLS, FIRST, VALUES, COLUMNS };

/* Floats in one row of the stream; a wider tensor row goes in alone. */
#define CHUNK ((size_t)16 * 1024)

int
store_columns(struct schema *s, struct error *e)
{
    return schema_add(s, "tensor", TYPE_STR, SHAPE_SCALAR, 1, e) |
           schema_add(s, "rows", TYPE_U64, SHAPE_SCALAR, 1, e) |
           schema_add(s, "cols", TYPE_U64, SHAPE_SCALAR, 1, e) |
           schema_add(s, "first", TYPE_U64, SHAPE_SCALAR, 1, e) |
           schema_add(s, "values", TYPE_F32, SHAPE_LIST, 0, e);
}

static int
add_chunk(struct table *table, const struct tensor *t, size_t first, size_t n,
          struct error *e)
{
    const uint64_t rows = t->rows, cols = t->cols, at = first;

    table->rows++;
    return builder_add_str(&table->column[TENSOR], t->name, strlen(t->name),
                           e) |
           builder_add(&table->column[ROWS], &rows, 1, e) |
           builder_add(&table->column[COLS], &cols, 1, e) |
           builder_add(&table->column[FIRST], &at, 1, e) |
           builder_add(&table->column[VALUES], t->data + first * t->cols,
                       n * t->cols, e) |
           builder_end_row(&table->column[VALUES], e);
}

int
store_write(const struct tensor *t, size_t n,
            int (*put)(void *ctx, const struct block *b, struct error *e),
            void *ctx, struct error *e)
{
    struct schema s = { 0 };
    struct table table = { 0 };
    struct block b;
    int status = store_columns(&s, e);

    if (status == 0)
        status = table_init(&table, &s, e);
    for (size_t i = 0; i < n && status == 0; i++) {
        const size_t cols = t[i].cols > 0 ? t[i].cols : 1;
        const size_t step = CHUNK > cols ? CHUNK / cols : 1;

        for (size_t at = 0; at < t[i].rows && status == 0; at += step) {
            const size_t left = t[i].rows - at;

            status = add_chunk(&table, &t[i], at, left < step ? left : step, e);
            if (status == 0 && table_is_full(&table)) {
                b = table_block(&table);
                status = put(ctx, &b, e);
                table_clear(&table);
            }
        }
    }
    if (status == 0 && table.rows > 0) {
        b = table_block(&table);
        status = put(ctx, &b, e);
    }
    table_free(&table);
    schema_free(&s);
    return status != 0 ? -1 : 0;
}

/* Row R of B belongs to one of the tensors: copy it there. */
static int
take_chunk(const struct block *b, uint32_t r, const struct tensor *t, size_t n,
           size_t *filled, struct error *e)
{
    const uint32_t *list = b->column[VALUES].list;
    const size_t count = list[r + 1] - list[r];
    const uint64_t *field[COLUMNS];
    size_t len, i = 0;
    const char *name = array_str(&b->column[TENSOR], r, &len);

    for (int c = ROWS; c <= FIRST; c++)
        field[c] = b->column[c].values;
    while (i < n &&
           (strlen(t[i].name) != len || memcmp(t[i].name, name, len) != 0))
        i++;
    if (i == n)
        return error_set(e, "tensor '%.*s' is not part of this model",
                         (int)(len < 80 ? len : 80), name);
    if (field[ROWS][r] != t[i].rows || field[COLS][r] != t[i].cols)
        return error_set(
            e, "tensor '%s' is %" PRIu64 " x %" PRIu64 ", not %zu x %zu",
            t[i].name, field[ROWS][r], field[COLS][r], t[i].rows, t[i].cols);
    /* In order and without a gap, so every number is set exactly once. */
    if (field[FIRST][r] != filled[i] || t[i].cols == 0 ||
        count % t[i].cols != 0 || count / t[i].cols > t[i].rows - filled[i])
        return error_set(e, "tensor '%s' has a piece out of place", t[i].name);
    memcpy(t[i].data + filled[i] * t[i].cols,
           array_f32(&b->column[VALUES]) + list[r], count * sizeof(float));
    filled[i] += count / t[i].cols;
    return 0;
}

int
store_read(struct reader *r, const struct tensor *t, size_t n, struct error *e)
{
    enum reader_result got = READER_ERROR;
    struct schema want = { 0 };
    size_t *filled = mem_new(n, sizeof *filled, e);
    int status = -1;
    struct block b;

    if (filled == NULL || store_columns(&want, e) != 0)
        goto done;
    if (!schema_same_columns(&want, reader_schema(r), e)) {
        error_prefix(e, "not a model");
        goto done;
    }
    while ((got = reader_next(r, &b, e)) == READER_BLOCK)
        for (uint32_t i = 0; i < b.rows; i++)
            if (take_chunk(&b, i, t, n, filled, e) != 0)
                goto done;
    if (got == READER_ERROR)
        goto done;
    for (size_t i = 0; i < n; i++)
        if (filled[i] != t[i].rows) {
            error_set(e, "tensor '%s' is missing or incomplete", t[i].name);
            goto done;
        }
    status = 0;
done:
    free(filled);
    schema_free(&want);
    return status;
}
