/*
 * Any bytes as a list of columns from a command line: what reads well is
 * written again and reads the same.
 */
#include <stdint.h>
#include <string.h>

#include "scratch.h"
#include "stream/column_list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *list = strndup((const char *)data, size);
    const char *next = list;
    struct listed_column c;
    struct error e = { "" };
    int got;

    REQUIRE(list != NULL);
    while ((got = column_list_next(&next, &c, &e)) > 0) {
        char type[TYPE_TEXT_MAX];
        struct listed_column again;
        struct buffer word = { 0 };
        const char *at;

        column_type_text(&c.type, type);
        REQUIRE(buffer_printf(&word, &e, c.typed ? "%s:%s" : "%s", c.name,
                              type) == 0);
        at = (const char *)word.data;
        REQUIRE(column_list_next(&at, &again, &e) == 1 && *at == '\0');
        REQUIRE(strcmp(c.name, again.name) == 0 && c.typed == again.typed);
        REQUIRE(c.type.type == again.type.type &&
                c.type.shape == again.type.shape &&
                c.type.width == again.type.width);
        buffer_free(&word);
    }
    REQUIRE(got == 0 ? next[strspn(next, " \t\n")] == '\0' : e.text[0] != '\0');
    free(list);
    return 0;
}
