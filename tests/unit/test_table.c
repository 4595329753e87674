/*
 * Rows gathered in bulk are those that would have been added value by value;
 * hashes are those of the definition, byte by byte.
 */
#include <stdint.h>
#include <string.h>

#include "base/hash.h"
#include "base/rng.h"
#include "check.h"
#include "stream/table.h"

/* FNV-1a over words of 8 bytes, as hash.h has it, without a trick. */
static uint64_t
naive_hash(const unsigned char *p, size_t len, uint64_t seed)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325) ^ seed, word = 0;

    for (size_t i = 0; i < len; i++) {
        word |= (uint64_t)p[i] << (8 * (i % 8));
        if (i % 8 != 7)
            continue;
        h = (h ^ word) * UINT64_C(0x100000001b3);
        h ^= h >> 29;
        word = 0;
    }
    h = (h ^ word) * UINT64_C(0x100000001b3);
    return hash_u64(h ^ (uint64_t)len);
}

static void
check_hash(void)
{
    struct rng rng = rng_for(1, 1, 0);
    unsigned char key[40];

    for (int i = 0; i < 20000; i++) {
        const size_t len = rng_below(&rng, sizeof key + 1);
        const uint64_t seed = rng_below(&rng, 3);

        for (size_t k = 0; k < len; k++)
            key[k] = (unsigned char)rng_below(&rng, 256);
        CHECK(hash_bytes(key, len, seed) == naive_hash(key, len, seed),
              "another hash of %zu bytes", len);
    }
}

/* Value V of A appended to B by itself. */
static void
add_value(struct builder *b, const struct array *a, size_t v)
{
    struct error e;
    size_t len;
    int status;

    if (b->type == TYPE_STR) {
        const char *s = array_str(a, v, &len);

        status = builder_add_str(b, s, len, &e);
    } else {
        len = type_size(b->type);
        status = builder_add(b, (const char *)a->values + v * len, 1, &e);
    }
    CHECK(status == 0, "%s", e.text);
}

static void
add_row(struct builder *b, const struct column *c, const struct array *a,
        uint32_t row)
{
    const bool list = c->shape == SHAPE_LIST;
    const size_t from = list ? a->list[row] : (size_t)row * c->width;
    const size_t to = list ? a->list[row + 1] : from + c->width;
    struct error e;

    for (size_t v = from; v < to; v++)
        add_value(b, a, v);
    if (list)
        CHECK(builder_end_row(b, &e) == 0, "%s", e.text);
}

/* ROWS rows of random values. */
static struct builder
random_column(struct rng *rng, const struct column *c, size_t rows)
{
    struct builder b;
    struct error e;

    CHECK(builder_init(&b, c, &e) == 0, "%s", e.text);
    for (size_t r = 0; r < rows; r++) {
        const size_t n =
            c->shape == SHAPE_LIST ? rng_below(rng, 4) : (size_t)c->width;

        for (size_t i = 0; i < n; i++) {
            const uint64_t v = rng_u64(rng);
            const struct array one = {
                .values = &v, .str = (uint32_t[]){ 0, (uint32_t)(v % 9) }
            };

            add_value(&b, &one, 0);
        }
        if (c->shape == SHAPE_LIST)
            CHECK(builder_end_row(&b, &e) == 0, "%s", e.text);
    }
    return b;
}

static void
check_same(const struct column *c, const struct builder *a,
           const struct builder *b)
{
    const struct buffer *x[] = { &a->list, &a->str, &a->values };
    const struct buffer *y[] = { &b->list, &b->str, &b->values };
    bool same = a->count == b->count;

    for (int i = 0; i < 3; i++)
        same =
            same && x[i]->len == y[i]->len &&
            (x[i]->len == 0 || memcmp(x[i]->data, y[i]->data, x[i]->len) == 0);
    CHECK(same, "gathered %s is another", c->name);
}

static void
check_gather(struct rng *rng, const struct column *c)
{
    enum { ROWS = 50, PICKED = 40 };
    struct builder from = random_column(rng, c, ROWS), bulk, naive;
    const struct array a = builder_array(&from);
    uint32_t row[PICKED];
    struct error e;

    CHECK(builder_init(&bulk, c, &e) == 0 && builder_init(&naive, c, &e) == 0,
          "%s", e.text);
    for (int times = 0; times < 2; times++) {
        for (size_t i = 0; i < PICKED; i++) {
            row[i] = i > 0 && row[i - 1] + 1 < ROWS && rng_below(rng, 3) > 0
                         ? row[i - 1] + 1
                         : (uint32_t)rng_below(rng, ROWS);
            add_row(&naive, c, &a, row[i]);
        }
        CHECK(builder_gather(&bulk, c, &a, row, PICKED, &e) == 0, "%s", e.text);
    }
    check_same(c, &bulk, &naive);
    builder_free(&from);
    builder_free(&bulk);
    builder_free(&naive);
}

int
main(void)
{
    static const char *const types[] = { "u8",    "i32",    "i64",   "f32",
                                         "str",   "f64[3]", "u8[5]", "str[2]",
                                         "u32[]", "f64[]",  "str[]" };
    struct rng rng = rng_for(1, 2, 0);

    check_hash();
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        char name[] = "column";
        struct column c = { .name = name };

        CHECK(column_type_parse(types[i], strlen(types[i]), &c), "%s",
              types[i]);
        for (int round = 0; round < 50; round++)
            check_gather(&rng, &c);
    }
    return check_status();
}
