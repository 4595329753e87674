/* recmill/stream.h: what goes in comes out, and what is not whole is refused.
 */
#include "recmill/stream.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

static struct recmill_error e;

/* After a call that a test depends on. */
static void
ok(int status)
{
    if (status == 0)
        return;
    printf("not ok - %s\n", e.text);
    exit(EXIT_FAILURE);
}

static void
says(const char *text)
{
    CHECK(strstr(e.text, text) != NULL, "'%s', without '%s'", e.text, text);
}

/* A file without a name, to write to and read again. */
static int
scratch(void)
{
    FILE *f = tmpfile();

    if (f == NULL)
        exit(EXIT_FAILURE);
    return fileno(f);
}

static struct recmill_reader *
again(int fd)
{
    struct recmill_reader *r;

    (void)lseek(fd, 0, SEEK_SET);
    r = recmill_reader_fd(fd, &e);
    ok(r != NULL ? 0 : -1);
    return r;
}

/* A writer with a column of each shape. */
static struct recmill_writer *
of_all_shapes(int fd)
{
    struct recmill_writer *w = recmill_writer_fd(fd, &e);

    ok(w != NULL ? 0 : -1);
    ok(recmill_writer_column(w, "id", "u32", &e));
    ok(recmill_writer_column(w, "pair", "f64[2]", &e));
    ok(recmill_writer_column(w, "list", "i64[]", &e));
    ok(recmill_writer_column(w, "name", "str", &e));
    ok(recmill_writer_column(w, "names", "str[]", &e));
    return w;
}

/* Row N has a list of N numbers and N names. */
static void
add_row(struct recmill_writer *w, uint32_t n)
{
    const double pair[2] = { n + 0.5, -1.0 * n };

    ok(recmill_writer_string(w, 3, "t\303\251l\303\251", 7, &e));
    ok(recmill_writer_add(w, 0, &n, 1, &e));
    ok(recmill_writer_add(w, 1, &pair[0], 1, &e));
    ok(recmill_writer_add(w, 1, &pair[1], 1, &e));
    for (int64_t i = 0; i < n; i++) {
        ok(recmill_writer_add(w, 2, &i, 1, &e));
        ok(recmill_writer_string(w, 4, "abcdefgh", (size_t)i, &e));
    }
    ok(recmill_writer_end(w, &e));
}

static void
check_row(const struct recmill_block *b, uint32_t r, uint32_t n)
{
    const uint32_t *id = b->column[0].values;
    const double *pair = b->column[1].values;
    const struct recmill_array *list = &b->column[2], *names = &b->column[4];
    const uint32_t first = list->list[r];
    const char *s;
    size_t len;

    CHECK(id[r] == n, "id %u", (unsigned)id[r]);
    CHECK(pair[2 * r] - n == 0.5 && pair[2 * r + 1] + n == 0, "pair");
    CHECK(list->list[r + 1] - first == n, "a list of %u",
          (unsigned)(list->list[r + 1] - first));
    s = recmill_string(&b->column[3], r, &len);
    CHECK(len == 7 && memcmp(s, "t\303\251l\303\251", len) == 0,
          "name of %zu bytes", len);
    for (uint32_t i = 0; i < n; i++) {
        CHECK(((const int64_t *)list->values)[first + i] == i, "element");
        s = recmill_string(names, names->list[r] + i, &len);
        CHECK(len == i && memcmp(s, "abcdefgh", len) == 0, "a string of %zu",
              len);
    }
}

/* Five rows, the first two in a block of their own. */
static void
write_five(int fd)
{
    struct recmill_writer *w = of_all_shapes(fd);

    ok(recmill_writer_meta(w, "key", "a value", &e));
    ok(recmill_writer_step(w, "mine 1.0 --x", &e));
    for (uint32_t n = 0; n < 5; n++) {
        add_row(w, n);
        if (n == 1)
            ok(recmill_writer_flush(w, &e));
    }
    ok(recmill_writer_close(w, &e));
}

