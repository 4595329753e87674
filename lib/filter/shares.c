#include "filter/shares.h"

#include <string.h>

#include "base/number.h"
#include "base/outfile.h"
#include "filter/cli.h"
#include "filter/cli_files.h"

/* Cut the share off OPERAND; 0 when there is none. */
static double
take_share(char *operand)
{
    const char *equals = cli_files_word(operand);
    double share;

    if (equals == NULL ||
        !number_finite(equals + 1, strlen(equals + 1), &share))
        return 0;
    if (!(share > 0))
        usage_error("%s: a share is above 0", operand);
    operand[equals - operand] = '\0';
    return share;
}

static void
check_name(char *const *operand, size_t i)
{
    if (*operand[i] == '\0')
        usage_error("a share without a file");
    for (size_t j = 0; j < i; j++)
        if (strcmp(operand[i], operand[j]) == 0 ||
            outfile_same(operand[i], operand[j]))
            usage_error("%s: two parts of that name", operand[i]);
}

bool
shares_take(char **operand, size_t n, double *share)
{
    double sum = 0;
    size_t shares = 0;

    for (size_t i = 0; i < n; i++) {
        share[i] = take_share(operand[i]);
        shares += share[i] > 0;
        if (shares > 0 && shares <= i)
            usage_error("%s: give all parts a SHARE, or none",
                        operand[share[i] > 0 ? i - shares : i]);
        check_name(operand, i);
        sum += share[i];
    }
    if (shares == 0)
        return false;
    if (n == 1)
        usage_error("one part is all, whatever its share");
    if (!(sum > 1 - 1e-9 && sum < 1 + 1e-9))
        usage_error("the shares sum to %.10g, not 1", sum);
    return true;
}

void
shares_equal(char *const *operand, size_t n, double *share)
{
    for (size_t i = 0; i < n; i++) {
        if (cli_files_word(operand[i]) != NULL)
            usage_error("%s: expected FILE=SHARE", operand[i]);
        share[i] = 1 / (double)n;
    }
}
