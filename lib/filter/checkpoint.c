#include "filter/checkpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "base/outfile.h"
#include "filter/message.h"
#include "model/store.h"

static int
put_block(void *ctx, const struct block *b, struct error *e)
{
    return writer_put(ctx, b, e);
}

static int
set_u64(struct schema *s, const char *key, uint64_t v, struct error *e)
{
    char text[NUMBER_TEXT_MAX];

    (void)number_from_u64(text, v);
    return schema_set_meta(s, key, text, e);
}

static int
set_f64(struct schema *s, const char *key, double v, struct error *e)
{
    uint64_t bits;

    memcpy(&bits, &v, sizeof bits);
    return set_u64(s, key, bits, e);
}

static int
describe(struct schema *s, const struct checkpoint *c, struct error *e)
{
    int status =
        store_columns(s, e) |
        schema_set_meta(s, "checkpoint", message_program(), e) |
        set_u64(s, "fingerprint", c->fingerprint, e) |
        set_u64(s, "epoch", c->epoch, e) | set_u64(s, "batch", c->batch, e) |
        set_u64(s, "steps", c->steps, e) | set_f64(s, "loss", c->loss, e);

    if (c->best.epoch > 0)
        status |= set_u64(s, "best_epoch", c->best.epoch, e) |
                  set_u64(s, "best_since", c->best.since, e) |
                  set_f64(s, "best_value", c->best.value, e);
    return status;
}

void
checkpoint_save(const char *path, const struct checkpoint *c,
                const struct tensor *t, size_t n)
{
    struct schema s = { 0 };
    struct writer *w = NULL;
    struct error e;
    struct outfile *f = outfile_open(path, &e);

    if (f == NULL)
        die("%s", e.text);
    if (describe(&s, c, &e) == 0)
        w = writer_new(outfile_fd(f), &s, false, &e);
    if (w == NULL || store_write(t, n, put_block, w, &e) != 0 ||
        writer_finish(w, &e) != 0)
        die("%s: %s", path, e.text);
    writer_free(w);
    schema_free(&s);
    if (outfile_commit(f, &e) != 0)
        die("%s", e.text);
}

static uint64_t
get_u64_meta(const char *path, const struct schema *s, const char *key)
{
    const char *text = schema_meta(s, key);
    uint64_t v;

    if (text == NULL || !number_u64(text, strlen(text), &v))
        die("%s: not a checkpoint: no meta '%s'", path, key);
    return v;
}

static double
get_f64_meta(const char *path, const struct schema *s, const char *key)
{
    const uint64_t bits = get_u64_meta(path, s, key);
    double v;

    memcpy(&v, &bits, sizeof v);
    return v;
}

bool
checkpoint_load(const char *path, struct checkpoint *c, const struct tensor *t,
                size_t n)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    const struct schema *s;
    struct reader *r;
    struct error e;

    if (fd < 0 && errno == ENOENT)
        return false;
    if (fd < 0)
        die_errno("%s", path);
    r = reader_new(fd, &e);
    if (r == NULL)
        die("%s: %s", path, e.text);
    s = reader_schema(r);
    if (get_u64_meta(path, s, "fingerprint") != c->fingerprint)
        die("%s: this checkpoint is of other data or other options; remove it "
            "to start anew",
            path);
    c->epoch = get_u64_meta(path, s, "epoch");
    c->batch = get_u64_meta(path, s, "batch");
    c->steps = get_u64_meta(path, s, "steps");
    c->loss = get_f64_meta(path, s, "loss");
    if (schema_meta(s, "best_epoch") != NULL) {
        c->best.epoch = get_u64_meta(path, s, "best_epoch");
        c->best.since = get_u64_meta(path, s, "best_since");
        c->best.value = get_f64_meta(path, s, "best_value");
    }
    if (store_read(r, t, n, &e) != 0)
        die("%s: %s", path, e.text);
    reader_free(r);
    (void)close(fd);
    return true;
}
