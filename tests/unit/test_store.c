/*
 * Tensors come back bit for bit, large ones in pieces; what is missing, twice
 * there, of another shape or another name is refused.
 */
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "model/store.h"

#define LARGE 50000

static float large[LARGE * 3], small[6], back_large[LARGE * 3], back_small[6];

static int
put(void *ctx, const struct block *b, struct error *e)
{
    return writer_put(ctx, b, e);
}

/* The N tensors of T as a stream in a nameless file. */
static int
stored(const struct tensor *t, size_t n)
{
    char name[] = "/tmp/recmill-test-XXXXXX";
    const int fd = mkstemp(name);
    struct schema s = { 0 };
    struct writer *w;
    struct error e = { "" };

    (void)unlink(name);
    CHECK(store_columns(&s, &e) == 0, "%s", e.text);
    w = writer_new(fd, &s, false, &e);
    CHECK(w != NULL && store_write(t, n, put, w, &e) == 0 &&
              writer_finish(w, &e) == 0,
          "%s", e.text);
    writer_free(w);
    schema_free(&s);
    (void)lseek(fd, 0, SEEK_SET);
    return fd;
}

static int
load(int fd, const struct tensor *t, size_t n, struct error *e)
{
    struct reader *r = reader_new(fd, e);
    const int status = r != NULL ? store_read(r, t, n, e) : -1;

    reader_free(r);
    (void)close(fd);
    return status;
}

static void
refused(const struct tensor *in, size_t nin, const struct tensor *out,
        size_t nout, const char *why)
{
    struct error e = { "" };

    CHECK(load(stored(in, nin), out, nout, &e) == -1, "accepted: %s", why);
    CHECK(strstr(e.text, why) != NULL, "'%s' does not say '%s'", e.text, why);
}

int
main(void)
{
    const struct tensor in[] = { { "a.large", LARGE, 3, large },
                                 { "b", 2, 3, small } };
    const struct tensor out[] = { { "b", 2, 3, back_small },
                                  { "a.large", LARGE, 3, back_large } };
    const struct tensor twice[] = { in[0], in[1], in[1] };
    const struct tensor other[] = { { "b", 3, 2, back_small } };
    struct error e;

    for (size_t i = 0; i < LARGE * 3; i++)
        large[i] = 1.0f / (float)(i + 1);
    for (size_t i = 0; i < 6; i++)
        small[i] = -0.1f * (float)i;
    CHECK(load(stored(in, 2), out, 2, &e) == 0, "%s", e.text);
    CHECK(memcmp(large, back_large, sizeof large) == 0, "large differs");
    CHECK(memcmp(small, back_small, sizeof small) == 0, "small differs");

    refused(in, 1, out, 2, "'b' is missing");
    refused(in, 2, out, 1, "'a.large' is not part");
    refused(twice, 3, out, 2, "'b' has a piece out of place");
    refused(in + 1, 1, other, 1, "'b' is 2 x 3, not 3 x 2");
    return check_status();
}
