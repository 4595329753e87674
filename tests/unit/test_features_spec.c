/*
 * The feature file: what it means, what a head says of it, and what is refused
 * with which words.
 */
#include "check.h"
#include "features/spec.h"

#include <string.h>

static const char article[] =
    "# part   column       encoder      options\n"
    "query    user_id      lookup       dim=32\n"
    "query    timestamp    bucketize    bins=1000 dim=32\n"
    "query    timestamp    normalize\n"
    "\n"
    "item     movie_title  lookup       dim=32  key   # the item's name\n"
    "item     movie_title  tokenize     max=10000 dim=32 pool=mean\r\n"
    "label    rating       threshold    at=4";

static const struct {
    const char *name, *line;
} want[] = {
    { "query.user_id.lookup", "query user_id lookup dim=32 order=bytes min=1" },
    { "query.timestamp.bucketize",
      "query timestamp bucketize dim=32 bins=1000 side=left" },
    { "query.timestamp.normalize", "query timestamp normalize" },
    { "item.movie_title.lookup",
      "item movie_title lookup dim=32 order=bytes min=1 key" },
    { "item.movie_title.tokenize",
      "item movie_title tokenize dim=32 min=1 max=10000 pool=mean" },
    { "label", "label rating threshold at=4" },
};
#define FEATURES (sizeof want / sizeof *want)

static void
check_canonical(const struct spec *s)
{
    CHECK(s->features == FEATURES, "%zu features", s->features);
    for (size_t i = 0; i < FEATURES && i < s->features; i++) {
        char line[FEATURE_LINE_MAX];

        feature_format(&s->feature[i], line);
        CHECK(strcmp(s->feature[i].name, want[i].name) == 0, "name %s",
              s->feature[i].name);
        CHECK(strcmp(line, want[i].line) == 0, "line '%s', not '%s'", line,
              want[i].line);
    }
}

static void
test_article(void)
{
    struct spec s = { 0 }, back = { 0 };
    struct schema head = { 0 };
    struct error e = { "" };

    CHECK(spec_parse(&s, article, strlen(article), &e) == 0, "%s", e.text);
    check_canonical(&s);
    CHECK(spec_key(&s) == &s.feature[3], "another key");

    s.feature[0].size = 944;
    for (size_t i = 0; i < s.features; i++)
        CHECK(spec_add_meta(&head, &s.feature[i], &e) == 0, "%s", e.text);
    CHECK(strcmp(schema_meta(&head, "feature.1"),
                 "query user_id lookup dim=32 order=bytes min=1 size=944") == 0,
          "feature.1 is '%s'", schema_meta(&head, "feature.1"));
    CHECK(strcmp(schema_meta(&head, "key"), "item.movie_title.lookup") == 0,
          "key is '%s'", schema_meta(&head, "key"));
    CHECK(spec_from_metas(&back, &head, &e) == 0, "%s", e.text);
    CHECK(back.features == FEATURES && back.feature[0].size == 944,
          "the size is lost");
    if (back.features > 0)
        back.feature[0].size = 0;
    check_canonical(&back);
    spec_free(&s);
    spec_free(&back);
    schema_free(&head);
}

static void
test_no_metas(void)
{
    struct schema head = { 0 };
    struct spec s;
    struct feature f;
    struct error e = { "" };

    or_stop(feature_parse(&f, want[0].line, strlen(want[0].line), &e), &e);
    CHECK(spec_from_metas(&s, &head, &e) == 0 && s.features == 0, "%s", e.text);
    CHECK(spec_check_feature(&s, &f, &e) == 0, "%s", e.text);
    schema_free(&head);
}

/* What is read is IS, what is wanted WANTED; TEXT is the refusal, "" for none.
 */
static void
check_same(const char *is, const char *wanted, const char *text)
{
    struct feature f[2];
    struct spec s = { .feature = f, .features = 1 };
    struct error e = { "" };

    or_stop(feature_parse(&f[0], is, strlen(is), &e), &e);
    or_stop(feature_parse(&f[1], wanted, strlen(wanted), &e), &e);
    CHECK(spec_check_feature(&s, &f[1], &e) == (text[0] == '\0' ? 0 : -1),
          "'%s' and '%s'", is, wanted);
    CHECK(strcmp(e.text, text) == 0, "'%s', not '%s'", e.text, text);
}

