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

int
main(void)
{
    test_exp();
    test_exp_of_extremes();
    test_sums();
    test_add_rows();
    test_relu();
    return check_status();
}
