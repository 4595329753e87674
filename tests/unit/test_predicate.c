/*
 * Comparisons at the edges of every type, where a detour over double or a cast
 * would give the wrong answer.  The expected answers are arithmetic.
 */
#include <float.h>

#include "rows.h"
#include "rows/predicate.h"

/* The one row's VALUE, of TYPE, meets "OP TEXT" or not. */
static bool
meets(const char *type, const void *value, const char *op, const char *text)
{
    const char *const columns[] = { type, NULL };
    struct schema s;
    struct table t = rows_new(&s, columns);
    struct predicate *p;
    struct error e;
    uint32_t row[1], n;
    struct block b;

    if (s.column[0].type == TYPE_STR)
        rows_str(&t, 0, value);
    else
        rows_add(&t, 0, value);
    t.rows = 1;
    b = table_block(&t);
    p = predicate_new(false, 1, &e);
    or_stop(p == NULL ? -1 : 0, &e);
    or_stop(predicate_add(p, 0, &s.column[0], predicate_operator(op), text, &e),
            &e);
    n = predicate_rows(p, &b, row);
    predicate_free(p);
    table_free(&t);
    schema_free(&s);
    return n == 1;
}

/* RELATION is '<', '=' or '>': all seven operators must agree with it. */
static void
check_relation(const char *type, const void *value, char relation,
               const char *text)
{
    static const struct {
        const char *op, *true_for;
    } table[] = {
        { "=", "=" },   { "==", "=" }, { "!=", "<>" }, { "<", "<" },
        { "<=", "<=" }, { ">", ">" },  { ">=", ">=" },
    };

    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const bool want = strchr(table[i].true_for, relation) != NULL;

        CHECK(meets(type, value, table[i].op, text) == want,
              "%s, which is %c %s: '%s' is %s", type, relation, text,
              table[i].op, want ? "false" : "true");
    }
}

static void
check_integers(void)
{
    const uint64_t odd = (UINT64_C(1) << 53) + 1, top = UINT64_MAX;
    const int64_t low = INT64_MIN, minus = -1, high = INT64_MAX;
    const uint8_t four = 4;
    const int32_t minus4 = -4;

    check_relation("x u64", &odd, '=', "9007199254740993");
    check_relation("x u64", &odd, '>', "9007199254740992");
    check_relation("x u64", &odd, '<', "9007199254740994");
    check_relation("x u64", &top, '=', "18446744073709551615");
    check_relation("x u64", &top, '>', "18446744073709551614");
    check_relation("x u64", &top, '<', "18446744073709551616");
    check_relation("x u64", &top, '<', "1e300");
    check_relation("x u64", &top, '>', "-1");
    check_relation("x i64", &low, '=', "-9223372036854775808");
    check_relation("x i64", &low, '<', "-9223372036854775807");
    check_relation("x i64", &low, '>', "-9223372036854775809000");
    check_relation("x i64", &low, '>', "-1e300");
    check_relation("x i64", &high, '<', "9223372036854775808");
    check_relation("x i64", &high, '=', "9223372036854775807");
    check_relation("x i64", &minus, '<', "18446744073709551615");
    check_relation("x i64", &minus, '=', "-1");
    check_relation("x i64", &minus, '<', "-0.5");
    check_relation("x i64", &minus, '>', "-1.5");
    check_relation("x u8", &four, '<', "300");
    check_relation("x u8", &four, '>', "-300");
    check_relation("x u8", &four, '>', "3.5");
    check_relation("x u8", &four, '<', "4.5");
    check_relation("x u8", &four, '=', "4.0");
    check_relation("x u8", &four, '=', "0.4e1");
    check_relation("x i32", &minus4, '<', "-3.5");
    check_relation("x i32", &minus4, '>', "-4.5");
    check_relation("x i32", &minus4, '=', "-4.0");
}

static void
check_floats(void)
{
    const float tenth = 0.1f, most = FLT_MAX;
    const float not_a_number = NAN;
    const double third = 1.0 / 3, zero = -0.0;

    check_relation("x f32", &tenth, '=', "0.1");
    check_relation("x f32", &tenth, '<', "0.11");
    check_relation("x f32", &most, '<', "1e300");
    check_relation("x f64", &third, '=', "0.3333333333333333");
    check_relation("x f64", &third, '>', "0.333333333333333");
    check_relation("x f64", &zero, '=', "0");
    CHECK(meets("x f32", &not_a_number, "!=", "0"), "NaN is not 0");
    CHECK(!meets("x f32", &not_a_number, "=", "0"), "NaN = 0");
    CHECK(!meets("x f32", &not_a_number, "<=", "0"), "NaN <= 0");
    CHECK(!meets("x f32", &not_a_number, ">=", "0"), "NaN >= 0");
}

static void
check_strings(void)
{
    check_relation("x str", "abc", '=', "abc");
    check_relation("x str", "abc", '>', "ab");
    check_relation("x str", "", '<', "a");
    check_relation("x str", "", '=', "");
    check_relation("x str", "10", '<', "9");
    check_relation("x str", "\xc3\xa9", '>', "z");
}

static void
check_refusals(void)
{
    const char *const columns[] = { "n u8", "l u8[]", "v f32[2]", "s str[]",
                                    NULL };
    struct schema s;
    struct table t = rows_new(&s, columns);
    struct error e;
    struct predicate *p = predicate_new(false, 1, &e);

    CHECK(predicate_add(p, 0, &s.column[0], IS_EQUAL, "4x", &e) != 0, "4x");
    CHECK(predicate_add(p, 0, &s.column[0], IS_EQUAL, "", &e) != 0, "empty");
    CHECK(predicate_add(p, 0, &s.column[0], IS_EQUAL, "nan", &e) != 0, "nan");
    for (size_t i = 1; i < 4; i++)
        CHECK(predicate_add(p, i, &s.column[i], IS_EQUAL, "1", &e) != 0,
              "column %zu", i);
    CHECK(predicate_operator("=<") == 0 && predicate_operator("") == 0,
          "an operator that is none");
    predicate_free(p);
    table_free(&t);
    schema_free(&s);
}

/* 20 rows 0..19, all or any of "x >= 5" and "x < 10". */
static void
check_any(bool any, uint32_t want)
{
    const char *const columns[] = { "x u8", NULL };
    struct schema s;
    struct table t = rows_new(&s, columns);
    struct error e;
    struct predicate *p = predicate_new(any, 1, &e);
    uint32_t row[20];
    struct block b;

    for (uint8_t i = 0; i < 20; i++)
        rows_add(&t, 0, &i);
    t.rows = 20;
    b = table_block(&t);
    or_stop(
        predicate_add(p, 0, &s.column[0], predicate_operator(">="), "5", &e),
        &e);
    or_stop(
        predicate_add(p, 0, &s.column[0], predicate_operator("<"), "10", &e),
        &e);
    CHECK(predicate_rows(p, &b, row) == want, "any %d: not %u rows", any,
          (unsigned)want);
    CHECK(row[0] == (any ? 0 : 5), "any %d: first row %u", any,
          (unsigned)row[0]);
    predicate_free(p);
    table_free(&t);
    schema_free(&s);
}

int
main(void)
{
    check_integers();
    check_floats();
    check_strings();
    check_refusals();
    check_any(false, 5);
    check_any(true, 20);
    return check_status();
}
