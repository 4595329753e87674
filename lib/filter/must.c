#include "filter/must.h"

#include "base/mem.h"
#include "filter/message.h"

void
must(int status, const struct error *e)
{
    if (status != 0)
        die("%s", e->text);
}

void *
must_have(void *p, const struct error *e)
{
    must(p != NULL ? 0 : -1, e);
    return p;
}

void *
must_new(size_t n, size_t size)
{
    struct error e;
    void *p = mem_new(n, size, &e);

    must(p != NULL ? 0 : -1, &e);
    return p;
}

void *
must_grow(void *p, size_t *cap, size_t need, size_t size)
{
    struct error e;
    void *grown = mem_grow(p, cap, need, size, &e);

    must(grown != NULL ? 0 : -1, &e);
    return grown;
}
