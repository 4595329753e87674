/* Powers of 2 against libm's, and loops at every length around their width. */
#include "model/vector.h"

#include "check.h"

static void
test_exp(void)
{
    double worst = 0;

    for (float x = -126.0f; x <= 0.5f; x += 0x1p-9f) {
        float v[40];

        for (size_t i = 0; i < 40; i++)
            v[i] = x;
        vector_exp2_sum(40, 0, v); /* both the wide loop and the rest */
        worst = fmax(worst, fabs((double)v[0] / exp2((double)x) - 1));
        CHECK(v[0] == v[39], "2^%g differs by place", (double)x);
    }
    CHECK(worst < 2e-7, "2^x is off by %g", worst);
    CHECK(worst > 0, "2^x was not measured");
}

static void
test_exp_of_extremes(void)
{
    float v[5] = { -INFINITY, -1e30f, -127.0f, 0, NAN };

    vector_exp2_sum(5, 0, v);
    CHECK(v[0] == 0 && v[1] == 0 && v[2] == 0, "large negatives: %g %g %g",
          (double)v[0], (double)v[1], (double)v[2]);
    CHECK(v[3] == 1, "2^0 is %g", (double)v[3]);
    CHECK(isnan(v[4]), "2^NaN is %g", (double)v[4]);
}

static void
test_sums(void)
{
    enum { MOST = 100 };
    float x[MOST], y[MOST];

    for (size_t n = 0; n < MOST; n++) {
        float dot = 0, sum = 0, max = -INFINITY;

        for (size_t i = 0; i < n; i++) {
            x[i] = (float)((i * 37 + n) % 11) - 5;
            y[i] = (float)((i * 17 + n) % 7) - 3;
            dot += x[i] * y[i]; /* small integers: exact in any order */
            max = fmaxf(max, x[i]);
        }
        CHECK(vector_dot(n, x, y) == dot, "dot product of %zu", n);
        CHECK(vector_max(n, x) == max, "largest of %zu", n);
        for (size_t i = 0; i < n; i++)
            x[i] = 3;
        sum = vector_exp2_sum(n, 3, x);
        CHECK(sum == (float)n, "sum of %zu powers: %g", n, (double)sum);
    }
}

/* Rows times factors, all small integers. */
static void
test_add_rows(void)
{
    enum { MOST = 140, ROWS = 3 };
    const float factor[ROWS] = { 2, 0, -3 };
    float x[ROWS * MOST] = { 0 }, y[MOST], want;

    for (size_t n = 0; n < MOST; n++) {
        for (size_t i = 0; i < ROWS * n; i++)
            x[i] = (float)(i * 37 % 11) - 5;
        for (size_t i = 0; i < n; i++)
            y[i] = (float)i;
        vector_add_rows(n, ROWS, factor, x, y);
        for (size_t i = 0; i < n; i++) {
            want = (float)i + 2 * x[i] - 3 * x[2 * n + i];
            CHECK(y[i] == want, "rows of %zu, column %zu", n, i);
        }
    }
}

static void
test_relu(void)
{
    float y[5] = { -1, 0, 2, NAN, -0.0f }, dy[5] = { 1, 1, 1, 1, 1 };

    vector_relu(5, y);
    CHECK(y[0] == 0 && y[1] == 0 && y[2] == 2 && isnan(y[3]), "relu");
    vector_relu_backward(5, y, dy);
    CHECK(dy[0] == 0 && dy[1] == 0 && dy[2] == 1 && dy[4] == 0,
          "gradient of relu");
}

/* Small integers, so that sums are exact in any order. */
static void
small(size_t n, size_t by, float *x)
{
    for (size_t i = 0; i < n; i++)
        x[i] = (float)(i * by % 11) - 5;
}

/* Term by term, as struct vector_term says it. */
static float
term_at(const struct vector_term *t, size_t width, size_t i, size_t j)
{
    const size_t row = t->one ? 0 : t->index != NULL ? t->index[i] : i;

    return t->row[row * width + j] * (t->factor != NULL ? t->factor[i] : 1);
}

enum { ROWS = 37, TABLE = 9, WIDE = VECTOR_GATHER_WIDTH };