static void
test_what_goes_in_comes_out(void)
{
    const int fd = scratch();
    struct recmill_reader *r;
    struct recmill_block b;
    uint32_t rows = 0, blocks = 0;
    int got;

    write_five(fd);
    r = again(fd);
    CHECK(recmill_reader_columns(r) == 5, "columns");
    CHECK(strcmp(recmill_reader_name(r, 1), "pair") == 0, "name");
    CHECK(strcmp(recmill_reader_type(r, 1), "f64[2]") == 0, "type");
    CHECK(strcmp(recmill_reader_meta(r, "key"), "a value") == 0, "meta");
    CHECK(recmill_reader_meta(r, "lock") == NULL, "no meta");
    CHECK(recmill_reader_find(r, "names", NULL, &e) == 4, "names");
    CHECK(recmill_reader_find(r, "list", "i64[]", &e) == 2, "list");
    CHECK(recmill_reader_find(r, "list", "u32[]", &e) == -1, "another type");
    says("column 'list' is i64[], not u32[]");
    CHECK(recmill_reader_find(r, "lost", NULL, &e) == -1, "no column");
    says("no column 'lost'");
    while ((got = recmill_reader_next(r, &b, &e)) == 1) {
        for (uint32_t i = 0; i < b.rows; i++)
            check_row(&b, i, rows + i);
        rows += b.rows;
        blocks++;
    }
    CHECK(got == 0 && rows == 5 && blocks == 2, "%u rows in %u blocks, %d",
          (unsigned)rows, (unsigned)blocks, got);
    recmill_reader_close(r);
    (void)close(fd);
}

/* A stage: all columns and one more, block by block. */
static void
test_rows_are_copied(void)
{
    const int from = scratch(), to = scratch();
    struct recmill_reader *r;
    struct recmill_writer *w = recmill_writer_fd(to, &e);
    struct recmill_block b;
    uint32_t rows = 0;

    write_five(from);
    r = again(from);
    ok(recmill_writer_like(w, r, &e));
    ok(recmill_writer_column(w, "twice", "u32", &e));
    while (recmill_reader_next(r, &b, &e) == 1)
        for (uint32_t i = 0; i < b.rows; i++) {
            const uint32_t twice =
                ((const uint32_t *)b.column[0].values)[i] * 2;

            ok(recmill_writer_row(w, &b, i, &e));
            ok(recmill_writer_add(w, 5, &twice, 1, &e));
            ok(recmill_writer_end(w, &e));
        }
    ok(recmill_writer_close(w, &e));
    recmill_reader_close(r);
    r = again(to);
    CHECK(strcmp(recmill_reader_meta(r, "key"), "a value") == 0, "meta");
    CHECK(recmill_reader_find(r, "twice", "u32", &e) == 5, "twice");
    while (recmill_reader_next(r, &b, &e) == 1)
        for (uint32_t i = 0; i < b.rows; i++, rows++) {
            check_row(&b, i, rows);
            CHECK(((const uint32_t *)b.column[5].values)[i] == 2 * rows,
                  "twice");
        }
    CHECK(rows == 5, "%u rows", (unsigned)rows);
    recmill_reader_close(r);
    (void)close(from);
    (void)close(to);
}

/* What a reader says of a stream whose writer was treated by END. */
static void
refused(void (*end)(struct recmill_writer *), const char *text)
{
    const int fd = scratch();
    struct recmill_writer *w = of_all_shapes(fd);
    struct recmill_reader *r;
    struct recmill_block b;
    int got;

    add_row(w, 1);
    end(w);
    r = again(fd);
    do
        got = recmill_reader_next(r, &b, &e);
    while (got == 1);
    CHECK(got == -1, "taken for whole");
    says(text);
    recmill_reader_close(r);
    (void)close(fd);
}

/* STATUS is a failure with TEXT, and after it the stream cannot be closed. */
static void
spoiled(struct recmill_writer *w, int status, const char *text)
{
    CHECK(status == -1, "not refused: %s", text);
    says(text);
    CHECK(recmill_writer_close(w, &e) == -1, "closed after '%s'", text);
}

static void
fail_by_hand(struct recmill_writer *w)
{
    recmill_writer_fail(w, NULL, "mine", "no\nmore");
}

static void
missing_values(struct recmill_writer *w)
{
    spoiled(w, recmill_writer_end(w, &e), "'id': 0 values in a row, not 1");
}

static void
one_of_two(struct recmill_writer *w)
{
    const uint32_t id = 1;
    const double half = 0.5;

    ok(recmill_writer_add(w, 0, &id, 1, &e));
    ok(recmill_writer_add(w, 1, &half, 1, &e));
    spoiled(w, recmill_writer_end(w, &e), "'pair': 1 values in a row, not 2");
}

