/*
 * bucketize, normalize and threshold against tests/golden/features and cases
 * worked by hand; and what the encoders refuse.
 */
#include "check.h"
#include "features.h"
#include "npy.h"

#define GOLDEN "tests/golden/features/"
#define ROWS 400
#define EDGES 50

static struct data
golden_timestamps(void)
{
    double *wide = npy_f64(GOLDEN "timestamp.npy", ROWS);
    struct data d = data_new(TYPE_I64);
    struct error e;

    for (size_t i = 0; i < ROWS; i++) {
        const int64_t t = (int64_t)wide[i];

        or_stop(builder_add(&d.values, &t, 1, &e), &e);
    }
    free(wide);
    return d;
}

/* The edges as they are written, before they are rounded to float: numpy's
 * bits. */
static void
check_edges(const struct data *d)
{
    static const char line[] = "query c bucketize bins=50";
    double *want = npy_f64(GOLDEN "edges.npy", EDGES);
    const struct array a = builder_array(&d->values);
    struct feature f;
    struct tally *t;
    uint32_t bad;
    struct error e;

    or_stop(feature_parse(&f, line, strlen(line), &e), &e);
    t = tally_new(&f, &e);
    or_stop(t != NULL ? 0 : -1, &e);
    or_stop(tally_add(t, &d->column, &a, ROWS, &bad, &e), &e);
    or_stop(tally_finish(t, &e), &e);
    CHECK(tally_rows(t) == EDGES, "%zu edges", tally_rows(t));
    for (size_t i = 0; i < EDGES; i++) {
        const double got = tally_row(t, i).value;

        CHECK(memcmp(&got, &want[i], sizeof got) == 0,
              "edge %zu is %.17g, not %.17g", i, got, want[i]);
    }
    tally_free(t);
    free(want);
}

static void
test_golden_bucketize(void)
{
    struct data d = golden_timestamps();
    struct vocabulary *v = learn_from("query c bucketize bins=50", &d);
    struct builder got = encode_with(v, &d);
    uint32_t *want = npy_u32(GOLDEN "bucket.npy", ROWS);

    check_edges(&d);
    for (size_t i = 0; i < ROWS; i++) {
        const uint32_t id = ((uint32_t *)got.values.data)[i];

        CHECK(id == want[i], "row %zu: bucket %u, not %u", i, id, want[i]);
    }
    CHECK(v->spec.feature[0].size == EDGES + 1, "size %u",
          v->spec.feature[0].size);
    free(want);
    vocabulary_free(v);
    builder_free(&got);
    builder_free(&d.values);
}

static void
test_golden_normalize(void)
{
    struct data d = golden_timestamps();
    struct vocabulary *v = learn_from("query c normalize", &d);
    struct builder got = encode_with(v, &d);
    double *want = npy_f64(GOLDEN "normalized.npy", ROWS);

    check_array("normalized", (const float *)(void *)got.values.data, want,
                ROWS, 1e-7);
    /* moments.json, whose numbers have ten and sixteen digits */
    check_close("mean", v->learned[0].mean, 883889237.9, 1e-15);
    check_close("variance", v->learned[0].variance, 30757166943905.99, 1e-13);
    free(want);
    vocabulary_free(v);
    builder_free(&got);
    builder_free(&d.values);
}

/* Edges 0, 2.5, 5, 7.5 and 10. */
static void
check_buckets(const char *line, const char *want)
{
    static const double seen[] = { 0, 10 };
    static const double values[] = { -1, 0, 1, 2.5, 3, 5, 9.75, 10, 11 };
    struct data d = data_numbers(TYPE_F64, seen, 2);
    struct data o = data_numbers(TYPE_F64, values, strlen(want));
    struct vocabulary *v = learn_from(line, &d);
    struct builder got = encode_with(v, &o);

    for (size_t i = 0; want[i] != '\0'; i++) {
        const uint32_t id = ((uint32_t *)got.values.data)[i];

        CHECK(id == (uint32_t)(want[i] - '0'), "%s: %g in bucket %u, not %c",
              line, values[i], id, want[i]);
    }
    vocabulary_free(v);
    builder_free(&got);
    builder_free(&d.values);
    builder_free(&o.values);
}

