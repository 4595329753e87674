/*
 * Every epoch visits every row once; its order is a matter of seed and epoch,
 * and where not all rows fit into memory of how many do.
 */
#include <string.h>

#include "check.h"
#include "model/batches.h"

#define ROWS 1003
#define SIZE 10

/* Rows as somebody loads them: ROW[i] is the I-th of those in memory. */
struct store {
    size_t room, loads, n;
    uint32_t row[ROWS];
};

static int
load(void *ctx, const struct range *range, size_t n, struct error *e)
{
    struct store *s = ctx;
    size_t behind = 0;

    (void)e;
    s->n = 0;
    s->loads++;
    for (size_t i = 0; i < n; i++) {
        CHECK(range[i].begin >= behind && range[i].end > range[i].begin &&
                  range[i].end <= ROWS,
              "range %zu to %zu", range[i].begin, range[i].end);
        behind = range[i].end;
        for (size_t r = range[i].begin; r < range[i].end; r++)
            if (s->n < ROWS)
                s->row[s->n++] = (uint32_t)r;
    }
    CHECK(s->n <= s->room, "%zu rows in memory for %zu", s->n, s->room);
    return 0;
}

static int
broken(void *ctx, const struct range *range, size_t n, struct error *e)
{
    (void)ctx;
    (void)range;
    (void)n;
    return error_set(e, "broken");
}

/* ROOM rows fit; all of them without runs. */
static void
start(struct batches *b, struct store *s, size_t size, size_t room,
      uint64_t seed, bool shuffle)
{
    const struct batches_source source = { load, s };
    struct error e;

    *s = (struct store){ .room = room };
    if (room < ROWS) {
        CHECK(batches_init_runs(b, ROWS, size, seed, shuffle, room, &source,
                                &e) == 0,
              "%s", e.text);
        return;
    }
    CHECK(batches_init(b, ROWS, size, seed, shuffle, &e) == 0, "%s", e.text);
    for (uint32_t i = 0; i < ROWS; i++)
        s->row[i] = i;
}

/* The rows of batches I on, checked to be of the right number. */
static size_t
take(struct batches *b, const struct store *s, size_t i, uint32_t *out)
{
    struct error e;
    size_t at = 0;

    for (; i < batches_count(b); i++) {
        const size_t left = b->rows - i * b->size;
        const uint32_t *row;
        size_t n;

        CHECK(batches_enter(b, i, &e) == 0, "%s", e.text);
        row = batches_rows(b, i, &n);
        CHECK(n == (left < b->size ? left : b->size), "batch %zu: %zu rows", i,
              n);
        for (size_t k = 0; k < n && at < ROWS; k++)
            out[at++] = s->row[row[k]];
    }
    return at;
}

/* The order of EPOCH under SEED, checked to be a permutation in batches. */
static void
order_of(size_t size, size_t room, uint64_t seed, uint64_t epoch, bool shuffle,
         uint32_t out[ROWS])
{
    bool seen[ROWS] = { false };
    struct batches b;
    struct store s;

    start(&b, &s, size, room, seed, shuffle);
    batches_start(&b, 0); /* what was drawn before must not matter */
    batches_start(&b, epoch);
    CHECK(take(&b, &s, 0, out) == ROWS, "rows are missing");
    for (size_t i = 0; i < ROWS; i++) {
        CHECK(out[i] < ROWS && !seen[out[i]], "row %u comes twice", out[i]);
        seen[out[i] % ROWS] = true;
    }
    batches_free(&b);
}

