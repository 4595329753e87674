#include "formats/safetensors.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/intern.h"
#include "base/json.h"
#include "base/number.h"

void
tensors_free(struct tensors *t)
{
    for (size_t i = 0; i < t->count; i++)
        free(t->tensor[i].name);
    free(t->tensor);
    *t = (struct tensors){ 0 };
}

/* The number that the reader has last. */
static bool
whole(const struct json *j, uint64_t *v)
{
    return number_u64((const char *)j->text.data, j->text.len, v);
}

static int
parse_shape(struct json *j, struct tensor *t, struct error *e)
{
    bool first = true;
    int token, got;

    t->elements = 1;
    if (json_expect(j, '[', e) != 0)
        return -1;
    while ((got = json_more(j, ']', &first, &token, e)) > 0) {
        uint64_t v;

        if (token != JSON_NUMBER || !whole(j, &v))
            return error_set(e, "a shape that is not whole numbers");
        if (v > 0 && t->elements > UINT64_MAX / 16 / v)
            return error_set(e, "a shape beyond all files");
        t->elements *= v;
        if (t->dimensions < 2)
            t->shape[t->dimensions] = v;
        t->dimensions++;
    }
    return got;
}

static int
parse_offsets(struct json *j, struct tensor *t, struct error *e)
{
    if (json_expect(j, '[', e) != 0 || json_expect(j, JSON_NUMBER, e) != 0)
        return -1;
    if (!whole(j, &t->begin))
        return error_set(e, "offsets that are not whole numbers");
    if (json_expect(j, ',', e) != 0 || json_expect(j, JSON_NUMBER, e) != 0)
        return -1;
    if (!whole(j, &t->end) || t->end < t->begin)
        return error_set(e, "offsets that are not whole numbers, going up");
    return json_expect(j, ']', e);
}

/* One of the members of a tensor, whose name the reader has; a bit for it in
 * *HAS. */
static int
parse_member(struct json *j, struct tensor *t, unsigned *has, struct error *e)
{
    static const char *const member[] = { "dtype", "shape", "data_offsets" };
    unsigned i = 0;

    while (i < 3 && (j->text.len != strlen(member[i]) ||
                     memcmp(j->text.data, member[i], j->text.len) != 0))
        i++;
    if (i == 3 || (*has & 1U << i) != 0)
        return error_set(e, "members other than dtype, shape and data_offsets");
    *has |= 1U << i;
    if (json_expect(j, ':', e) != 0)
        return -1;
    if (i == 1)
        return parse_shape(j, t, e);
    if (i == 2)
        return parse_offsets(j, t, e);
    if (json_expect(j, JSON_STRING, e) != 0)
        return -1;
    t->element =
        element_of_safetensors((const char *)j->text.data, j->text.len);
    return 0;
}

static int
parse_tensor(struct json *j, struct tensor *t, struct error *e)
{
    bool first = true;
    unsigned has = 0;
    int token, got;

    if (json_expect(j, '{', e) != 0)
        return -1;
    while ((got = json_more(j, '}', &first, &token, e)) > 0)
        if (token != JSON_STRING)
            return error_set(e, "a name is missing");
        else if (parse_member(j, t, &has, e) != 0)
            return -1;
    if (got < 0)
        return -1;
    if (has != 7)
        return error_set(e, "dtype, shape or data_offsets is missing");
    if (t->element != NULL &&
        t->end - t->begin != t->elements * t->element->bytes)
        return error_set(e, "its bytes are not what its shape needs");
    return 0;
}

static int
skip_metadata(struct json *j, struct error *e)
{
    bool first = true;
    int token, got;

    if (json_expect(j, '{', e) != 0)
        return -1;
    while ((got = json_more(j, '}', &first, &token, e)) > 0) {
        if (token != JSON_STRING)
            return error_set(e, "a name is missing");
        if (json_expect(j, ':', e) != 0 || json_expect(j, JSON_STRING, e) != 0)
            return -1;
    }
    return got;
}

/* The member whose name the reader has. */
static int
parse_named(struct tensors *t, struct json *j, struct error *e)
{
    struct tensor *list, *new;
    char *name = mem_string((const char *)j->text.data, j->text.len, e);

    if (name == NULL)
        return -1;
    if (strcmp(name, SAFETENSORS_METADATA) == 0) {
        free(name);
        return json_expect(j, ':', e) == 0 ? skip_metadata(j, e) : -1;
    }
    list = mem_grow(t->tensor, &t->cap, t->count + 1, sizeof *list, e);
    if (list == NULL) {
        free(name);
        return -1;
    }
    t->tensor = list;
    new = &list[t->count++];
    *new = (struct tensor){ .name = name };
    if (json_expect(j, ':', e) != 0 || parse_tensor(j, new, e) != 0)
        return error_prefix(e, "tensor '%.80s'", name);
    return 0;
}

static int
parse(struct tensors *t, struct json *j, struct intern *names, struct error *e)
{
    bool first = true;
    int token, got;

    if (json_expect(j, '{', e) != 0)
        return -1;
    while ((got = json_more(j, '}', &first, &token, e)) > 0) {
        uint32_t before = intern_count(names), number;

        if (token != JSON_STRING)
            return error_set(e, "a name is missing");
        number = intern_add(names, j->text.data, j->text.len, e);
        if (number == INTERN_NONE)
            return -1;
        if (number < before || memchr(j->text.data, '\0', j->text.len) != NULL)
            return error_set(e, "the name '%.*s' twice, or with a NUL in it",
                             (int)(j->text.len < 80 ? j->text.len : 80),
                             (const char *)j->text.data);
        if (parse_named(t, j, e) != 0)
            return -1;
    }
    return got < 0 ? -1 : json_expect(j, JSON_END, e);
}

static int
by_bytes(const void *a, const void *b)
{
    const struct tensor *x = a, *y = b;

    if (x->begin != y->begin)
        return x->begin < y->begin ? -1 : 1;
    if (x->end != y->end)
        return x->end < y->end ? -1 : 1;
    return strcmp(x->name, y->name);
}

int
tensors_parse(struct tensors *t, const char *text, size_t len, uint64_t bytes,
              struct error *e)
{
    struct json j = { .p = text, .end = text + len };
    struct intern *names = intern_new(e);
    uint64_t at = 0;
    int status = names != NULL ? parse(t, &j, names, e) : -1;

    intern_free(names);
    json_free(&j);
    if (status != 0)
        return -1;
    if (t->count > 0)
        qsort(t->tensor, t->count, sizeof *t->tensor, by_bytes);
    for (size_t i = 0; i < t->count; i++) {
        if (t->tensor[i].begin != at)
            return error_set(e,
                             "tensor '%.80s' does not begin where the one "
                             "before it ends",
                             t->tensor[i].name);
        at = t->tensor[i].end;
    }
    if (at != bytes)
        return error_set(e,
                         "%s: the tensors need %" PRIu64 " bytes, there are "
                         "%" PRIu64,
                         at > bytes ? "cut short" : "more behind the last one",
                         at, bytes);
    return 0;
}
