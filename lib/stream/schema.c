#include "stream/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"

#define FIRST_LINE "recmill 1"

static const struct {
    const char *name;
    size_t size;
} types[] = {
    [TYPE_U8] = { "u8", 1 },   [TYPE_I32] = { "i32", 4 },
    [TYPE_U32] = { "u32", 4 }, [TYPE_I64] = { "i64", 8 },
    [TYPE_U64] = { "u64", 8 }, [TYPE_F32] = { "f32", 4 },
    [TYPE_F64] = { "f64", 8 }, [TYPE_STR] = { "str", 0 },
};

size_t
type_size(enum type t)
{
    return types[t].size;
}

const char *
type_name(enum type t)
{
    return types[t].name;
}

void
column_type_text(const struct column *c, char out[TYPE_TEXT_MAX])
{
    const char *name = types[c->type].name;

    if (c->shape == SHAPE_SCALAR)
        snprintf(out, TYPE_TEXT_MAX, "%s", name);
    else if (c->shape == SHAPE_LIST)
        snprintf(out, TYPE_TEXT_MAX, "%s[]", name);
    else
        snprintf(out, TYPE_TEXT_MAX, "%s[%u]", name, (unsigned)c->width);
}

bool
column_type_parse(const char *text, size_t len, struct column *c)
{
    const char *bracket = memchr(text, '[', len);
    const size_t name = bracket != NULL ? (size_t)(bracket - text) : len;
    uint64_t width;
    size_t t = 0;

    while (strlen(types[t].name) != name ||
           memcmp(types[t].name, text, name) != 0)
        if (++t == sizeof types / sizeof *types)
            return false;
    c->type = (enum type)t;
    c->shape = SHAPE_SCALAR;
    c->width = 1;
    if (bracket == NULL)
        return true;
    if (text[len - 1] != ']')
        return false;
    if (len - name == 2) {
        c->shape = SHAPE_LIST;
        c->width = 0;
        return true;
    }
    if (!number_u64(bracket + 1, len - name - 2, &width) || width < 1 ||
        width > SCHEMA_WIDTH_MAX || bracket[1] == '0')
        return false;
    c->shape = SHAPE_VECTOR;
    c->width = (uint32_t)width;
    return true;
}

void
schema_free(struct schema *s)
{
    for (size_t i = 0; i < s->columns; i++)
        free(s->column[i].name);
    for (size_t i = 0; i < s->metas; i++) {
        free(s->meta[i].key);
        free(s->meta[i].value);
    }
    for (size_t i = 0; i < s->steps; i++)
        free(s->step[i]);
    free(s->column);
    free(s->meta);
    free(s->step);
    *s = (struct schema){ 0 };
}

int
schema_copy_head(struct schema *to, const struct schema *from,
                 const char *without, struct error *e)
{
    const size_t len = without != NULL ? strlen(without) : 0;

    *to = (struct schema){ 0 };
    for (size_t i = 0; i < from->metas; i++) {
        const struct meta *m = &from->meta[i];

        if ((without == NULL || strncmp(m->key, without, len) != 0) &&
            schema_set_meta(to, m->key, m->value, e) != 0)
            goto fail;
    }
    for (size_t i = 0; i < from->steps; i++)
        if (schema_add_step(to, from->step[i], e) != 0)
            goto fail;
    return 0;
fail:
    schema_free(to);
    return -1;
}

int
schema_copy(struct schema *to, const struct schema *from, struct error *e)
{
    if (schema_copy_head(to, from, NULL, e) != 0)
        return -1;
    for (size_t i = 0; i < from->columns; i++)
        if (schema_add_column(to, &from->column[i], e) != 0) {
            schema_free(to);
            return -1;
        }
    return 0;
}

static bool
is_word(const char *s)
{
    for (; *s != '\0'; s++)
        if ((unsigned char)*s <= ' ' || *s == 127)
            return false;
    return true;
}

