#include "features/feature.h"

#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "features/words.h"

static const char *const part_words[] = { "query", "item", "label", NULL };
static const char *const encoder_words[] = { "lookup",    "bucketize",
                                             "normalize", "tokenize",
                                             "threshold", NULL };
static const char *const side_words[] = { "left", "right", NULL };
static const char *const order_words[] = { "bytes", "count", NULL };
static const char *const pool_words[] = { "none",  "mean",     "sum",
                                          "sqrtn", "weighted", NULL };

enum {
    LOOKUP = 1 << ENCODER_LOOKUP,
    BUCKETIZE = 1 << ENCODER_BUCKETIZE,
    TOKENIZE = 1 << ENCODER_TOKENIZE,
    EMBEDDED = LOOKUP | BUCKETIZE | TOKENIZE,
    LEARNED = EMBEDDED | 1 << ENCODER_NORMALIZE,
};

#define FIELD(name) offsetof(struct feature, name)

/* The options that are NAME=NUMBER or NAME=WORD, in canonical order.  A
 * feature's fields for them are all uint32_t, so that this table is the one
 * place that knows them. */
static const struct option {
    const char *name;
    const char *const *words; /* NULL: a number from MIN to MAX */
    size_t field;             /* where it is in struct feature */
    unsigned encoders;        /* that take it */
    uint32_t preset, min, max;
} options[] = {
    { "dim", NULL, FIELD(dim), EMBEDDED, 32, 1, SCHEMA_WIDTH_MAX },
    { "bins", NULL, FIELD(bins), BUCKETIZE, 1000, 2, UINT32_C(1) << 24 },
    { "side", side_words, FIELD(side), BUCKETIZE, SIDE_LEFT, 0, 0 },
    { "order", order_words, FIELD(order), LOOKUP, ORDER_BYTES, 0, 0 },
    { "min", NULL, FIELD(min), LOOKUP | TOKENIZE, 1, 1, UINT32_MAX },
    { "max", NULL, FIELD(max), TOKENIZE, 10000, 3, UINT32_MAX },
    { "pool", pool_words, FIELD(pool), LOOKUP, POOL_NONE, 0, 0 },
    { "pool", pool_words, FIELD(pool), TOKENIZE, POOL_MEAN, 0, 0 },
    { "positions", NULL, FIELD(positions), LOOKUP | TOKENIZE, 0, 1, 4096 },
    { "size", NULL, FIELD(size), EMBEDDED, 0, 1, UINT32_MAX },
    { "digest", NULL, FIELD(digest), LEARNED, 0, 1, UINT32_MAX },
};
#define OPTIONS (sizeof options / sizeof *options)
#define DEFAULT_POSITIONS 20 /* with pool=weighted */
/* Bits beyond those of the table, for what was given already. */
#define GIVEN_AT (1u << OPTIONS)
#define GIVEN_OF (2u << OPTIONS)

const char *
part_name(enum feature_part p)
{
    return part_words[p];
}

const char *
encoder_name(enum feature_encoder c)
{
    return encoder_words[c];
}

static uint32_t
get_field(const struct feature *f, const struct option *o)
{
    uint32_t v;

    memcpy(&v, (const char *)f + o->field, sizeof v);
    return v;
}

static void
set_field(struct feature *f, const struct option *o, uint32_t v)
{
    memcpy((char *)f + o->field, &v, sizeof v);
}

static bool
takes(const struct feature *f, const struct option *o)
{
    return (o->encoders & 1u << f->encoder) != 0;
}

/* Does O say how ids are given? */
static bool
is_of_ids(const struct option *o)
{
    return o->field == FIELD(order) || o->field == FIELD(min);
}

/* Is O found in the data, not asked for? */
static bool
is_of_data(const struct option *o)
{
    return o->field == FIELD(size) || o->field == FIELD(digest);
}

static int
unknown_option(const struct feature *f, struct word w, struct error *e)
{
    char known[128] = "";
    size_t len = 0;

    for (size_t i = 0; i < OPTIONS; i++)
        if (takes(f, &options[i]) && !is_of_data(&options[i]))
            len += (size_t)snprintf(known + len, sizeof known - len,
                                    " %s=", options[i].name);
    if (f->encoder == ENCODER_THRESHOLD)
        len += (size_t)snprintf(known + len, sizeof known - len, " at=");
    if (f->encoder == ENCODER_LOOKUP)
        len += (size_t)snprintf(known + len, sizeof known - len, " of=");
    if (f->encoder == ENCODER_LOOKUP && f->part == PART_ITEM)
        len += (size_t)snprintf(known + len, sizeof known - len, " key");
    return error_set(e, "unknown option '%.*s'; %s takes%s",
                     (int)(w.len < 64 ? w.len : 64), w.at,
                     encoder_words[f->encoder], len > 0 ? known : " none");
}

