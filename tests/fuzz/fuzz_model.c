/*
 * Any bytes as a model file, its checksums made right: a head that reads well
 * is written again and reads the same, and so are the tensors behind it.
 */
#include <stdint.h>
#include <string.h>

#include "model/head.h"
#include "model/ranker.h"
#include "model/store.h"
#include "model/towers.h"
#include "repair.h"
#include "scratch.h"

/* A fuzzer finds heads of enormous models, which are no error and no use. */
#define PARAMETERS_MAX ((uint64_t)1 << 16)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* More than a network of this head has. */
static uint64_t
at_most(const struct model_head *h)
{
    uint64_t width = 1, all = 0;

    for (size_t i = 0; i < h->spec.features; i++) {
        const struct feature *f = &h->spec.feature[i];

        width += f->dim + 1;
        all += (uint64_t)f->size * f->dim;
        if (all > PARAMETERS_MAX || width > PARAMETERS_MAX)
            return UINT64_MAX;
    }
    all += h->cross * width * (width + 1);
    for (size_t i = 0; i < h->layers; i++) {
        all += (width + 1) * h->layer[i];
        width = h->layer[i];
    }
    return 2 * (all + width + 1);
}

static void
check_head(const struct model_head *h, const char *kind)
{
    struct schema once = { 0 }, twice = { 0 };
    struct model_head again;
    struct error e;

    REQUIRE(model_head_write(h, kind, &once, &e) == 0);
    REQUIRE(model_head_read(&again, kind, &once, &e) == 0);
    REQUIRE(model_head_write(&again, kind, &twice, &e) == 0);
    REQUIRE(once.metas == twice.metas && schema_same_metas(&once, &twice, &e));
    model_head_free(&again);
    schema_free(&once);
    schema_free(&twice);
}

static int
put_block(void *ctx, const struct block *b, struct error *e)
{
    return writer_put(ctx, b, e);
}

/* T as it was read from R is written and read again. */
static void
check_tensors(struct reader *r, const struct tensor *t, size_t n)
{
    static int fd = -1;
    struct schema s = { 0 };
    struct reader *again;
    struct buffer was = { 0 };
    struct writer *w;
    struct error e = { "" };
    size_t at = 0;

    if (store_read(r, t, n, &e) != 0) {
        REQUIRE(e.text[0] != '\0');
        return;
    }
    if (fd < 0)
        fd = scratch_new();
    scratch_fill(fd, "", 0);
    REQUIRE(store_columns(&s, &e) == 0);
    w = writer_new(fd, &s, false, &e);
    REQUIRE(w != NULL && store_write(t, n, put_block, w, &e) == 0);
    REQUIRE(writer_finish(w, &e) == 0);
    for (size_t i = 0; i < n; i++) {
        const size_t bytes = t[i].rows * t[i].cols * sizeof(float);

        REQUIRE(buffer_append(&was, t[i].data, bytes, &e) == 0);
        memset(t[i].data, 0x55, bytes);
    }
    REQUIRE(lseek(fd, 0, SEEK_SET) == 0);
    again = reader_new(fd, &e);
    REQUIRE(again != NULL && store_read(again, t, n, &e) == 0);
    for (size_t i = 0; i < n; i++) {
        const size_t bytes = t[i].rows * t[i].cols * sizeof(float);

        REQUIRE(memcmp(was.data + at, t[i].data, bytes) == 0);
        at += bytes;
    }
    reader_free(again);
    writer_free(w);
    schema_free(&s);
    buffer_free(&was);
}

static void
check_towers(const struct model_head *h, struct reader *r)
{
    struct error e = { "" };
    struct towers *m = towers_new(h->spec.feature, h->spec.features, h->layer,
                                  h->layers, h->cosine, &e);

    REQUIRE(m != NULL || e.text[0] != '\0');
    if (m != NULL)
        check_tensors(r, m->net[PART_ITEM]->tensor, m->net[PART_ITEM]->tensors);
    towers_free(m);
}

static void
check_ranker(const struct model_head *h, struct reader *r)
{
    const struct network_shape shape = model_head_shape(h);
    struct error e = { "" };
    struct ranker *m =
        ranker_new(h->spec.feature, h->spec.features, &shape, &e);

    REQUIRE(m != NULL || e.text[0] != '\0');
    if (m != NULL)
        check_tensors(r, m->net->tensor, m->net->tensors);
    ranker_free(m);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int fd = -1;
    struct buffer copy = { 0 };
    struct model_head h;
    struct reader *r;
    struct error e;

    if (fd < 0)
        fd = scratch_new();
    REQUIRE(buffer_append(&copy, data, size, &e) == 0);
    repair(copy.data, copy.len);
    scratch_fill(fd, copy.data, copy.len);
    buffer_free(&copy);
    r = reader_new(fd, &e);
    if (r == NULL)
        return 0;
    if (model_head_read(&h, "towers", reader_schema(r), &e) == 0) {
        check_head(&h, "towers");
        if (at_most(&h) <= PARAMETERS_MAX)
            check_towers(&h, r);
        model_head_free(&h);
    } else if (model_head_read(&h, "ranker", reader_schema(r), &e) == 0) {
        check_head(&h, "ranker");
        if (at_most(&h) <= PARAMETERS_MAX)
            check_ranker(&h, r);
        model_head_free(&h);
    }
    reader_free(r);
    return 0;
}
