#include "features/spec.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"

void
spec_free(struct spec *s)
{
    free(s->feature);
    *s = (struct spec){ 0 };
}

const struct feature *
spec_key(const struct spec *s)
{
    for (size_t i = 0; i < s->features; i++)
        if (s->feature[i].key)
            return &s->feature[i];
    return NULL;
}

const struct feature *
spec_ids_of(const struct spec *s, const struct feature *f)
{
    if (f->of[0] == '\0')
        return f;
    for (size_t i = 0; i < s->features; i++) {
        const struct feature *other = &s->feature[i];

        if (other->encoder == ENCODER_LOOKUP && other->of[0] == '\0' &&
            strcmp(other->column, f->of) == 0)
            return other;
    }
    return NULL;
}

static int
spec_add(struct spec *s, const char *line, size_t len, struct error *e)
{
    struct feature *grown =
        mem_grow(s->feature, &s->cap, s->features + 1, sizeof *grown, e);
    struct feature *f;

    if (grown == NULL)
        return -1;
    s->feature = grown;
    f = &grown[s->features];
    if (feature_parse(f, line, len, e) != 0)
        return -1;
    for (size_t i = 0; i < s->features; i++)
        if (strcmp(grown[i].name, f->name) == 0)
            return error_set(e, "there is a %s already", f->name);
    if (f->key && spec_key(s) != NULL)
        return error_set(e, "%s is the key already", spec_key(s)->name);
    s->features++;
    return 0;
}

/* What can only be said of all features together. */
static int
spec_check(const struct spec *s, struct error *e)
{
    if (s->features == 0)
        return error_set(e, "there are no features");
    for (size_t i = 0; i < s->features; i++)
        if (s->feature[i].part == PART_ITEM && spec_key(s) == NULL)
            return error_set(e, "there are item features, but no item's lookup "
                                "is marked 'key'");
    return 0;
}

static int
parse_lines(struct spec *s, const char *text, size_t len, struct error *e)
{
    const char *end = text + len;
    size_t number = 0;

    for (const char *line = text; line < end;) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        const char *stop = newline != NULL ? newline : end;

        number++;
        if (!feature_line_is_empty(line, (size_t)(stop - line))) {
            if (spec_add(s, line, (size_t)(stop - line), e) != 0)
                return error_prefix(e, "line %zu", number);
            if (s->feature[s->features - 1].size > 0 ||
                s->feature[s->features - 1].digest > 0)
                return error_set(
                    e, "line %zu: size= and digest= are of the data", number);
        }
        line = stop + 1;
    }
    /* A head may describe some of the features only, a file may not. */
    for (size_t i = 0; i < s->features; i++)
        if (spec_ids_of(s, &s->feature[i]) == NULL)
            return error_set(e,
                             "%s: of=%.64s: there is no lookup of that column "
                             "with ids of its own",
                             s->feature[i].name, s->feature[i].of);
    return spec_check(s, e);
}

int
spec_parse(struct spec *s, const char *text, size_t len, struct error *e)
{
    *s = (struct spec){ 0 };
    if (parse_lines(s, text, len, e) == 0)
        return 0;
    spec_free(s);
    return -1;
}

int
spec_read(struct spec *s, const char *path, struct error *e)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    char *text;
    ssize_t len;
    int status;

    *s = (struct spec){ 0 };
    if (fd < 0)
        return error_errno(e, "%s", path);
    text = mem_new(SPEC_TEXT_MAX + 1, 1, e);
    if (text == NULL) {
        (void)close(fd);
        return -1;
    }
    len = io_read(fd, text, SPEC_TEXT_MAX + 1);
    if (len < 0)
        status = error_errno(e, "%s", path);
    else if ((size_t)len > SPEC_TEXT_MAX)
        status = error_set(e, "%s: too long for a feature file", path);
    else if ((status = spec_parse(s, text, (size_t)len, e)) != 0)
        error_prefix(e, "%s", path);
    (void)close(fd); /* only read from: nothing to lose */
    free(text);
    return status;
}

static const char *
feature_meta(const struct schema *head, size_t number)
{
    char key[32];

    snprintf(key, sizeof key, "feature.%zu", number);
    return schema_meta(head, key);
}

int
spec_add_meta(struct schema *head, const struct feature *f, struct error *e)
{
    char key[32], line[FEATURE_LINE_MAX];
    size_t number = 1;

    while (feature_meta(head, number) != NULL)
        number++;
    snprintf(key, sizeof key, "feature.%zu", number);
    feature_format(f, line);
    if (schema_set_meta(head, key, line, e) != 0)
        return -1;
    return f->key ? schema_set_meta(head, "key", f->name, e) : 0;
}

int
spec_from_metas(struct spec *s, const struct schema *head, struct error *e)
{
    const char *line;
    int status = 0;

    *s = (struct spec){ 0 };
    while (status == 0 && (line = feature_meta(head, s->features + 1)) != NULL)
        if (spec_add(s, line, strlen(line), e) != 0)
            status = error_prefix(e, "meta feature.%zu", s->features + 1);
    if (status == 0 && s->features > 0)
        status = spec_check(s, e);
    if (status != 0)
        spec_free(s);
    return status;
}

/* F, which is that of a head, has to be as WANTED. */
static int
check_same(const struct feature *f, const struct feature *wanted,
           struct error *e)
{
    char is[FEATURE_LINE_MAX], want[FEATURE_LINE_MAX];

    switch (feature_compare(f, wanted, is, want)) {
    case FEATURE_SAME: break;
    case FEATURE_OTHER:
        return error_set(e,
                         "made with another vocabulary or feature file: "
                         "it has '%.150s', not '%.150s'",
                         is, want);
    case FEATURE_OTHER_DATA:
        return error_set(e, "%s: %s", f->name,
                         f->encoder == ENCODER_NORMALIZE
                             ? "moments of another vocabulary"
                         : f->encoder == ENCODER_BUCKETIZE
                             ? "edges of another vocabulary"
                             : "ids of another vocabulary of the same size");
    }
    return 0;
}

int
spec_check_feature(const struct spec *s, const struct feature *f,
                   struct error *e)
{
    for (size_t i = 0; i < s->features; i++)
        if (strcmp(s->feature[i].name, f->name) == 0)
            return check_same(&s->feature[i], f, e);
    return 0;
}
