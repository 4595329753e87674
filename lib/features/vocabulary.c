#include "features/vocabulary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum { FEATURE, ID, KEY, COUNT, VALUE, COLUMNS };

static const struct {
    const char *name;
    enum type type;
} columns[COLUMNS] = {
    [FEATURE] = { "feature", TYPE_STR }, [ID] = { "id", TYPE_U32 },
    [KEY] = { "key", TYPE_STR },         [COUNT] = { "count", TYPE_U64 },
    [VALUE] = { "value", TYPE_F64 },
};

uint32_t
vocabulary_unknown(const struct feature *f)
{
    return f->encoder == ENCODER_TOKENIZE ? TOKEN_UNKNOWN : LOOKUP_UNKNOWN;
}

int
vocabulary_schema(struct schema *s, const struct spec *spec, struct error *e)
{
    for (size_t i = 0; i < COLUMNS; i++)
        if (schema_add(s, columns[i].name, columns[i].type, SHAPE_SCALAR, 1,
                       e) != 0)
            return -1;
    for (size_t i = 0; i < spec->features; i++)
        if (spec_add_meta(s, &spec->feature[i], e) != 0)
            return -1;
    return 0;
}

int
vocabulary_put(struct table *t, const char *name,
               const struct vocabulary_row *row, struct error *e)
{
    struct builder *c = t->column;

    if (builder_add_str(&c[FEATURE], name, strlen(name), e) != 0 ||
        builder_add(&c[ID], &row->id, 1, e) != 0 ||
        builder_add_str(&c[KEY], row->key, row->len, e) != 0 ||
        builder_add(&c[COUNT], &row->count, 1, e) != 0 ||
        builder_add(&c[VALUE], &row->value, 1, e) != 0)
        return -1;
    t->rows++;
    return 0;
}

static bool
has_keys(const struct feature *f)
{
    return f->encoder == ENCODER_LOOKUP || f->encoder == ENCODER_TOKENIZE;
}

/* Where the columns are. */
static int
find_columns(struct vocabulary *v, const struct schema *head, struct error *e)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        const long at = schema_find(head, columns[i].name);

        if (at < 0 || head->column[at].type != columns[i].type ||
            head->column[at].shape != SHAPE_SCALAR)
            return error_set(e, "no vocabulary: it has no column '%s' of %s",
                             columns[i].name, type_name(columns[i].type));
        v->column[i] = (size_t)at;
    }
    return 0;
}

/* Where of= says so. */
static int
share_keys(struct vocabulary *v, struct error *e)
{
    for (size_t i = 0; i < v->spec.features; i++) {
        const struct feature *f = &v->spec.feature[i];
        const struct feature *source = spec_ids_of(&v->spec, f);

        if (source == NULL)
            return error_set(e, "%s: of=%.64s: there is no such lookup",
                             f->name, f->of);
        v->learned[i].keys = v->learned[source - v->spec.feature].keys;
    }
    return 0;
}

struct vocabulary *
vocabulary_new(const struct schema *head, struct error *e)
{
    struct vocabulary *v = mem_new(1, sizeof *v, e);

    if (v == NULL)
        return NULL;
    if (find_columns(v, head, e) != 0 ||
        spec_from_metas(&v->spec, head, e) != 0)
        goto fail;
    if (v->spec.features == 0) {
        error_set(e, "its head has no features (meta feature.1)");
        goto fail;
    }
    v->learned = mem_new(v->spec.features, sizeof *v->learned, e);
    if (v->learned == NULL)
        goto fail;
    for (size_t i = 0; i < v->spec.features; i++) {
        const struct feature *f = &v->spec.feature[i];

        v->learned[i].first_id = vocabulary_unknown(f) + 1;
        if (has_keys(f) && f->of[0] == '\0' &&
            (v->learned[i].keys = intern_new(e)) == NULL)
            goto fail;
    }
    if (share_keys(v, e) != 0)
        goto fail;
    return v;
fail:
    vocabulary_free(v);
    return NULL;
}

void
vocabulary_free(struct vocabulary *v)
{
    if (v == NULL)
        return;
    if (v->learned != NULL)
        for (size_t i = 0; i < v->spec.features; i++) {
            if (v->spec.feature[i].of[0] == '\0')
                intern_free(v->learned[i].keys);
            free(v->learned[i].edge);
        }
    free(v->learned);
    spec_free(&v->spec);
    free(v);
}

static int
learn_key(const struct feature *f, struct learned *l,
          const struct vocabulary_row *row, struct error *e)
{
    const uint64_t next = (uint64_t)l->first_id + intern_count(l->keys);

    if (f->of[0] != '\0')
        return error_set(e, "a row, where the ids are another feature's");
    if (row->id == vocabulary_unknown(f))
        return 0;
    if (row->id != next)
        return error_set(e, "id %u where %llu was due", row->id,
                         (unsigned long long)next);
    if (intern_add(l->keys, row->key, row->len, e) == INTERN_NONE)
        return -1;
    if (l->first_id + (uint64_t)intern_count(l->keys) == next)
        return error_set(e, "key '%.*s' is there twice",
                         row->len < 64 ? (int)row->len : 64, row->key);
    return 0;
}