static void
test_other_vocabulary(void)
{
    check_same("query a lookup size=4 digest=7", "query b lookup size=5", "");
    check_same("query a lookup size=4 digest=7", "query a lookup size=4", "");
    check_same("query a lookup size=4 digest=7 dim=2",
               "query a lookup size=4 digest=7 dim=8", "");
    check_same("query a lookup pool=sum size=4",
               "query a lookup pool=weighted positions=9 size=4", "");
    check_same("query a lookup size=4 digest=7 dim=2",
               "query a lookup size=4 digest=8 dim=8",
               "query.a.lookup: ids of another vocabulary of the same size");
    check_same("query a normalize digest=7", "query a normalize digest=8",
               "query.a.normalize: moments of another vocabulary");
    check_same("query a lookup pool=sum size=5 digest=7 dim=2",
               "query a lookup pool=mean size=4 digest=8 dim=8",
               "made with another vocabulary or feature file: it has "
               "'query a lookup order=bytes min=1 size=5', not "
               "'query a lookup order=bytes min=1 size=4'");
    check_same("query a lookup size=4", "query a lookup pool=sum size=4",
               "made with another vocabulary or feature file: it has "
               "'query a lookup order=bytes min=1 size=4', not "
               "'query a lookup order=bytes min=1 pool=sum size=4'");
}

static void
test_options(void)
{
    static const char line[] = "item a.b lookup key order=count min=5 dim=8";
    struct feature f;
    struct error e;

    CHECK(feature_parse(&f, line, strlen(line), &e) == 0, "%s", e.text);
    CHECK(f.key && f.order == ORDER_COUNT && f.min == 5 && f.dim == 8 &&
              f.bins == 0 && f.part == PART_ITEM,
          "fields of '%s'", line);
    CHECK(strcmp(f.column, "a.b") == 0, "column '%s'", f.column);
}

/* Lists, and ids of another feature: what is written is read again. */
static void
test_lists(void)
{
    static const char text[] = "item title lookup key\n"
                               "query history lookup of=title pool=mean dim=8\n"
                               "query genres lookup pool=sum\n"
                               "query last lookup of=title pool=weighted\n"
                               "item title tokenize pool=weighted "
                               "positions=3\n";
    static const char other[] = "query a lookup of=b\nitem b lookup key";
    static const char *const canonical[] = {
        "item title lookup dim=32 order=bytes min=1 key",
        "query history lookup dim=8 pool=mean of=title",
        "query genres lookup dim=32 order=bytes min=1 pool=sum",
        "query last lookup dim=32 pool=weighted positions=20 of=title",
        "item title tokenize dim=32 min=1 max=10000 pool=weighted positions=3",
    };
    char line[FEATURE_LINE_MAX];
    struct spec s, again;
    struct error e = { "" };
    struct feature f;

    CHECK(spec_parse(&s, text, strlen(text), &e) == 0, "%s", e.text);
    for (size_t i = 0; i < s.features; i++) {
        feature_format(&s.feature[i], line);
        CHECK(strcmp(line, canonical[i]) == 0, "'%s'", line);
        CHECK(feature_parse(&f, line, strlen(line), &e) == 0, "%s", e.text);
        feature_format(&f, line);
        CHECK(strcmp(line, canonical[i]) == 0, "read again: '%s'", line);
    }
    CHECK(!feature_is_list(&s.feature[0]) && feature_is_list(&s.feature[1]),
          "which are lists");
    CHECK(spec_ids_of(&s, &s.feature[1]) == &s.feature[0] &&
              spec_ids_of(&s, &s.feature[2]) == &s.feature[2],
          "whose ids they are");
    spec_free(&s);
    /* The order of the lines does not matter. */
    CHECK(spec_parse(&again, other, strlen(other), &e) == 0, "%s", e.text);
    spec_free(&again);
}

