#include "filter/widen.h"

#include <stdlib.h>
#include <string.h>

#include "filter/cli.h"
#include "filter/must.h"

void
widen_start(struct widened *w, struct input *in)
{
    struct error e;

    *w = (struct widened){ .in = in };
    must(schema_copy(&w->schema, input_schema(in), &e), &e);
}

void
widen_by(struct widened *w, const char *name, enum type type, enum shape shape,
         uint32_t width)
{
    struct error e;

    if (schema_add(&w->schema, name, type, shape, width, &e) != 0)
        input_bad(w->in, "%s", e.text);
}

void
widen_open(struct widened *w)
{
    w->column = must_new(w->schema.columns, sizeof *w->column);
    w->added = w->column + input_schema(w->in)->columns;
    w->out = output_open(cli_output(), &w->schema);
}

void
widen_put(struct widened *w, const struct block *b)
{
    memcpy(w->column, b->column, b->columns * sizeof *w->column);
    output_put(w->out,
               &(struct block){ b->rows, w->schema.columns, w->column });
}

void
widen_close(struct widened *w)
{
    output_close(w->out);
    free(w->column);
    schema_free(&w->schema);
}