static int
learn_edge(struct learned *l, const struct vocabulary_row *row, struct error *e)
{
    const float edge = (float)row->value;
    float *grown;

    if (row->id != l->edges || !isfinite(edge) ||
        (l->edges > 0 && edge < l->edge[l->edges - 1]))
        return error_set(e, "edge %u is out of order", row->id);
    grown = mem_grow(l->edge, &l->cap, l->edges + 1, sizeof *grown, e);
    if (grown == NULL)
        return -1;
    l->edge = grown;
    l->edge[l->edges++] = edge;
    return 0;
}

static int
learn_moment(struct learned *l, const struct vocabulary_row *row,
             struct error *e)
{
    if (row->id > MOMENT_VARIANCE && row->id <= MOMENT_SQUARES)
        return 0;
    if (row->id != l->moments || row->id > MOMENT_VARIANCE ||
        !isfinite(row->value) || (row->id == MOMENT_VARIANCE && row->value < 0))
        return error_set(e, "not the mean and the variance");
    *(row->id == MOMENT_MEAN ? &l->mean : &l->variance) = row->value;
    l->moments++;
    return 0;
}

static int
learn(struct vocabulary *v, const struct vocabulary_row *row, struct error *e)
{
    const struct feature *f = &v->spec.feature[v->current];
    struct learned *l = &v->learned[v->current];

    switch (f->encoder) {
    case ENCODER_LOOKUP:
    case ENCODER_TOKENIZE: return learn_key(f, l, row, e);
    case ENCODER_BUCKETIZE: return learn_edge(l, row, e);
    case ENCODER_NORMALIZE: return learn_moment(l, row, e);
    case ENCODER_THRESHOLD: break;
    }
    return 0;
}

/* Rows come grouped, so the last row's feature is nearly always the one. */
static int
find_feature(struct vocabulary *v, const char *name, size_t len,
             struct error *e)
{
    for (size_t n = 0; n < v->spec.features; n++) {
        const size_t i = (v->current + n) % v->spec.features;
        const char *other = v->spec.feature[i].name;

        if (strlen(other) == len && memcmp(other, name, len) == 0) {
            v->current = i;
            return 0;
        }
    }
    return error_set(e, "feature '%.*s' is not in the head",
                     len < 64 ? (int)len : 64, name);
}

int
vocabulary_row_at(struct vocabulary *v, const struct block *b, uint32_t r,
                  struct vocabulary_row *row, struct error *e)
{
    const struct array *column[COLUMNS];
    const char *name;
    size_t len;

    for (size_t i = 0; i < COLUMNS; i++)
        column[i] = &b->column[v->column[i]];
    name = array_str(column[FEATURE], r, &len);
    row->id = array_u32(column[ID])[r];
    row->key = array_str(column[KEY], r, &row->len);
    row->count = ((const uint64_t *)column[COUNT]->values)[r];
    row->value = array_number(column[VALUE], TYPE_F64, r);
    return find_feature(v, name, len, e);
}

int
vocabulary_add(struct vocabulary *v, const struct block *b, uint32_t *bad,
               struct error *e)
{
    for (uint32_t r = 0; r < b->rows; r++) {
        struct vocabulary_row row;

        *bad = r;
        if (vocabulary_row_at(v, b, r, &row, e) != 0)
            return -1;
        if (learn(v, &row, e) != 0)
            return error_prefix(e, "%s", v->spec.feature[v->current].name);
    }
    return 0;
}

/* Of what L has learned for F; never 0, which stands for not known. */
static uint32_t
digest(const struct feature *f, const struct learned *l)
{
    uint64_t h = 0;

    if (has_keys(f))
        for (size_t i = 0; i < intern_count(l->keys); i++) {
            size_t len;
            const char *key = intern_key(l->keys, (uint32_t)i, &len);

            h = hash_bytes(key, len, h);
        }
    for (size_t i = 0; i < l->edges; i++)
        h = hash_bytes(&l->edge[i], sizeof l->edge[i], h);
    if (f->encoder == ENCODER_NORMALIZE) {
        h = hash_bytes(&l->mean, sizeof l->mean, h);
        h = hash_bytes(&l->variance, sizeof l->variance, h);
    }
    return (uint32_t)h != 0 ? (uint32_t)h : 1;
}

int
vocabulary_finish(struct vocabulary *v, struct error *e)
{
    for (size_t i = 0; i < v->spec.features; i++) {
        struct feature *f = &v->spec.feature[i];
        const struct learned *l = &v->learned[i];

        if (has_keys(f))
            f->size = l->first_id + intern_count(l->keys);
        if (f->encoder == ENCODER_BUCKETIZE) {
            if (l->edges != f->bins)
                return error_set(e, "%s: %zu edges, not %u", f->name, l->edges,
                                 f->bins);
            f->size = f->bins + 1;
        }
        if (f->encoder == ENCODER_NORMALIZE && l->moments != 2)
            return error_set(e, "%s: mean or variance is missing", f->name);
        if (f->encoder != ENCODER_THRESHOLD)
            f->digest = digest(f, l);
    }
    return 0;
}

const char *
vocabulary_key(const struct vocabulary *v, size_t f, uint32_t id, size_t *len)
{
    const struct learned *l = &v->learned[f];

    *len = strlen(UNKNOWN_TEXT);
    if (id < l->first_id)
        return UNKNOWN_TEXT;
    if (id - l->first_id >= intern_count(l->keys))
        return NULL;
    return intern_key(l->keys, id - l->first_id, len);
}
