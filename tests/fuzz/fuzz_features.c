/*
 * Any bytes as a feature file: what reads well is written as lines and as metas
 * of a head, and both read the same.
 */
#include <stdint.h>
#include <string.h>

#include "features/spec.h"
#include "scratch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require_same(const struct spec *a, const struct spec *b)
{
    REQUIRE(a->features == b->features);
    for (size_t i = 0; i < a->features; i++) {
        char x[FEATURE_LINE_MAX], y[FEATURE_LINE_MAX];

        feature_format(&a->feature[i], x);
        feature_format(&b->feature[i], y);
        REQUIRE(strcmp(x, y) == 0);
        REQUIRE(strcmp(a->feature[i].name, b->feature[i].name) == 0);
        REQUIRE(a->feature[i].key == b->feature[i].key);
    }
}

static void
check_lines(const struct spec *s)
{
    struct buffer text = { 0 };
    struct spec again;
    struct error e;

    for (size_t i = 0; i < s->features; i++) {
        char line[FEATURE_LINE_MAX];

        feature_format(&s->feature[i], line);
        REQUIRE(buffer_printf(&text, &e, "%s\n", line) == 0);
    }
    REQUIRE(spec_parse(&again, (char *)text.data, text.len, &e) == 0);
    require_same(s, &again);
    spec_free(&again);
    buffer_free(&text);
}

static void
check_metas(const struct spec *s)
{
    struct schema head = { 0 };
    struct spec again;
    struct error e;

    for (size_t i = 0; i < s->features; i++) {
        /* A value is one line of a head. */
        REQUIRE(spec_add_meta(&head, &s->feature[i], &e) == 0);
        REQUIRE(feature_add_column(&head, &s->feature[i], &e) == 0);
    }
    REQUIRE(spec_from_metas(&again, &head, &e) == 0);
    require_same(s, &again);
    spec_free(&again);
    schema_free(&head);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error e = { "" };
    struct spec s;

    if (spec_parse(&s, (const char *)data, size, &e) != 0) {
        REQUIRE(e.text[0] != '\0' && s.features == 0 && s.feature == NULL);
        return 0;
    }
    check_lines(&s);
    check_metas(&s);
    spec_free(&s);
    return 0;
}
