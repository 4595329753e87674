/*
 * Any rows as a vocabulary: what reads well has a key for each id it gave, and
 * its rows, written again, read the same.
 *
 * An input is a feature file, an empty line, and lines of
 *
 *     FEATURE TAB ID TAB KEY TAB VALUE
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "features/vocabulary.h"
#include "scratch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct field {
    const char *at;
    size_t len;
};

/* The next field of a line that ends at END, empty behind its last one. */
static struct field
next_field(const char **p, const char *end)
{
    const char *tab = memchr(*p, '\t', (size_t)(end - *p));
    const char *stop = tab != NULL ? tab : end;
    const struct field f = { *p, (size_t)(stop - *p) };

    *p = tab != NULL ? tab + 1 : end;
    return f;
}

static void
add_line(struct table *t, const char *line, const char *end)
{
    const struct field name = next_field(&line, end);
    const struct field id = next_field(&line, end);
    const struct field key = next_field(&line, end);
    const struct field value = next_field(&line, end);
    struct vocabulary_row row = { .key = key.at, .len = key.len };
    char *copy = strndup(name.at, name.len);
    uint64_t n = 0;
    struct error e;

    REQUIRE(copy != NULL);
    (void)number_u64(id.at, id.len, &n);
    (void)number_f64(value.at, value.len, &row.value);
    row.id = (uint32_t)n;
    REQUIRE(vocabulary_put(t, copy, &row, &e) == 0);
    free(copy);
}

/* All of T's rows; NULL when they are refused. */
static struct vocabulary *
read_rows(const struct schema *head, struct table *t)
{
    struct error e = { "" };
    struct vocabulary *v = vocabulary_new(head, &e);
    const struct block b = table_block(t);
    uint32_t bad = 0;

    REQUIRE(v != NULL || e.text[0] != '\0');
    if (v == NULL)
        return NULL;
    if (vocabulary_add(v, &b, &bad, &e) == 0 && vocabulary_finish(v, &e) == 0)
        return v;
    REQUIRE(e.text[0] != '\0' && bad <= b.rows);
    vocabulary_free(v);
    return NULL;
}

static void
write_feature(const struct vocabulary *v, size_t f, struct table *t)
{
    const struct feature *is = &v->spec.feature[f];
    const struct learned *l = &v->learned[f];
    const bool keys = l->keys != NULL && is->of[0] == '\0';
    const size_t n = keys           ? intern_count(l->keys)
                     : l->edges > 0 ? l->edges
                                    : l->moments;
    struct error e;

    for (size_t i = 0; i < n; i++) {
        struct vocabulary_row row = {
            .id = (uint32_t)i + (keys ? l->first_id : 0),
            .key = "",
            .value = l->edges > 0 ? (double)l->edge[i]
                     : i == 0     ? l->mean
                                  : l->variance,
        };

        if (keys)
            row.key = vocabulary_key(v, f, row.id, &row.len);
        REQUIRE(row.key != NULL);
        REQUIRE(vocabulary_put(t, is->name, &row, &e) == 0);
    }
}

static void
check_round_trip(const struct schema *head, const struct vocabulary *v)
{
    struct vocabulary *again;
    struct table t;
    struct error e;

    REQUIRE(table_init(&t, head, &e) == 0);
    for (size_t i = 0; i < v->spec.features; i++)
        write_feature(v, i, &t);
    again = read_rows(head, &t);
    REQUIRE(again != NULL);
    for (size_t i = 0; i < v->spec.features; i++) {
        const struct learned *a = &v->learned[i], *b = &again->learned[i];

        REQUIRE(v->spec.feature[i].size == again->spec.feature[i].size);
        REQUIRE(a->edges == b->edges && a->moments == b->moments);
        REQUIRE(a->edges == 0 ||
                memcmp(a->edge, b->edge, a->edges * sizeof *a->edge) == 0);
    }
    vocabulary_free(again);
    table_free(&t);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data, *end = text + size;
    const char *rows = text;
    struct schema head = { 0 };
    struct vocabulary *v;
    struct spec spec;
    struct table t;
    struct error e;

    while (rows < end &&
           !(rows[0] == '\n' && rows + 1 < end && rows[1] == '\n'))
        rows++;
    if (spec_parse(&spec, text, (size_t)(rows - text), &e) != 0)
        return 0;
    REQUIRE(vocabulary_schema(&head, &spec, &e) == 0);
    REQUIRE(table_init(&t, &head, &e) == 0);
    for (rows += rows < end ? 2 : 0; rows < end;) {
        const char *newline = memchr(rows, '\n', (size_t)(end - rows));

        add_line(&t, rows, newline != NULL ? newline : end);
        rows = newline != NULL ? newline + 1 : end;
    }
    v = read_rows(&head, &t);
    if (v != NULL)
        check_round_trip(&head, v);
    vocabulary_free(v);
    table_free(&t);
    schema_free(&head);
    spec_free(&spec);
    return 0;
}
