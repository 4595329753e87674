#include "stream/column_list.h"

#include <string.h>

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

int
column_list_next(const char **list, struct listed_column *s, struct error *e)
{
    const char *p = *list, *colon = NULL;
    size_t len = 0, name;

    while (is_blank(*p))
        p++;
    if (*p == '\0')
        return 0;
    for (; p[len] != '\0' && !is_blank(p[len]); len++)
        if (p[len] == ':')
            colon = p + len;
    *list = p + len;
    name = colon != NULL ? (size_t)(colon - p) : len;
    if (name == 0 || name > SCHEMA_NAME_MAX)
        return error_set(e, "'%.*s' has no name, or too long a one",
                         (int)(len < 80 ? len : 80), p);
    memcpy(s->name, p, name);
    s->name[name] = '\0';
    s->typed = colon != NULL;
    s->type = (struct column){ .type = TYPE_STR, .width = 1 };
    if (s->typed && !column_type_parse(colon + 1, len - name - 1, &s->type))
        return error_set(e,
                         "'%.80s': '%.*s' is no type: expected u8 i32 u32 "
                         "i64 u64 f32 f64 str, [n] or [] behind it",
                         s->name, (int)(len - name - 1), colon + 1);
    return 1;
}