int
schema_add(struct schema *s, const char *name, enum type type, enum shape shape,
           uint32_t width, struct error *e)
{
    struct column *c;

    if (*name == '\0' || strlen(name) > SCHEMA_NAME_MAX || !is_word(name))
        return error_set(e,
                         "'%.80s' is no name for a column: it must be "
                         "1 to %d bytes without blanks",
                         name, SCHEMA_NAME_MAX);
    if (schema_find(s, name) >= 0)
        return error_set(e, "there are two columns '%s'", name);
    if (s->columns == SCHEMA_COLUMNS_MAX)
        return error_set(e, "more than %d columns", SCHEMA_COLUMNS_MAX);
    c = mem_grow(s->column, &s->column_cap, s->columns + 1, sizeof *c, e);
    if (c == NULL)
        return -1;
    s->column = c;
    c += s->columns;
    c->name = mem_string(name, strlen(name), e);
    if (c->name == NULL)
        return -1;
    c->type = type;
    c->shape = shape;
    c->width = shape == SHAPE_VECTOR ? width : shape == SHAPE_SCALAR;
    s->columns++;
    return 0;
}

int
schema_add_column(struct schema *s, const struct column *c, struct error *e)
{
    return schema_add(s, c->name, c->type, c->shape, c->width, e);
}

void
schema_remove(struct schema *s, size_t index)
{
    free(s->column[index].name);
    s->columns--;
    memmove(&s->column[index], &s->column[index + 1],
            (s->columns - index) * sizeof *s->column);
}

long
schema_find(const struct schema *s, const char *name)
{
    for (size_t i = 0; i < s->columns; i++)
        if (strcmp(s->column[i].name, name) == 0)
            return (long)i;
    return -1;
}

static struct meta *
find_meta(const struct schema *s, const char *key)
{
    for (size_t i = 0; i < s->metas; i++)
        if (strcmp(s->meta[i].key, key) == 0)
            return &s->meta[i];
    return NULL;
}

const char *
schema_meta(const struct schema *s, const char *key)
{
    const struct meta *m = find_meta(s, key);

    return m != NULL ? m->value : NULL;
}

int
schema_set_meta(struct schema *s, const char *key, const char *value,
                struct error *e)
{
    struct meta *m = find_meta(s, key);
    char *copy;

    if (*key == '\0' || !is_word(key) || strchr(value, '\n') != NULL)
        return error_set(e, "meta '%.80s' cannot be written in one line", key);
    copy = mem_string(value, strlen(value), e);
    if (copy == NULL)
        return -1;
    if (m != NULL) {
        free(m->value);
        m->value = copy;
        return 0;
    }
    m = mem_grow(s->meta, &s->meta_cap, s->metas + 1, sizeof *m, e);
    if (m != NULL) {
        s->meta = m;
        m += s->metas;
        m->value = copy;
        m->key = mem_string(key, strlen(key), e);
        if (m->key != NULL) {
            s->metas++;
            return 0;
        }
    }
    free(copy);
    return -1;
}

int
schema_add_step(struct schema *s, const char *step, struct error *e)
{
    char **p;

    if (strchr(step, '\n') != NULL)
        return error_set(e, "a step cannot be written in one line");
    p = mem_grow(s->step, &s->step_cap, s->steps + 1, sizeof *p, e);
    if (p == NULL)
        return -1;
    s->step = p;
    p += s->steps;
    *p = mem_string(step, strlen(step), e);
    if (*p == NULL)
        return -1;
    s->steps++;
    return 0;
}

void
schema_producer(const struct schema *s, char *out, size_t size)
{
    const char *step = s->steps > 0 ? s->step[s->steps - 1] : NULL;

    if (step == NULL)
        snprintf(out, size, "its writer");
    else
        snprintf(out, size, "%.*s", (int)strcspn(step, " "), step);
}

