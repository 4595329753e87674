/*
 * lookup and tokenize against tests/golden/features/titles.json and cases
 * worked by hand.
 */
#include "check.h"
#include "features.h"
#include "features/tokens.h"

#define TITLES 16
#define TEXT_MAX 64

/*
 * The golden file is read from front to back by a scanner that knows just so
 * much of JSON: it jumps to a key and takes the strings and numbers behind it.
 */
static char golden[8192];

static const char *
json_at(const char *key)
{
    const char *p = strstr(golden, key);

    CHECK(p != NULL, "no %s in titles.json", key);
    return p != NULL ? p + strlen(key) : golden + strlen(golden);
}

/* The next string behind *P, its escapes resolved, in OUT. */
static void
json_string(const char **p, char out[TEXT_MAX])
{
    const char *s = strchr(*p, '"');
    size_t n = 0;

    for (s = s != NULL ? s + 1 : ""; *s != '"' && *s != '\0'; s++) {
        unsigned code;

        if (*s != '\\') {
            out[n++] = *s;
        } else if (sscanf(s, "\\u%4x", &code) == 1) {
            out[n++] = (char)(0xc0 | code >> 6); /* all are below U+0800 */
            out[n++] = (char)(0x80 | (code & 0x3f));
            s += 5;
        } else {
            out[n++] = *++s == 't' ? '\t' : *s;
        }
    }
    out[n] = '\0';
    *p = s + 1;
}

static uint32_t
json_number(const char **p)
{
    char *end;
    unsigned long v;

    *p += strcspn(*p, "0123456789");
    v = strtoul(*p, &end, 10);
    *p = end;
    return (uint32_t)v;
}

static void
read_golden(void)
{
    FILE *f = fopen("tests/golden/features/titles.json", "r");
    size_t len = f != NULL ? fread(golden, 1, sizeof golden - 1, f) : 0;

    CHECK(len > 0, "cannot read titles.json");
    if (f != NULL)
        fclose(f);
}

static struct data
golden_titles(void)
{
    static char text[TITLES][TEXT_MAX];
    const char *p = json_at("\"titles\": ");
    const char *title[TITLES];

    for (size_t i = 0; i < TITLES; i++) {
        json_string(&p, text[i]);
        title[i] = text[i];
    }
    return data_strings(title, TITLES);
}

static void
check_key(const struct vocabulary *v, uint32_t id, const char *want)
{
    size_t len;
    const char *key = vocabulary_key(v, 0, id, &len);

    if (want == NULL || key == NULL)
        CHECK(key == want, "id %u: %s", id,
              key == NULL ? "no key" : "a key beyond the last");
    else
        CHECK(strlen(want) == len && memcmp(key, want, len) == 0,
              "id %u is '%.*s', not '%s'", id, (int)len, key, want);
}

static void
test_golden_lookup(void)
{
    struct data titles = golden_titles();
    struct vocabulary *v = learn_from("item c lookup key", &titles);
    struct builder ids = encode_with(v, &titles);
    const char *p = json_at("\"lookup_ids\": ");
    char text[TEXT_MAX];

    for (size_t i = 0; i < TITLES; i++) {
        const uint32_t id = ((uint32_t *)ids.values.data)[i];
        const uint32_t want = json_number(&p);

        CHECK(id == want, "title %zu: id %u, not %u", i, id, want);
    }
    p = json_at("\"lookup_vocabulary\": ");
    for (uint32_t id = 1; id <= 15; id++) {
        json_string(&p, text);
        check_key(v, id, text);
    }
    check_key(v, 0, "[UNK]");
    check_key(v, 16, NULL);
    CHECK(v->spec.feature[0].size == 16, "size %u", v->spec.feature[0].size);
    vocabulary_free(v);
    builder_free(&ids);
    builder_free(&titles.values);
}

static void
test_golden_tokenize(void)
{
    struct data titles = golden_titles();
    struct vocabulary *v = learn_from("query c tokenize", &titles);
    struct builder ids = encode_with(v, &titles);
    const struct array a = builder_array(&ids);
    const char *p = json_at("\"token_ids\": ");
    char text[TEXT_MAX];

    for (size_t i = 0; i < a.count; i++) {
        const uint32_t want = json_number(&p);

        CHECK(array_u32(&a)[i] == want, "token %zu: id %u, not %u", i,
              array_u32(&a)[i], want);
    }
    p += strcspn(p, "0123456789\"");
    CHECK(*p == '"', "titles.json has more tokens");
    p = json_at("\"token_vocabulary\": ");
    for (uint32_t id = 2; id <= 55; id++) {
        json_string(&p, text);
        check_key(v, id, text);
        CHECK(json_number(&p) == id, "the test reads titles.json wrongly");
        (void)json_number(&p); /* its count */
    }
    check_key(v, 1, "[UNK]");
    check_key(v, 56, NULL);
    vocabulary_free(v);
    builder_free(&ids);
    builder_free(&titles.values);
}

