/*
 * Every epoch visits every row once; its order is a matter of seed and epoch.
 */
#include <string.h>

#include "check.h"
#include "model/batches.h"

#define ROWS 103
#define SIZE 10

/* The order of EPOCH under SEED, checked to be a permutation in batches. */
static void
order(uint64_t seed, uint64_t epoch, bool shuffle, uint32_t out[ROWS])
{
    bool seen[ROWS] = { false };
    struct batches b;
    struct error e;
    size_t at = 0;

    CHECK(batches_init(&b, ROWS, SIZE, seed, shuffle, &e) == 0, "%s", e.text);
    CHECK(batches_count(&b) == 11, "%zu batches", batches_count(&b));
    batches_start(&b, 0); /* what was drawn before must not matter */
    batches_start(&b, epoch);
    for (size_t i = 0; i < batches_count(&b); i++) {
        size_t n;
        const uint32_t *row = batches_rows(&b, i, &n);

        CHECK(n == (i < 10 ? SIZE : 3), "batch %zu has %zu rows", i, n);
        for (size_t k = 0; k < n && at < ROWS; k++) {
            CHECK(row[k] < ROWS && !seen[row[k]], "row %u comes twice",
                  (unsigned)row[k]);
            seen[row[k] % ROWS] = true;
            out[at++] = row[k];
        }
    }
    CHECK(at == ROWS, "%zu rows in an epoch", at);
    batches_free(&b);
}

int
main(void)
{
    uint32_t a[ROWS], b[ROWS];
    struct batches none;
    struct error e;

    order(1, 5, true, a);
    order(1, 5, true, b);
    CHECK(memcmp(a, b, sizeof a) == 0, "an epoch's order can be had again");
    order(1, 6, true, b);
    CHECK(memcmp(a, b, sizeof a) != 0, "epochs differ");
    order(2, 5, true, b);
    CHECK(memcmp(a, b, sizeof a) != 0, "seeds differ");
    order(1, 5, false, b);
    for (uint32_t i = 0; i < ROWS; i++)
        CHECK(b[i] == i, "without shuffling, row %u is at %u", b[i], i);
    CHECK(batches_init(&none, 0, SIZE, 1, true, &e) == -1,
          "no rows are an error");
    return check_status();
}
