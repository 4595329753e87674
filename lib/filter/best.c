#include "filter/best.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter/must.h"

#define PREFIX "best."
#define COPY_NAME_MAX (TENSOR_NAME_MAX + sizeof PREFIX)

static size_t
elements(const struct tensor *t)
{
    return t->rows * t->cols;
}

void
best_init(struct best *b, const struct tensor *parameter, size_t n)
{
    size_t parameters = 0, at = 0;

    for (size_t i = 0; i < n; i++)
        parameters += elements(&parameter[i]);
    b->parameter = parameter;
    b->n = n;
    b->tensor = must_new(n, sizeof *b->tensor);
    b->value = must_new(parameters, sizeof *b->value);
    b->names = must_new(n, COPY_NAME_MAX);
    for (size_t i = 0; i < n; i++) {
        const struct tensor *p = &parameter[i];
        char *name = b->names + i * COPY_NAME_MAX;

        snprintf(name, COPY_NAME_MAX, PREFIX "%s", p->name);
        b->tensor[i] = (struct tensor){ name, p->rows, p->cols, b->value + at };
        at += elements(p);
    }
}

void
best_free(struct best *b)
{
    free(b->tensor);
    free(b->value);
    free(b->names);
    *b = (struct best){ 0 };
}

static void
copy(const struct tensor *from, const struct tensor *to, size_t n)
{
    for (size_t i = 0; i < n; i++)
        memcpy(to[i].data, from[i].data, elements(&from[i]) * sizeof(float));
}

void
best_judge(struct best *b, struct best_so_far *so_far, uint64_t epoch,
           double value, bool falls)
{
    const bool better = falls ? value < so_far->value : value > so_far->value;

    if (so_far->epoch > 0 && !better) {
        so_far->since++;
        return;
    }
    *so_far = (struct best_so_far){ .epoch = epoch, .value = value };
    copy(b->parameter, b->tensor, b->n);
}

void
best_restore(const struct best *b)
{
    copy(b->tensor, b->parameter, b->n);
}
