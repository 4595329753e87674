#include "filter/model.h"

#include <stdlib.h>
#include <string.h>

#include "base/world.h"
#include "model/store.h"
#include "rows/value.h"

/* The tensors that the rest of IN has to fill. */
static void
read_tensors(struct input *in, const struct tensor *t, size_t n)
{
    struct error e;

    if (store_read(input_reader(in), t, n, &e) != 0) {
        output_blame(reader_upstream_message(input_reader(in)));
        input_bad(in, "%s", e.text);
    }
}

static struct input *
open_head(const char *path, const char *kind, struct model_head *head)
{
    struct input *in = input_open(path);
    struct error e;

    if (model_head_read(head, kind, input_schema(in), &e) != 0)
        input_bad(in, "%s", e.text);
    return in;
}

/* Both towers' tensors in one list, to be freed. */
static struct tensor *
tensors_of_towers(const struct towers *m, size_t *n)
{
    const struct network *q = m->net[PART_QUERY], *i = m->net[PART_ITEM];
    struct tensor *t = must_new(q->tensors + i->tensors, sizeof *t);

    memcpy(t, q->tensor, q->tensors * sizeof *t);
    memcpy(t + q->tensors, i->tensor, i->tensors * sizeof *t);
    *n = q->tensors + i->tensors;
    return t;
}

static void
fill_towers(struct towers *m, struct input *in)
{
    size_t n;
    struct tensor *t = tensors_of_towers(m, &n);

    read_tensors(in, t, n);
    free(t);
}

struct towers *
model_open_towers(const char *path, struct model_head *head)
{
    struct input *in = open_head(path, "towers", head);
    struct error e;
    struct towers *m =
        must_have(towers_new(head->spec.feature, head->spec.features,
                             head->layer, head->layers, head->cosine, &e),
                  &e);

    fill_towers(m, in);
    input_close(in);
    return m;
}

struct ranker *
model_open_ranker(const char *path, struct model_head *head)
{
    struct input *in = open_head(path, "ranker", head);
    const struct network_shape shape = model_head_shape(head);
    struct error e;
    struct ranker *m = must_have(
        ranker_new(head->spec.feature, head->spec.features, &shape, &e), &e);

    read_tensors(in, m->net->tensor, m->net->tensors);
    input_close(in);
    return m;
}

/* The model in IN must have the features and layers of HEAD. */
static void
must_match(struct input *in, const struct model_head *is,
           const struct model_head *head)
{
    bool same =
        is->layers == head->layers && is->cosine == head->cosine &&
        is->spec.features == head->spec.features &&
        memcmp(is->layer, head->layer, head->layers * sizeof *is->layer) == 0 &&
        is->cross == head->cross && is->products == head->products &&
        memcmp(is->product, head->product,
               head->products * sizeof *is->product) == 0;

    for (size_t i = 0; same && i < head->spec.features; i++) {
        char a[FEATURE_LINE_MAX], b[FEATURE_LINE_MAX];

        feature_format(&is->spec.feature[i], a);
        feature_format(&head->spec.feature[i], b);
        same = strcmp(a, b) == 0;
    }
    if (!same)
        input_bad(
            in,
            "a model of other features, layers, similarity or interactions");
}

void
model_init_towers(struct towers *m, const struct model_head *head,
                  const char *path)
{
    struct model_head is;
    struct input *in = open_head(path, "towers", &is);

    must_match(in, &is, head);
    fill_towers(m, in);
    model_head_free(&is);
    input_close(in);
}

void
model_init_ranker(struct ranker *m, const struct model_head *head,
                  const char *path)
{
    struct model_head is;
    struct input *in = open_head(path, "ranker", &is);

    must_match(in, &is, head);
    read_tensors(in, m->net->tensor, m->net->tensors);
    model_head_free(&is);
    input_close(in);
}

static int
put_block(void *ctx, const struct block *b, struct error *e)
{
    (void)e; /* output_put() dies itself */
    output_put(ctx, b);
    return 0;
}

struct output *
model_output(const char *kind, const struct model_head *head,
             const struct schema *from)
{
    struct schema s = { 0 };
    struct output *out;
    struct error e;

    must(store_columns(&s, &e), &e);
    must(model_head_write(head, kind, &s, &e), &e);
    for (size_t i = 0; i < from->steps; i++)
        must(schema_add_step(&s, from->step[i], &e), &e);
    out = output_open(world_rank() == 0 ? cli_output() : "/dev/null", &s);
    schema_free(&s);
    return out;
}

void
model_write(struct output *out, const struct tensors *part, size_t parts)
{
    struct error e;

    for (size_t i = 0; i < parts; i++)
        must(store_write(part[i].tensor, part[i].n, put_block, out, &e), &e);
    output_close(out);
}