static int
unknown_word(const struct option *o, struct word value, struct error *e)
{
    char known[128] = "";
    size_t len = 0;

    for (size_t i = 0; o->words[i] != NULL; i++)
        len += (size_t)snprintf(known + len, sizeof known - len, "%s%s",
                                i == 0                    ? ""
                                : o->words[i + 1] == NULL ? " or "
                                                          : ", ",
                                o->words[i]);
    return error_set(e, "%s=%.*s: expected %s", o->name, (int)value.len,
                     value.at, known);
}

static int
parse_value(struct feature *f, const struct option *o, struct word value,
            struct error *e)
{
    uint64_t n = 0;

    if (o->words != NULL) {
        const int i = word_find(value, o->words);

        if (i < 0)
            return unknown_word(o, value, e);
        set_field(f, o, (uint32_t)i);
        return 0;
    }
    if (!number_u64(value.at, value.len, &n) || n < o->min || n > o->max)
        return error_set(e, "%s=%.*s: expected a whole number from %u to %u",
                         o->name, (int)value.len, value.at, o->min, o->max);
    set_field(f, o, (uint32_t)n);
    return 0;
}

/* The name of a column, as it is. */
static int
parse_of(struct feature *f, struct word value, struct error *e)
{
    if (value.len == 0 || value.len > FEATURE_NAME_MAX)
        return error_set(e, "of=%.*s: expected the name of a column",
                         (int)(value.len < 64 ? value.len : 64), value.at);
    memcpy(f->of, value.at, value.len);
    f->of[value.len] = '\0';
    return 0;
}

static int
parse_option(struct feature *f, struct word w, unsigned *given, struct error *e)
{
    const char *equals = memchr(w.at, '=', w.len);
    struct word name = w, value = { 0 };
    unsigned bit = GIVEN_AT;
    int status = 0;
    size_t i = 0;

    if (equals == NULL) {
        if (!word_is(w, "key") || f->encoder != ENCODER_LOOKUP ||
            f->part != PART_ITEM)
            return unknown_option(f, w, e);
        f->key = true;
        return 0;
    }
    name.len = (size_t)(equals - w.at);
    value = (struct word){ equals + 1, w.len - name.len - 1 };
    if (f->encoder == ENCODER_THRESHOLD && word_is(name, "at")) {
        if (!number_finite(value.at, value.len, &f->at))
            status = error_set(e, "at=%.*s: expected a number", (int)value.len,
                               value.at);
    } else if (f->encoder == ENCODER_LOOKUP && word_is(name, "of")) {
        bit = GIVEN_OF;
        status = parse_of(f, value, e);
    } else {
        while (i < OPTIONS &&
               (!takes(f, &options[i]) || !word_is(name, options[i].name)))
            i++;
        if (i == OPTIONS)
            return unknown_option(f, w, e);
        bit = 1u << i;
        status = parse_value(f, &options[i], value, e);
    }
    if (status == 0 && (*given & bit) != 0)
        status = error_set(e, "%.*s= is given twice", (int)name.len, name.at);
    *given |= bit;
    return status;
}

bool
feature_line_is_empty(const char *line, size_t len)
{
    return word_next(&line, line + len).len == 0;
}

/* The three words that every line has. */
static int
parse_kind(struct feature *f, const char **p, const char *end, struct error *e)
{
    const struct word part = word_next(p, end), column = word_next(p, end),
                      encoder = word_next(p, end);
    const int which = word_find(part, part_words);
    const int how = word_find(encoder, encoder_words);

    if (encoder.len == 0)
        return error_set(e, "expected PART COLUMN ENCODER");
    if (which < 0)
        return error_set(e, "unknown part '%.*s'; there are query, item, label",
                         (int)(part.len < 64 ? part.len : 64), part.at);
    if (how < 0)
        return error_set(e,
                         "unknown encoder '%.*s'; there are lookup, bucketize, "
                         "normalize, tokenize, threshold",
                         (int)(encoder.len < 64 ? encoder.len : 64),
                         encoder.at);
    if ((which == PART_LABEL) != (how == ENCODER_THRESHOLD))
        return error_set(e, "threshold is for the label, and only threshold");
    f->part = (enum feature_part)which;
    f->encoder = (enum feature_encoder)how;
    if (strlen("query") + column.len + strlen("threshold") + 2 >
        FEATURE_NAME_MAX)
        return error_set(e, "the column's name is too long");
    for (size_t i = 0; i < column.len; i++)
        if ((unsigned char)column.at[i] <= ' ' || column.at[i] == 0x7f)
            return error_set(e, "control character in the column's name");
    memcpy(f->column, column.at, column.len);
    if (f->part == PART_LABEL)
        snprintf(f->name, sizeof f->name, "label");
    else
        snprintf(f->name, sizeof f->name, "%s.%.*s.%s", part_words[which],
                 (int)column.len, column.at, encoder_words[how]);
    return 0;
}