/* The sum of the first TERMS, into an array of its own or the first of them. */
static void
gather(size_t width, size_t terms, float least, bool in_place)
{
    static float table[TABLE * WIDE], x[ROWS * WIDE], want[ROWS * WIDE],
        y[ROWS * WIDE];
    uint32_t index[ROWS];
    float factor[ROWS];
    const struct vector_term term[VECTOR_GATHER_TERMS] = {
        { .row = in_place ? y : x },
        { .row = table, .index = index },
        { .row = table, .factor = factor, .one = true },
        { .row = table, .index = index, .factor = factor },
    };

    small(TABLE * WIDE, 37, table);
    small(ROWS * WIDE, 17, x);
    small(ROWS * WIDE, 17, y);
    small(ROWS, 7, factor);
    for (uint32_t i = 0; i < ROWS; i++)
        index[i] = i * 5 % TABLE;
    for (size_t i = 0; i < ROWS; i++)
        for (size_t j = 0; j < width; j++) {
            float sum = 0;

            for (size_t t = 0; t < terms; t++)
                sum += term_at(&term[t], width, i, j);
            want[i * width + j] = fmaxf(sum, least);
        }
    vector_gather(width, ROWS, terms, term, least, y);
    for (size_t i = 0; i < ROWS * width; i++)
        CHECK(y[i] == want[i], "%zu terms of width %zu: y[%zu] is %g, not %g",
              terms, width, i, (double)y[i], (double)want[i]);
}

static void
test_gather(void)
{
    for (size_t width = 1; width <= WIDE; width++)
        for (size_t terms = 1; terms <= VECTOR_GATHER_TERMS; terms++) {
            gather(width, terms, -INFINITY, false);
            gather(width, terms, 0, true);
        }
}

static void
test_scatter_and_sum_all(void)
{
    float x[ROWS * WIDE], factor[ROWS];
    uint32_t index[ROWS];

    small(ROWS * WIDE, 37, x);
    small(ROWS, 7, factor);
    for (uint32_t i = 0; i < ROWS; i++)
        index[i] = i * i % TABLE;
    for (size_t width = 1; width <= WIDE; width++) {
        float sum[TABLE * WIDE], want[TABLE * WIDE];
        float all[WIDE], all_want[WIDE] = { 0 };
        float times[WIDE], times_want[WIDE] = { 0 };

        small(TABLE * WIDE, 17, sum);
        small(TABLE * WIDE, 17, want);
        for (size_t i = 0; i < ROWS; i++)
            for (size_t j = 0; j < width; j++) {
                want[index[i] * width + j] += x[i * width + j];
                all_want[j] += x[i * width + j];
                times_want[j] += factor[i] * x[i * width + j];
            }
        vector_scatter(width, ROWS, index, x, sum);
        vector_sum_all(width, ROWS, NULL, x, all);
        vector_sum_all(width, ROWS, factor, x, times);
        for (size_t i = 0; i < TABLE * WIDE; i++)
            CHECK(sum[i] == want[i], "scattered: width %zu, [%zu]", width, i);
        for (size_t j = 0; j < width; j++) {
            CHECK(all[j] == all_want[j], "sum of column %zu of %zu", j, width);
            CHECK(times[j] == times_want[j],
                  "sum of column %zu of %zu, with factors", j, width);
        }
    }
}

static void
test_relu_gradient_and_mix(void)
{
    enum { MOST = 100 };
    float y[MOST], dy[MOST], mixed[MOST];

    for (size_t n = 0; n < MOST; n++) {
        small(n, 37, y);
        small(n, 37, mixed);
        small(n, 17, dy);
        vector_relu(n, y);
        vector_relu_gradient(n, dy, y);
        vector_mix(n, 0.75f, dy, mixed);
        for (size_t i = 0; i < n; i++) {
            const float x = (float)(i * 37 % 11) - 5;

            CHECK(y[i] == (x > 0 ? dy[i] : 0), "relu gradient: %zu of %zu", i,
                  n);
            CHECK(mixed[i] == 0.75f * x + 0.25f * dy[i], "mixed: %zu of %zu", i,
                  n);
        }
    }
}

int
main(void)
{
    test_exp();
    test_exp_of_extremes();
    test_sums();
    test_add_rows();
    test_relu();
    test_gather();
    test_scatter_and_sum_all();
    test_relu_gradient_and_mix();
    return check_status();
}
