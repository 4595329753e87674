/*
 * The generator's promises that a few thousand rows do not show: distinct
 * titles for any number of items, exact counts for awkward sizes.
 */
#include <string.h>

#include "base/intern.h"
#include "check.h"
#include "synth/synth.h"

static void
check_titles(uint64_t seed, uint32_t items)
{
    const struct synth_config c = { seed, 1, 1, items };
    struct error e;
    struct intern *titles = intern_new(&e);
    struct synth *s = synth_new(&c, &e);
    size_t longest = 0;

    if (titles == NULL || s == NULL)
        abort();
    for (uint32_t i = 0; i < items; i++) {
        char title[TITLE_MAX];
        const size_t len = synth_title(s, i, title);

        CHECK(len == strlen(title), "the length of %s is not %zu", title, len);
        (void)intern_add(titles, title, len, &e);
        longest = len > longest ? len : longest;
    }
    CHECK(intern_count(titles) == items, "%u titles for %u items",
          intern_count(titles), items);
    CHECK(longest < TITLE_MAX / 3 * 2, "a title of %zu bytes", longest);
    synth_free(s);
    intern_free(titles);
}

/* All rows, all users in turn, no pair twice. */
static void
check_counts(uint64_t rows, uint32_t users, uint32_t items)
{
    const struct synth_config c = { 5, rows, users, items };
    struct synth_rating r = { 0 };
    struct error e;
    struct intern *pairs = intern_new(&e);
    struct synth *s = synth_new(&c, &e);
    uint32_t last = 0;
    uint64_t n = 0;

    if (pairs == NULL || s == NULL)
        abort();
    CHECK(synth_check(&c, &e) == 0, "%s", e.text);
    for (; synth_next(s, &r); n++) {
        const uint32_t pair[2] = { r.user, r.item };

        CHECK(r.item < items, "item %u of %u", r.item, items);
        CHECK(r.user == last || r.user == last + 1, "user %u after %u", r.user,
              last);
        last = r.user;
        (void)intern_add(pairs, pair, sizeof pair, &e);
    }
    CHECK(n == rows && !synth_next(s, &r), "more or less than %u rows",
          (unsigned)rows);
    CHECK(last == users, "%u users, not %u", last, users);
    CHECK(intern_count(pairs) == rows, "%u distinct pairs in %u rows",
          intern_count(pairs), (unsigned)rows);
    synth_free(s);
    intern_free(pairs);
}

static void
check_refusals(void)
{
    static const struct synth_config bad[] = {
        { 1, 0, 1, 1 },
        { 1, 1, 0, 1 },
        { 1, 1, 1, 0 },
        { 1, 9, 10, 100 },
        { 1, 51, 1, 100 },
        { 1, 101, 2, 99 },
        { 1, 1, 1, SYNTH_ITEMS_MAX + 1 },
    };
    struct error e;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(synth_check(&bad[i], &e) != 0, "bad[%zu] is not refused", i);
    for (uint64_t rows = 1; rows < 100000; rows += rows / 7 + 1) {
        const uint32_t users = synth_users_for(rows);
        const struct synth_config c = { 1, rows, users,
                                        synth_items_for(rows, users) };

        CHECK(synth_check(&c, &e) == 0, "defaults for %u rows: %s",
              (unsigned)rows, e.text);
    }
}

int
main(void)
{
    check_titles(1, 1682);
    check_titles(2, 343000); /* all names of three syllables */
    check_titles(3, 343001); /* the first to need four */
    check_counts(1, 1, 1);
    check_counts(50, 1, 100);     /* all that one may rate */
    check_counts(5000, 100, 100); /* all that a hundred may */
    check_counts(4999, 100, 100);
    check_counts(100, 100, 10); /* one each */
    check_counts(20000, 190, 750);
    check_refusals();
    return check_status();
}