/* What an option says of another one; GIVEN are those of the line. */
static int
check_options(struct feature *f, unsigned given, struct error *e)
{
    if (f->encoder == ENCODER_THRESHOLD && (given & GIVEN_AT) == 0)
        return error_set(e, "threshold needs at=NUMBER");
    if (f->encoder == ENCODER_TOKENIZE && f->pool == POOL_NONE)
        return error_set(e, "pool=none: a text is a list of tokens");
    if (f->positions > 0 && f->pool != POOL_WEIGHTED)
        return error_set(e, "positions= says nothing without pool=weighted");
    if (f->pool == POOL_WEIGHTED && f->positions == 0)
        f->positions = DEFAULT_POSITIONS;
    if (f->key && feature_is_list(f))
        return error_set(e, "pool=%s: the key is one value a row",
                         pool_words[f->pool]);
    if (f->key && f->of[0] != '\0')
        return error_set(e, "of=%.64s: the key has ids of its own", f->of);
    for (size_t i = 0; i < OPTIONS; i++)
        if (f->of[0] != '\0' && (given & 1u << i) != 0 &&
            is_of_ids(&options[i]))
            return error_set(e, "%s=: the ids are those of the lookup of '%s'",
                             options[i].name, f->of);
    return 0;
}

int
feature_parse(struct feature *f, const char *line, size_t len, struct error *e)
{
    const char *p = line, *end = line + len;
    unsigned given = 0;
    struct word w;

    *f = (struct feature){ 0 };
    if (parse_kind(f, &p, end, e) != 0)
        return -1;
    for (size_t i = 0; i < OPTIONS; i++)
        if (takes(f, &options[i]))
            set_field(f, &options[i], options[i].preset);
    while ((w = word_next(&p, end)).len > 0)
        if (parse_option(f, w, &given, e) != 0)
            return -1;
    return check_options(f, given, e);
}

void
feature_format(const struct feature *f, char out[FEATURE_LINE_MAX])
{
    char number[NUMBER_TEXT_MAX];
    int len = snprintf(out, FEATURE_LINE_MAX, "%s %s %s", part_words[f->part],
                       f->column, encoder_words[f->encoder]);

    for (size_t i = 0; i < OPTIONS; i++) {
        const struct option *o = &options[i];
        const uint32_t v = get_field(f, o);

        if (!takes(f, o) || (v == 0 && o->words == NULL) ||
            (o->words == pool_words && v == POOL_NONE) ||
            (f->of[0] != '\0' && is_of_ids(o)))
            continue;
        if (o->words != NULL)
            snprintf(number, sizeof number, "%s", o->words[v]);
        else
            number_from_u64(number, v);
        len += snprintf(out + len, FEATURE_LINE_MAX - (size_t)len, " %s=%s",
                        o->name, number);
    }
    if (f->of[0] != '\0')
        len += snprintf(out + len, FEATURE_LINE_MAX - (size_t)len, " of=%s",
                        f->of);
    if (f->encoder == ENCODER_THRESHOLD) {
        number_from_f64(number, f->at);
        len += snprintf(out + len, FEATURE_LINE_MAX - (size_t)len, " at=%s",
                        number);
    }
    if (f->key)
        snprintf(out + len, FEATURE_LINE_MAX - (size_t)len, " key");
}

enum feature_difference
feature_compare(const struct feature *a, const struct feature *b,
                char line_a[FEATURE_LINE_MAX], char line_b[FEATURE_LINE_MAX])
{
    const bool lists = feature_is_list(a) && feature_is_list(b);
    char *line[2] = { line_a, line_b };

    for (int i = 0; i < 2; i++) {
        struct feature f = i == 0 ? *a : *b;

        f.dim = f.positions = f.digest = 0;
        if (lists)
            f.pool = POOL_NONE;
        feature_format(&f, line[i]);
    }
    if (strcmp(line_a, line_b) != 0)
        return FEATURE_OTHER;
    if (a->digest != 0 && b->digest != 0 && a->digest != b->digest)
        return FEATURE_OTHER_DATA;
    return FEATURE_SAME;
}

int
feature_add_column(struct schema *s, const struct feature *f, struct error *e)
{
    switch (f->encoder) {
    case ENCODER_NORMALIZE:
        return schema_add(s, f->name, TYPE_F32, SHAPE_SCALAR, 1, e);
    case ENCODER_THRESHOLD:
        return schema_add(s, f->name, TYPE_U8, SHAPE_SCALAR, 1, e);
    case ENCODER_LOOKUP:
    case ENCODER_BUCKETIZE:
    case ENCODER_TOKENIZE: break;
    }
    if (feature_is_list(f))
        return schema_add(s, f->name, TYPE_U32, SHAPE_LIST, 0, e);
    return schema_add(s, f->name, TYPE_U32, SHAPE_SCALAR, 1, e);
}