/* The column of labels, or NULL. */
static const uint8_t *
labels_of(const struct input *in, const struct block *b, bool labelled)
{
    size_t c;

    if (!labelled)
        return NULL;
    c = input_column_of(in, "label", TYPE_U8, SHAPE_SCALAR);
    return array_u8(&b->column[c]);
}

/* The numbers of column C, which B is given as grades. */
static void
add_grades(struct input *in, const struct block *b, size_t c,
           struct examples *x)
{
    const enum type type = input_schema(in)->column[c].type;
    float *grade = must_new(b->rows, sizeof *grade);
    struct error e;

    for (uint32_t r = 0; r < b->rows; r++)
        grade[r] = (float)array_number(&b->column[c], type, r);
    if (examples_append_grades(x, b->rows, grade, &e) != 0)
        input_bad(in, "%s: %s", input_schema(in)->column[c].name, e.text);
    free(grade);
}

static size_t
find_grades(const struct input *in, const char *name)
{
    const size_t c = input_column(in, name);
    const struct column *is = &input_schema(in)->column[c];

    if (is->shape != SHAPE_SCALAR || is->type == TYPE_STR)
        input_bad(in, "column '%s' is no number a row", name);
    return c;
}

/* A column of the input that is read beside features and labels. */
struct beside {
    size_t column;
    struct groups *lists; /* it says which rows are a list, or NULL */
    bool grades;          /* it has grades */
};

static void
take_beside(struct input *in, const struct block *b, const struct beside *take,
            struct examples *x)
{
    struct error e;
    uint32_t bad;

    if (take->lists != NULL &&
        groups_append(take->lists, &b->column[take->column],
                      input_schema(in)->column[take->column].type, b->rows,
                      &bad, &e) != 0)
        input_bad_row(in, bad, "%s", e.text);
    if (take->grades)
        add_grades(in, b, take->column, x);
}

/* TAKE may be NULL. */
static struct examples *
read_examples(struct input *in, const struct model_head *head, bool labelled,
              uint64_t memory, const struct beside *take)
{
    const struct feature *f = head->spec.feature;
    const size_t n = head->spec.features;
    struct feature_values *values = must_new(n, sizeof *values);
    struct intake intake;
    struct examples *x;
    struct error e;
    struct block b;

    if (intake_init(&intake, f, n, true, true, input_schema(in), &e) != 0)
        input_bad(in, "%s", e.text);
    x = must_have(examples_new(f, n, labelled, &e), &e);
    if (memory > 0)
        examples_limit(x, (size_t)memory);
    while (input_next(in, &b)) {
        intake_block(&intake, &b, values);
        if (examples_append(x, b.rows, values, labels_of(in, &b, labelled),
                            &e) != 0)
            input_bad(in, "%s", e.text);
        if (take != NULL)
            take_beside(in, &b, take, x);
    }
    if (x->rows == 0)
        input_bad(in, "no rows");
    must(examples_finish(x, &e), &e);
    intake_free(&intake);
    free(values);
    return x;
}

struct examples *
model_examples(struct input *in, const struct model_head *head, bool labelled,
               uint64_t memory)
{
    return read_examples(in, head, labelled, memory, NULL);
}

struct examples *
model_lists(struct input *in, const struct model_head *head, const char *column,
            struct groups *g)
{
    const struct beside take = { input_column(in, column), g, false };
    struct examples *x;
    struct error e;

    if (key_check(&input_schema(in)->column[take.column], &e) != 0)
        input_bad(in, "%s", e.text);
    x = read_examples(in, head, true, 0, &take);
    groups_finish(g, x->label);
    if (g->n == 0)
        input_bad(in, "no list by '%s' has a label 1", column);
    if (g->left_out > 0)
        notice("%s: %zu of %zu lists have no label 1 and were left out",
               input_name(in), g->left_out, g->left_out + g->n);
    return x;
}

struct examples *
model_graded_examples(struct input *in, const struct model_head *head,
                      const char *grades)
{
    const struct beside take = { find_grades(in, grades), NULL, true };

    return read_examples(in, head, true, 0, &take);
}

struct examples *
model_lists_of(const char *path, const struct model_head *head,
               const char *column, struct groups *g)
{
    struct input *in = input_open(path);
    struct examples *x = model_lists(in, head, column, g);

    input_close(in);
    return x;
}

struct examples *
model_examples_of(const char *path, const struct model_head *head,
                  bool labelled)
{
    struct input *in = input_open(path);
    struct examples *x = model_examples(in, head, labelled, 0);

    input_close(in);
    return x;
}

struct threads *
model_threads(void)
{
    struct error e;

    return must_have(threads_new(cli_threads(), &e), &e);
}
