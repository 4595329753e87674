#include "filter/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "filter/cli.h"
#include "filter/must.h"

static void
add(struct names *n, int letter, char *word, bool renames)
{
    char *equals = strchr(word, '=');
    const char *old = word;

    if (equals != NULL && renames) {
        *equals = '\0';
        old = equals + 1;
    }
    if (*word == '\0' || *old == '\0')
        usage_error("--%s: an empty name", cli_option_name(letter));
    if (names_find(n, word) >= 0)
        usage_error("--%s: column '%s' would be there twice",
                    cli_option_name(letter), word);
    n->named[n->n++] = (struct named){ word, old };
}

struct names
names_parse(int letter, const char *value, bool renames)
{
    struct names n = { 0 };
    struct error e;
    size_t most = 1;
    char *next;

    for (const char *p = value; *p != '\0'; p++)
        most += *p == ',';
    n.text = next = must_have(mem_string(value, strlen(value), &e), &e);
    n.named = must_new(most, sizeof *n.named);
    while (next != NULL) {
        char *word = next, *comma = strchr(word, ',');

        if (comma != NULL)
            *comma = '\0';
        next = comma != NULL ? comma + 1 : NULL;
        add(&n, letter, word, renames);
    }
    return n;
}

void
names_free(struct names *n)
{
    free(n->named);
    free(n->text);
}

long
names_find(const struct names *n, const char *name)
{
    for (size_t i = 0; i < n->n; i++)
        if (strcmp(n->named[i].name, name) == 0)
            return (long)i;
    return -1;
}
