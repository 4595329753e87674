/* More texts than tokenize remembers: they count, and have the ids, as if each
 * had been cut up by itself. */
#include "check.h"
#include "features.h"
#include "features/texts.h"

#define TEXT_MAX 64

/* Text number N: two words of which others have one, and a third that only the
 * first thousand have.  Returns its number of tokens. */
static size_t
numbered_text(unsigned n, char out[TEXT_MAX], char token[3][TEXT_MAX])
{
    snprintf(token[0], TEXT_MAX, "a%u", n % 300);
    snprintf(token[1], TEXT_MAX, "b%u", n / 300);
    snprintf(token[2], TEXT_MAX, "c%u", n);
    snprintf(out, TEXT_MAX, n < 1000 ? "A%u (B-%u), C%u" : "A%u (B-%u)",
             n % 300, n / 300, n);
    return n < 1000 ? 3 : 2;
}

enum { MANY = TEXTS_MAX + TEXTS_MAX / 2, ROWS = 2 * MANY };

/* More texts than are remembered, each twice and far apart. */
static struct data
many_texts(void)
{
    struct data texts = data_new(TYPE_STR);
    char text[TEXT_MAX], token[3][TEXT_MAX];
    struct error e;

    for (unsigned r = 0; r < ROWS; r++) {
        (void)numbered_text(r * 7u % MANY, text, token);
        or_stop(builder_add_str(&texts.values, text, strlen(text), &e), &e);
    }
    return texts;
}

/* MANY is 163 times 300 and 252. */
static uint64_t
occurrences(const char *token)
{
    const unsigned long n = strtoul(token + 1, NULL, 10);

    switch (token[0]) {
    case 'a': return n < 252 ? 2 * 164 : 2 * 163;
    case 'b': return n < 163 ? 2 * 300 : 2 * 252;
    default: return 2;
    }
}

static void
test_counts_of_many_texts(void)
{
    static const char line[] = "query c tokenize max=1000";
    struct data texts = many_texts();
    const struct array a = builder_array(&texts.values);
    struct tally *tally;
    struct spec spec;
    struct error e;
    uint32_t bad;

    or_stop(spec_parse(&spec, line, strlen(line), &e), &e);
    tally = tally_new(&spec.feature[0], &e);
    or_stop(tally != NULL ? 0 : -1, &e);
    or_stop(tally_add(tally, &texts.column, &a, ROWS, &bad, &e), &e);
    or_stop(tally_finish(tally, &e), &e);
    CHECK(tally_rows(tally) == 300 + 164 + 1000, "%zu tokens",
          tally_rows(tally));
    for (size_t i = 0; i < tally_rows(tally); i++) {
        const struct vocabulary_row row = tally_row(tally, i);
        char token[TEXT_MAX];

        snprintf(token, sizeof token, "%.*s", (int)row.len, row.key);
        CHECK(row.count == occurrences(token), "'%s' %u times, not %u", token,
              (unsigned)row.count, (unsigned)occurrences(token));
    }
    tally_free(tally);
    spec_free(&spec);
    builder_free(&texts.values);
}

/* Ids are as if each text had been cut up by itself.  There are 998: not for
 * all of the third tokens, which are the rarest. */
static void
test_ids_of_many_texts(void)
{
    struct data texts = many_texts();
    struct vocabulary *v = learn_from("query c tokenize max=1000", &texts);
    struct builder ids = encode_with(v, &texts);
    const struct array a = builder_array(&ids);
    bool same = true;

    for (unsigned r = 0; r < ROWS && same; r++) {
        char text[TEXT_MAX], token[3][TEXT_MAX];
        const size_t n = numbered_text(r * 7u % MANY, text, token);
        const uint32_t *id = array_u32(&a) + a.list[r];

        same = a.list[r + 1] - a.list[r] == n;
        for (size_t i = 0; same && i < n; i++) {
            size_t len;
            const char *key = vocabulary_key(v, 0, id[i], &len);

            same = id[i] == TOKEN_UNKNOWN
                       ? i == 2
                       : key != NULL && strlen(token[i]) == len &&
                             memcmp(key, token[i], len) == 0;
        }
        CHECK(same, "row %u, '%s', has other tokens", r, text);
    }
    vocabulary_free(v);
    builder_free(&ids);
    builder_free(&texts.values);
}

int
main(void)
{
    test_counts_of_many_texts();
    test_ids_of_many_texts();
    return check_status();
}