int
schema_format(const struct schema *s, struct buffer *out, struct error *e)
{
    int status = buffer_printf(out, e, "%s\n", FIRST_LINE);

    for (size_t i = 0; i < s->columns && status == 0; i++) {
        char type[TYPE_TEXT_MAX];

        column_type_text(&s->column[i], type);
        status =
            buffer_printf(out, e, "column %s %s\n", s->column[i].name, type);
    }
    for (size_t i = 0; i < s->metas && status == 0; i++)
        status = buffer_printf(out, e, "meta %s %s\n", s->meta[i].key,
                               s->meta[i].value);
    for (size_t i = 0; i < s->steps && status == 0; i++)
        status = buffer_printf(out, e, "step %s\n", s->step[i]);
    if (status == 0 && out->len > SCHEMA_TEXT_MAX)
        status = error_set(e, "the head of the stream would be too long");
    return status;
}

/* LINE is one line, ended by a NUL, and may be written to. */
static int
parse_line(struct schema *s, char *line, struct error *e)
{
    char *word = strchr(line, ' '), *rest;
    struct column c;

    if (word == NULL)
        return error_set(e, "'%.40s' in the head has no value", line);
    *word++ = '\0';
    if (strcmp(line, "step") == 0)
        return schema_add_step(s, word, e);
    rest = strchr(word, ' ');
    if (rest == NULL)
        return error_set(e, "'%.40s' in the head has no value", word);
    *rest++ = '\0';
    if (strcmp(line, "meta") == 0)
        return schema_set_meta(s, word, rest, e);
    if (strcmp(line, "column") != 0)
        return error_set(e,
                         "the head has a line '%.40s', which this version "
                         "does not know",
                         line);
    if (!column_type_parse(rest, strlen(rest), &c))
        return error_set(e, "column '%.80s' has no type: '%.40s'", word, rest);
    return schema_add(s, word, c.type, c.shape, c.width, e);
}

int
schema_parse(struct schema *s, const char *text, size_t len, struct error *e)
{
    char *copy, *line, *end;
    int status = -1;

    *s = (struct schema){ 0 };
    if (len == 0 || text[len - 1] != '\n' || memchr(text, '\0', len) != NULL)
        return error_set(e, "the head is not text");
    copy = mem_string(text, len, e);
    if (copy == NULL)
        return -1;
    end = strchr(copy, '\n');
    *end = '\0';
    if (strcmp(copy, FIRST_LINE) != 0) {
        error_set(e, "the head begins '%.40s', not '%s': another version?",
                  copy, FIRST_LINE);
        goto done;
    }
    for (line = end + 1; *line != '\0'; line = end + 1) {
        end = strchr(line, '\n');
        *end = '\0';
        if (parse_line(s, line, e) != 0)
            goto done;
    }
    status = 0;
done:
    free(copy);
    if (status != 0)
        schema_free(s);
    return status;
}

bool
schema_same_columns(const struct schema *a, const struct schema *b,
                    struct error *e)
{
    if (a->columns != b->columns) {
        error_set(e, "%zu columns, not %zu", b->columns, a->columns);
        return false;
    }
    for (size_t i = 0; i < a->columns; i++) {
        const struct column *x = &a->column[i], *y = &b->column[i];
        char xt[TYPE_TEXT_MAX], yt[TYPE_TEXT_MAX];

        column_type_text(x, xt);
        column_type_text(y, yt);
        if (strcmp(x->name, y->name) != 0 || strcmp(xt, yt) != 0) {
            error_set(e, "column %zu is '%s %s', not '%s %s'", i + 1, y->name,
                      yt, x->name, xt);
            return false;
        }
    }
    return true;
}

bool
schema_same_metas(const struct schema *a, const struct schema *b,
                  struct error *e)
{
    for (size_t i = 0; i < a->metas; i++) {
        const char *other = schema_meta(b, a->meta[i].key);

        if (other != NULL && strcmp(other, a->meta[i].value) != 0) {
            error_set(e, "meta %.40s is '%.80s', not '%.80s'", a->meta[i].key,
                      other, a->meta[i].value);
            return false;
        }
    }
    return true;
}