static void
test_refused(void)
{
    static const struct {
        const char *text, *error;
    } bad[] = {
        { "", "there are no features" },
        { "# nothing\n\n", "there are no features" },
        { "query a\n", "line 1: expected PART COLUMN ENCODER" },
        { "\nuser a lookup\n",
          "line 2: unknown part 'user'; there are query, item, label" },
        { "query a hash\n",
          "line 1: unknown encoder 'hash'; there are lookup, bucketize, "
          "normalize, tokenize, threshold" },
        { "#\n#\n#\nquery a lookup dims=3\n",
          "line 4: unknown option 'dims=3'; lookup takes dim= order= min= "
          "pool= positions= of=" },
        { "query a lookup bins=3\n",
          "line 1: unknown option 'bins=3'; lookup takes dim= order= min= "
          "pool= positions= of=" },
        { "query a normalize dim=3\n",
          "line 1: unknown option 'dim=3'; normalize takes none" },
        { "query a lookup key\n",
          "line 1: unknown option 'key'; lookup takes dim= order= min= "
          "pool= positions= of=" },
        { "query a lookup dim\n",
          "line 1: unknown option 'dim'; lookup takes dim= order= min= "
          "pool= positions= of=" },
        { "query a lookup dim=\n",
          "line 1: dim=: expected a whole number from 1 to 65536" },
        { "query a lookup dim=0\n",
          "line 1: dim=0: expected a whole number from 1 to 65536" },
        { "query a lookup dim=32x\n",
          "line 1: dim=32x: expected a whole number from 1 to 65536" },
        { "query a lookup dim=3 dim=3\n", "line 1: dim= is given twice" },
        { "query a lookup size=3\n",
          "line 1: size= and digest= are of the data" },
        { "query a bucketize side=up\n",
          "line 1: side=up: expected left or right" },
        { "query a tokenize pool=max\n",
          "line 1: pool=max: expected none, mean, sum, sqrtn or weighted" },
        { "query a lookup pool=sum positions=3\n",
          "line 1: positions= says nothing without pool=weighted" },
        { "query a lookup pool=weighted positions=0\n",
          "line 1: positions=0: expected a whole number from 1 to 4096" },
        { "query a tokenize pool=none\n",
          "line 1: pool=none: a text is a list of tokens" },
        { "item a lookup key pool=sum\n",
          "line 1: pool=sum: the key is one value a row" },
        { "query b lookup\nitem a lookup key of=b\n",
          "line 2: of=b: the key has ids of its own" },
        { "query a lookup of=\n",
          "line 1: of=: expected the name of a column" },
        { "query a lookup of=b of=b\n", "line 1: of= is given twice" },
        { "query a lookup of=b min=2\n",
          "line 1: min=: the ids are those of the lookup of 'b'" },
        { "query a lookup of=b\nquery b lookup of=a\n",
          "query.a.lookup: of=b: there is no lookup of that column with ids "
          "of its own" },
        { "query a lookup of=b\nquery b bucketize\n",
          "query.a.lookup: of=b: there is no lookup of that column with ids "
          "of its own" },
        { "query a bucketize of=b\n",
          "line 1: unknown option 'of=b'; bucketize takes dim= bins= side=" },
        { "label a threshold\n", "line 1: threshold needs at=NUMBER" },
        { "label a threshold at=inf\n", "line 1: at=inf: expected a number" },
        { "label a threshold at=1 at=2\n", "line 1: at= is given twice" },
        { "label a lookup\n",
          "line 1: threshold is for the label, and only threshold" },
        { "query a threshold at=4\n",
          "line 1: threshold is for the label, and only threshold" },
        { "query a lookup\nquery a lookup dim=3\n",
          "line 2: there is a query.a.lookup already" },
        { "label a threshold at=1\nlabel b threshold at=1\n",
          "line 2: there is a label already" },
        { "item a lookup key\nitem b lookup key\n",
          "line 2: item.a.lookup is the key already" },
        { "query a lookup\nitem a lookup\n",
          "there are item features, but no item's lookup is marked 'key'" },
    };

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct spec s;
        struct error e = { "" };

        CHECK(spec_parse(&s, bad[i].text, strlen(bad[i].text), &e) == -1 &&
                  s.features == 0,
              "'%s' was taken", bad[i].text);
        CHECK(strcmp(e.text, bad[i].error) == 0, "'%s', not '%s'", e.text,
              bad[i].error);
    }
}

int
main(void)
{
    test_article();
    test_no_metas();
    test_other_vocabulary();
    test_options();
    test_lists();
    test_refused();
    return check_status();
}
