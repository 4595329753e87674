#include "base/pile.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/spool.h"

/* What is gathered before it is written. */
#define BUFFER ((size_t)256 * 1024)

/* The file has no name that a message could give. */
static int
fail(struct error *e)
{
    return error_errno(e, "rows kept in %s", spool_folder());
}

static int
flush(struct pile *p, struct error *e)
{
    if (p->held > 0 && io_write(p->fd, p->data, p->held) != 0)
        return fail(e);
    p->written += p->held;
    p->held = 0;
    return 0;
}

int
pile_append(struct pile *p, const void *bytes, size_t len, struct error *e)
{
    unsigned char *data;

    if (p->spilled && p->held + len > BUFFER && flush(p, e) != 0)
        return -1;
    data = mem_grow(p->data, &p->cap, p->held + len, 1, e);
    if (data == NULL)
        return -1;
    p->data = data;
    if (len > 0)
        memcpy(data + p->held, bytes, len);
    p->held += len;
    return 0;
}

int
pile_spill(struct pile *p, struct error *e)
{
    if (p->spilled)
        return 0;
    p->fd = spool_new(e);
    if (p->fd < 0)
        return -1;
    p->spilled = true;
    if (flush(p, e) != 0)
        return -1;
    free(p->data);
    p->data = NULL;
    p->cap = 0;
    return 0;
}

int
pile_end(struct pile *p, struct error *e)
{
    if (!p->spilled) {
        p->data = mem_trim(p->data, &p->cap, p->held, 1);
        return 0;
    }
    if (flush(p, e) != 0)
        return -1;
    free(p->data);
    p->data = NULL;
    p->cap = 0;
    return 0;
}

int
pile_read(const struct pile *p, size_t at, void *to, size_t len,
          struct error *e)
{
    ssize_t got;

    assert(len <= pile_size(p) && at <= pile_size(p) - len);
    if (!p->spilled) {
        if (len > 0)
            memcpy(to, p->data + at, len);
        return 0;
    }
    got = io_read_at(p->fd, to, len, (off_t)at);
    if (got < 0)
        return fail(e);
    if ((size_t)got < len)
        return error_set(e, "rows kept in %s: cut short", spool_folder());
    return 0;
}

void
pile_free(struct pile *p)
{
    if (p->spilled)
        (void)close(p->fd);
    free(p->data);
    *p = (struct pile){ 0 };
}