static void
open_row(struct recmill_writer *w)
{
    const uint32_t id = 1;

    ok(recmill_writer_add(w, 0, &id, 1, &e));
    CHECK(recmill_writer_close(w, &e) == -1, "closed within a row");
    says("the last row has not ended");
}

static void
wrong_kind(struct recmill_writer *w)
{
    spoiled(w, recmill_writer_string(w, 0, "a", 1, &e), "'id' is not of str");
}

static void
not_utf8(struct recmill_writer *w)
{
    spoiled(w, recmill_writer_string(w, 3, "\377", 1, &e), "not UTF-8");
}

static void
no_such_column(struct recmill_writer *w)
{
    spoiled(w, recmill_writer_add(w, 5, &e, 1, &e), "no column 5");
}

static void
late_column(struct recmill_writer *w)
{
    spoiled(w, recmill_writer_column(w, "late", "u8", &e),
            "the head has been written");
}

static void
test_what_is_not_whole_is_refused(void)
{
    refused(fail_by_hand, "incomplete: mine: no?more");
    refused(missing_values, "incomplete: ");
    refused(one_of_two, "incomplete: ");
    refused(open_row, "incomplete: recmill-stream: the last row has not ended");
    refused(wrong_kind, "incomplete: ");
    refused(not_utf8, "incomplete: ");
    refused(no_such_column, "incomplete: ");
    refused(late_column, "incomplete: ");
}

/* What failed first is handed on as it came. */
static void
test_failure_is_handed_on(void)
{
    const int from = scratch(), to = scratch();
    struct recmill_writer *w = of_all_shapes(from);
    struct recmill_reader *r;
    struct recmill_block b;

    recmill_writer_fail(w, NULL, "first", "out of ink");
    r = again(from);
    CHECK(recmill_reader_next(r, &b, &e) == -1, "taken for whole");
    w = recmill_writer_fd(to, &e);
    ok(recmill_writer_like(w, r, &e));
    recmill_writer_fail(w, r, "second", "input incomplete");
    recmill_reader_close(r);
    r = again(to);
    CHECK(recmill_reader_next(r, &b, &e) == -1, "taken for whole");
    CHECK(strcmp(e.text, "incomplete: first: out of ink") == 0, "'%s'", e.text);
    recmill_reader_close(r);
    (void)close(from);
    (void)close(to);
}

static void
test_files_are_whole_or_not_there(void)
{
    char dir[] = "/tmp/recmill-stream.XXXXXX", path[64];
    struct recmill_writer *w;
    struct recmill_reader *r;

    if (mkdtemp(dir) == NULL)
        exit(EXIT_FAILURE);
    (void)snprintf(path, sizeof path, "%s/a.rms", dir);
    w = recmill_writer_open(path, &e);
    ok(w != NULL ? 0 : -1);
    CHECK(access(path, F_OK) != 0, "there before it is whole");
    recmill_writer_fail(w, NULL, "mine", "no more");
    CHECK(access(path, F_OK) != 0, "there though it failed");
    CHECK(recmill_reader_open(path, &e) == NULL, "opened");
    says("a.rms: No such file");
    w = recmill_writer_open(path, &e);
    ok(w != NULL ? 0 : -1);
    ok(recmill_writer_column(w, "a", "u8", &e));
    ok(recmill_writer_close(w, &e));
    r = recmill_reader_open(path, &e);
    CHECK(r != NULL, "%s", e.text);
    recmill_reader_close(r);
    CHECK(unlink(path) == 0 && rmdir(dir) == 0, "more than that was left");
    CHECK(recmill_writer_open(path, &e) == NULL, "a file in no folder");
    says("a.rms: No such file");
}

static void
test_heads_are_checked(void)
{
    const int fd = scratch();
    struct recmill_writer *w = recmill_writer_fd(fd, &e);

    CHECK(recmill_writer_column(w, "a", "f31", &e) == -1, "f31");
    says("'f31' is no type");
    CHECK(recmill_writer_column(w, "a b", "f32", &e) == -1, "a blank");
    recmill_writer_fail(w, NULL, "mine", "no head");
    CHECK(recmill_reader_fd(-1, &e) == NULL, "no descriptor");
    says("read failed");
    (void)close(fd);
}

int
main(void)
{
    test_what_goes_in_comes_out();
    test_rows_are_copied();
    test_what_is_not_whole_is_refused();
    test_failure_is_handed_on();
    test_files_are_whole_or_not_there();
    test_heads_are_checked();
    return check_status();
}
