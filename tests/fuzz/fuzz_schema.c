/*
 * Any bytes as the text of a head: what reads well is written and reads the
 * same, and what is written of that is the same text.
 */
#include <stdint.h>
#include <string.h>

#include "scratch.h"
#include "stream/schema.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require_same(const struct schema *a, const struct schema *b)
{
    struct error e;

    REQUIRE(schema_same_columns(a, b, &e) && schema_same_metas(a, b, &e));
    REQUIRE(a->metas == b->metas && a->steps == b->steps);
    for (size_t i = 0; i < a->steps; i++)
        REQUIRE(strcmp(a->step[i], b->step[i]) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct schema s, again, copy;
    struct buffer text = { 0 }, same = { 0 };
    struct error e = { "" };

    if (schema_parse(&s, (const char *)data, size, &e) != 0) {
        REQUIRE(e.text[0] != '\0');
        return 0;
    }
    REQUIRE(schema_format(&s, &text, &e) == 0 && text.len <= size);
    REQUIRE(schema_parse(&again, (char *)text.data, text.len, &e) == 0);
    require_same(&s, &again);
    REQUIRE(schema_copy(&copy, &again, &e) == 0);
    REQUIRE(schema_format(&copy, &same, &e) == 0);
    REQUIRE(text.len == same.len &&
            memcmp(text.data, same.data, same.len) == 0);
    schema_free(&s);
    schema_free(&again);
    schema_free(&copy);
    buffer_free(&text);
    buffer_free(&same);
    return 0;
}