static void
test_order(size_t room)
{
    uint32_t a[ROWS], b[ROWS];

    order_of(SIZE, room, 1, 5, true, a);
    order_of(SIZE, room, 1, 5, true, b);
    CHECK(memcmp(a, b, sizeof a) == 0, "an epoch's order can be had again");
    order_of(SIZE, room, 1, 6, true, b);
    CHECK(memcmp(a, b, sizeof a) != 0, "epochs differ");
    order_of(SIZE, room, 2, 5, true, b);
    CHECK(memcmp(a, b, sizeof a) != 0, "seeds differ");
    order_of(SIZE, room, 1, 5, false, b);
    for (uint32_t i = 0; i < ROWS; i++)
        CHECK(b[i] == i, "without shuffling, row %u is at %u", b[i], i);
}

/* Any size of batches and any room: whole batches, each row once. */
static void
test_sizes(void)
{
    uint32_t a[ROWS];

    for (size_t size = 1; size < 40; size += 3)
        for (size_t room = size; room < ROWS; room += room / 3 + 1)
            order_of(size, room, 3, 1, true, a);
    order_of(500, 1000, 3, 1, true, a);
}

/* What is in memory is many short pieces of all the rows, in another order in
 * each epoch, and no run is much shorter than another. */
static void
test_runs(void)
{
    uint32_t all[ROWS];
    struct batches b;
    struct store s;
    size_t pieces = 1, low = 0;

    start(&b, &s, SIZE, 257, 1, true);
    /* 101 batches of which 25 fit: 5 runs of 21, but for the last. */
    CHECK(b.run == 210, "runs of %zu rows", b.run);
    batches_start(&b, 0);
    (void)take(&b, &s, 0, all);
    CHECK(s.loads == 5, "%zu loads", s.loads);
    CHECK(s.n == ROWS - 4 * 210, "%zu rows in the last run", s.n);
    for (size_t i = 1; i < s.n; i++) {
        pieces += s.row[i] != s.row[i - 1] + 1;
        low += s.row[i] < ROWS / 2;
    }
    CHECK(pieces > 50, "%zu pieces in a run", pieces);
    CHECK(low > s.n / 4 && low < s.n * 3 / 4, "%zu of %zu rows are early ones",
          low, s.n);
    /* The rows of a run are in no order. */
    for (size_t i = pieces = 1; i < 210; i++)
        pieces += all[i] != all[i - 1] + 1;
    CHECK(pieces > 190, "%zu of 210 rows do not follow each other", pieces);
    batches_free(&b);
}

/* Taken up in the middle, an epoch goes on as it would have. */
static void
test_resumption(void)
{
    uint32_t all[ROWS], rest[ROWS];
    struct batches b;
    struct store s;

    order_of(SIZE, 257, 1, 4, true, all);
    for (size_t i = 0; i < 100; i += 7) {
        size_t n;

        start(&b, &s, SIZE, 257, 1, true);
        batches_start(&b, 4);
        n = take(&b, &s, i, rest);
        CHECK(n == ROWS - i * SIZE &&
                  memcmp(all + i * SIZE, rest, n * sizeof *all) == 0,
              "from batch %zu on, the order is another", i);
        batches_free(&b);
    }
}

static void
test_refusals(void)
{
    const struct batches_source none = { broken, NULL };
    struct batches b;
    struct error e;

    CHECK(batches_init(&b, 0, SIZE, 1, true, &e) == -1, "no rows are an error");
    CHECK(
        batches_init_runs(&b, ROWS, SIZE, 1, true, 9, &none, &e) == -1 &&
            strcmp(
                e.text,
                "a batch of 10 rows, and memory for 9: give more, or a smaller "
                "--batch-size") == 0,
        "%s", e.text);
    batches_free(&b);
    CHECK(batches_init_runs(&b, ROWS, SIZE, 1, true, 99, &none, &e) == 0, "%s",
          e.text);
    batches_start(&b, 0);
    CHECK(batches_enter(&b, 0, &e) == -1 && strcmp(e.text, "broken") == 0, "%s",
          e.text);
    batches_free(&b);
}

int
main(void)
{
    test_order(ROWS);
    test_order(300);
    test_sizes();
    test_runs();
    test_resumption();
    test_refusals();
    return check_status();
}