/* 16777217 is no float: it is rounded to the edge 16777216 and so not above
 * it. */
static void
test_float_rounding(void)
{
    static const int32_t seen[] = { 0, 16777216 };
    static const int32_t value = 16777217;
    struct data d = data_numbers(TYPE_I32, seen, 2);
    struct data o = data_numbers(TYPE_I32, &value, 1);
    struct vocabulary *v = learn_from("query c bucketize bins=2", &d);
    struct builder got = encode_with(v, &o);

    CHECK(*(uint32_t *)got.values.data == 1, "compared in double");
    vocabulary_free(v);
    builder_free(&got);
    builder_free(&d.values);
    builder_free(&o.values);
}

static void
test_constant(void)
{
    static const float same[] = { 7, 7, 7 };
    struct data d = data_numbers(TYPE_F32, same, 3);
    struct vocabulary *v = learn_from("query c normalize", &d);
    struct builder got = encode_with(v, &d);

    CHECK(fabsf(*(float *)got.values.data) <= 0, "7 among 7s is not 0");
    vocabulary_free(v);
    builder_free(&got);
    builder_free(&d.values);
}

static void
test_threshold(void)
{
    static const uint8_t rating[] = { 1, 3, 4, 5 };
    static const uint8_t want[] = { 0, 0, 1, 1 };
    struct data d = data_numbers(TYPE_U8, rating, 4);
    struct vocabulary *v = learn_from("label c threshold at=4", &d);
    struct builder got = encode_with(v, &d);

    CHECK(memcmp(got.values.data, want, 4) == 0, "labels");
    vocabulary_free(v);
    builder_free(&got);
    builder_free(&d.values);
}

static void
test_not_a_number(void)
{
    static const char *const lines[] = { "query c lookup", "query c bucketize",
                                         "query c normalize",
                                         "label c threshold at=4" };
    static const double values[] = { 1, 2, (double)NAN, 3 };
    struct data d = data_numbers(TYPE_F64, values, 4);
    const struct array a = builder_array(&d.values);

    for (size_t i = 0; i < 4; i++) {
        struct error e = { "" };
        uint32_t bad = 99;
        struct feature f;
        struct tally *t;

        or_stop(feature_parse(&f, lines[i], strlen(lines[i]), &e), &e);
        t = tally_new(&f, &e);
        or_stop(t != NULL ? 0 : -1, &e);
        CHECK(tally_add(t, &d.column, &a, 4, &bad, &e) == -1 && bad == 2,
              "%s: took NaN", lines[i]);
        CHECK(strcmp(e.text, "c is NaN") == 0, "'%s'", e.text);
        tally_free(t);
    }
    builder_free(&d.values);
}

static void
test_no_values(void)
{
    static const char *const lines[] = { "query c bucketize",
                                         "query c normalize" };
    const struct vocabulary_row none[] = { { .id = MOMENT_MEAN },
                                           { .id = MOMENT_SUM },
                                           { .id = MOMENT_SQUARES } };

    for (size_t i = 0; i < 2; i++) {
        struct error e = { "" };
        struct feature f;
        struct tally *t;

        or_stop(feature_parse(&f, lines[i], strlen(lines[i]), &e), &e);
        t = tally_new(&f, &e);
        or_stop(t != NULL ? 0 : -1, &e);
        for (size_t r = 0; i == 1 && r < 3; r++) /* moments of 0 numbers */
            or_stop(tally_add_row(t, &none[r], &e), &e);
        CHECK(tally_finish(t, &e) == -1, "%s: learned of nothing", lines[i]);
        CHECK(strstr(e.text, ": no values") != NULL, "'%s'", e.text);
        tally_free(t);
    }
}

