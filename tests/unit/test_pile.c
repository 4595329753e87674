/* Bytes that are appended are there again, in memory or in a file. */
#include "base/pile.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"

#define PIECES 3000
#define SIZE 1000 /* the largest: all of them are more than any buffer */

static unsigned char
byte_at(size_t i)
{
    return (unsigned char)(i * 2654435761u >> 13);
}

/* Moved to a file after SPILL pieces. */
static void
test_pile(int spill)
{
    unsigned char some[SIZE];
    struct pile p = { 0 };
    struct error e;
    size_t size = 0;

    for (int i = 0; i < PIECES; i++) {
        const size_t n = (size_t)i * 37 % SIZE;

        if (i == spill)
            CHECK(pile_spill(&p, &e) == 0, "%s", e.text);
        for (size_t k = 0; k < n; k++)
            some[k] = byte_at(size + k);
        CHECK(pile_append(&p, some, n, &e) == 0, "%s", e.text);
        size += n;
        CHECK(pile_size(&p) == size, "%zu bytes, not %zu", pile_size(&p), size);
    }
    CHECK(pile_end(&p, &e) == 0, "%s", e.text);
    if (spill < PIECES)
        CHECK(p.cap == 0, "%zu bytes are still in memory", p.cap);
    for (size_t at = 0; at + SIZE <= size; at += 777) {
        CHECK(pile_read(&p, at, some, SIZE, &e) == 0, "%s", e.text);
        for (size_t k = 0; k < SIZE; k++)
            if (some[k] != byte_at(at + k)) {
                CHECK(false, "byte %zu is another", at + k);
                break;
            }
    }
    CHECK(pile_read(&p, size, some, 0, &e) == 0, "nothing, at the end");
    pile_free(&p);
    pile_free(&p);
}

static void
test_no_folder(void)
{
    struct pile p = { 0 };
    struct error e;

    CHECK(setenv("TMPDIR", "/nowhere", 1) == 0, "setenv");
    CHECK(pile_append(&p, "abc", 3, &e) == 0, "%s", e.text);
    CHECK(pile_spill(&p, &e) == -1, "there is no such folder");
    CHECK(strncmp(e.text, "/nowhere/", 9) == 0, "%s", e.text);
    pile_free(&p);
}

int
main(void)
{
    test_pile(PIECES);
    test_pile(0);
    test_pile(PIECES / 2);
    test_no_folder();
    return check_status();
}