static void
test_tokens(void)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        { "M*A*S*H (1970)", "mash|1970|" },
        { "8 1/2", "8|12|" },
        { "Fast, Cheap & Out of Control", "fast|cheap|out|of|control|" },
        { "\xc3\x81 k\xc3\xb6ldum KLAKA", "\xc3\x81|k\xc3\xb6ldum|klaka|" },
        { " \t\n\v\f\rtwo  words ", "two|words|" },
        { "!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~'", "" },
        { "", "" },
        { "   ", "" },
    };
    struct tokens t = { 0 };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char got[256] = "";
        const char *token;
        struct error e;
        size_t len;

        or_stop(tokens_start(&t, cases[i].text, strlen(cases[i].text), &e), &e);
        while ((token = tokens_next(&t, &len)) != NULL) {
            strncat(got, token, len);
            strcat(got, "|");
        }
        CHECK(strcmp(got, cases[i].want) == 0, "'%s' gives '%s', not '%s'",
              cases[i].text, got, cases[i].want);
    }
    tokens_free(&t);
}

/* b three times, a and c twice, d once. */
static const char *const letters[] = { "b", "a", "c", "b", "d", "c", "b", "a" };
#define LETTERS (sizeof letters / sizeof *letters)

static void
check_ids(const char *line, const char *want)
{
    struct data d = data_strings(letters, LETTERS);
    struct vocabulary *v = learn_from(line, &d);
    struct builder ids = encode_with(v, &d);

    for (size_t i = 0; i < LETTERS; i++) {
        const uint32_t id = ((uint32_t *)ids.values.data)[i];

        CHECK(id == (uint32_t)(want[i] - '0'), "%s: '%s' has id %u, not %c",
              line, letters[i], id, want[i]);
    }
    vocabulary_free(v);
    builder_free(&ids);
    builder_free(&d.values);
}

static void
test_orders(void)
{
    check_ids("query c lookup", "21324321");
    /* most frequent first; of a and c, which are as frequent, c first */
    check_ids("query c lookup order=count", "13214213");
    check_ids("query c lookup min=2", "21320321");
    check_ids("query c lookup min=3", "10010010");
    check_ids("query c tokenize", "24325324");
    /* room for two tokens: b and c; the others are unknown */
    check_ids("query c tokenize max=4", "21321321");
    check_ids("query c tokenize min=3", "21121121");
}

/* What has no id of its own is in the vocabulary all the same, with its count,
 * behind the rest. */
static void
test_rare_rows(void)
{
    struct data d = data_strings(letters, LETTERS);
    const struct array a = builder_array(&d.values);
    static const char line[] = "query c lookup min=2";
    struct vocabulary_row row;
    struct tally *t;
    struct feature f;
    uint32_t bad;
    struct error e;

    or_stop(feature_parse(&f, line, strlen(line), &e), &e);
    t = tally_new(&f, &e);
    or_stop(t != NULL ? 0 : -1, &e);
    or_stop(tally_add(t, &d.column, &a, LETTERS, &bad, &e), &e);
    or_stop(tally_finish(t, &e), &e);
    CHECK(tally_rows(t) == 4, "%zu rows", tally_rows(t));
    row = tally_row(t, 1);
    CHECK(row.id == 2 && row.count == 3 && *row.key == 'b', "row 1");
    row = tally_row(t, 3);
    CHECK(row.id == 0 && row.count == 1 && *row.key == 'd', "row 3");
    tally_free(t);
    builder_free(&d.values);
}

static void
test_unknown(void)
{
    static const char *const others[] = { "a", "z", "", "a z" };
    struct data d = data_strings(letters, LETTERS);
    struct data o = data_strings(others, 4);
    struct vocabulary *lookup = learn_from("query c lookup", &d);
    struct vocabulary *tokens = learn_from("query c tokenize", &d);
    struct builder ids = encode_with(lookup, &o), lists;
    static const uint32_t want_ids[] = { 1, 0, 0, 0 };
    static const uint32_t want_tokens[] = { 4, 1, 4, 1 };
    static const uint32_t want_offsets[] = { 0, 1, 2, 2, 4 };

    CHECK(memcmp(ids.values.data, want_ids, sizeof want_ids) == 0,
          "unknown keys are not 0");
    lists = encode_with(tokens, &o);
    CHECK(lists.count == 4 &&
              memcmp(lists.values.data, want_tokens, sizeof want_tokens) == 0,
          "unknown tokens are not 1");
    CHECK(memcmp(lists.list.data, want_offsets, sizeof want_offsets) == 0,
          "tokens of another row");
    vocabulary_free(lookup);
    vocabulary_free(tokens);
    builder_free(&ids);
    builder_free(&lists);
    builder_free(&d.values);
    builder_free(&o.values);
}

/* Numbers are keys by their digits, so their order is that of text. */
static void
test_number_keys(void)
{
    static const int64_t ids[] = { 9, 10, -1, INT64_MIN, 9007199254740993 };
    static const uint32_t want[] = { 4, 3, 1, 2, 5 };
    struct data d = data_numbers(TYPE_I64, ids, 5);
    struct vocabulary *v = learn_from("query c lookup", &d);
    struct builder got = encode_with(v, &d);

    CHECK(memcmp(got.values.data, want, sizeof want) == 0, "ids of numbers");
    check_key(v, 2, "-9223372036854775808");
    check_key(v, 5, "9007199254740993");
    vocabulary_free(v);
    builder_free(&got);
    builder_free(&d.values);
}

int
main(void)
{
    read_golden();
    test_golden_lookup();
    test_golden_tokenize();
    test_tokens();
    test_orders();
    test_rare_rows();
    test_unknown();
    test_number_keys();
    return check_status();
}