static void
test_columns_refused(void)
{
    static char name[] = "c";
    static const struct {
        const char *line;
        struct column column;
        const char *error;
    } bad[] = {
        { "query c normalize",
          { name, TYPE_STR, SHAPE_SCALAR, 1 },
          "column 'c' is str, and normalize needs numbers" },
        { "query c tokenize",
          { name, TYPE_I64, SHAPE_SCALAR, 1 },
          "column 'c' is i64, and tokenize needs text (str)" },
        { "query c lookup",
          { name, TYPE_U32, SHAPE_LIST, 0 },
          "column 'c' is u32[], and lookup needs pool= for a list a row" },
    };

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct feature f;
        struct error e = { "" };

        or_stop(feature_parse(&f, bad[i].line, strlen(bad[i].line), &e), &e);
        CHECK(value_check_column(&f, &bad[i].column, &e) == -1 &&
                  strcmp(e.text, bad[i].error) == 0,
              "'%s', not '%s'", e.text, bad[i].error);
    }
}

/* A vocabulary is read with suspicion: ids in order, edges rising. */
static void
check_rows_refused(const char *line, const struct vocabulary_row *row, size_t n,
                   const char *want)
{
    struct schema s = { 0 };
    struct vocabulary *v;
    struct error e = { "" };
    struct table t;
    struct spec spec;
    struct block b;
    uint32_t bad;

    or_stop(spec_parse(&spec, line, strlen(line), &e), &e);
    or_stop(vocabulary_schema(&s, &spec, &e), &e);
    or_stop(table_init(&t, &s, &e), &e);
    for (size_t i = 0; i < n; i++)
        or_stop(vocabulary_put(&t, spec.feature[0].name, &row[i], &e), &e);
    v = vocabulary_new(&s, &e);
    or_stop(v != NULL ? 0 : -1, &e);
    b = table_block(&t);
    CHECK((vocabulary_add(v, &b, &bad, &e) != 0 ||
           vocabulary_finish(v, &e) != 0) &&
              strcmp(e.text, want) == 0,
          "'%s', not '%s'", e.text, want);
    vocabulary_free(v);
    table_free(&t);
    schema_free(&s);
    spec_free(&spec);
}

static void
test_vocabulary_refused(void)
{
    const struct vocabulary_row gap[] = { { 1, "a", 1, 1, 0 },
                                          { 3, "b", 1, 1, 0 } };
    const struct vocabulary_row twice[] = { { 1, "a", 1, 1, 0 },
                                            { 2, "a", 1, 1, 0 } };
    const struct vocabulary_row falling[] = { { 0, "", 0, 0, 2 },
                                              { 1, "", 0, 0, 1 } };
    const struct vocabulary_row mean[] = { { 0, "mean", 4, 1, 2 } };

    check_rows_refused("query c lookup", gap, 2,
                       "query.c.lookup: id 3 where 2 was due");
    check_rows_refused("query c lookup", twice, 2,
                       "query.c.lookup: key 'a' is there twice");
    check_rows_refused("query c bucketize bins=2", falling, 2,
                       "query.c.bucketize: edge 1 is out of order");
    check_rows_refused("query c bucketize bins=2", falling, 1,
                       "query.c.bucketize: 1 edges, not 2");
    check_rows_refused("query c normalize", mean, 1,
                       "query.c.normalize: mean or variance is missing");
}

int
main(void)
{
    test_golden_bucketize();
    test_golden_normalize();
    check_buckets("query c bucketize bins=5", "001122445");
    check_buckets("query c bucketize bins=5 side=right", "011223455");
    test_float_rounding();
    test_constant();
    test_threshold();
    test_not_a_number();
    test_no_values();
    test_columns_refused();
    test_vocabulary_refused();
    return check_status();
}
