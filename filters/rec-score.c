/*
 * rec-score - what another model says of the candidates in lists
 *
 * The items are held in memory, the lists go through, a block out for a block
 * in.  So the scores of any number of models stand side by side, as features of
 * a model of the second stage.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "filter/filter.h"
#include "filter/index.h"
#include "retrieval/lists.h"

struct options {
    const char *items;  /* file */
    const char *column; /* of a number of each item; NULL: embeddings */
    const char *id;     /* items' column, NULL for what meta key says */
    const char *as, *path;
};

enum { OPT_ID = 256, OPT_AS };

static const struct cli_option option_table[] = {
    { 'i', "items", CLI_FILE, "FILE", "the items and their embeddings" },
    { 'c', "column", CLI_VALUE, "COLUMN",
      "no inner products, but this number of each item" },
    { OPT_AS, "as", CLI_VALUE, "NAME", "name the new column NAME (score)" },
    { OPT_ID, "id", CLI_VALUE, "COLUMN",
      "what tells items apart (what the items' meta key names)" },
    { 0 },
};

static const struct cli cli = {
    .name = "rec-score",
    .operands = "[FILE]",
    .purpose = "Score candidates by the inner products of another model.",
    .example = "rec-embed -m als.rms --tower query lists.rms | "
               "rec-score -i als-items.rms --as als",
    .flags = CLI_STREAM_OUT | CLI_THREADS,
    .options = option_table,
};

static struct options
parse_options(int argc, char **argv)
{
    struct options opt = { .as = "score" };
    const char *value;
    int c;

    cli_init(&cli, argc, argv);
    while ((c = cli_next(&value)) != 0) {
        switch (c) {
        case 'i': opt.items = value; break;
        case 'c': opt.column = value; break;
        case OPT_AS: opt.as = value; break;
        case OPT_ID: opt.id = value; break;
        }
    }
    if (opt.items == NULL)
        usage_error("--items is missing: where are the items?");
    opt.path = cli_operand_or_stdin();
    cli_one_stdin(opt.items, opt.path, "--items and the lists");
    return opt;
}

/* Where lists come from and go to. */
struct flow {
    struct input *in;
    size_t candidates;
    long embedding; /* column, -1 with --column */
    const struct index *index;
    struct output *out;
    size_t columns;       /* of what goes out */
    struct array *column; /* [columns] */
    float *score;
    size_t room;
};

static struct flow
open_flow(const struct options *opt, const struct index *index)
{
    struct flow f = { .in = input_open(opt->path),
                      .embedding = -1,
                      .index = index };
    const struct schema *in = input_schema(f.in);
    struct schema s;
    struct error e;

    f.candidates = input_column_of(f.in, "candidates", TYPE_U32, SHAPE_LIST);
    input_same_ids(f.in, index->in, index->id);
    must(schema_copy(&s, in, &e), &e);
    if (opt->column == NULL) {
        const size_t c =
            input_column_of(f.in, INDEX_EMBEDDING, TYPE_F32, SHAPE_VECTOR);

        if (in->column[c].width != index->items.width)
            input_bad(f.in, "embeddings have %u numbers, those of %s have %zu",
                      (unsigned)in->column[c].width, opt->items,
                      index->items.width);
        f.embedding = (long)c;
        schema_remove(&s, c);
    }
    if (schema_add(&s, opt->as, TYPE_F32, SHAPE_LIST, 0, &e) != 0)
        input_bad(f.in, "%s", e.text);
    f.out = output_open(cli_output(), &s);
    f.columns = s.columns;
    f.column = must_new(f.columns, sizeof *f.column);
    schema_free(&s);
    return f;
}

static void
close_flow(struct flow *f)
{
    output_close(f->out);
    input_close(f->in);
    free(f->column);
    free(f->score);
}

/* Some candidate of B is none of the items: say which. */
_Noreturn static void
refuse(const struct flow *f, const struct lists *l)
{
    uint32_t row = 0;
    size_t i = 0;

    while (!isnan(f->score[i]))
        i++;
    while (l->list[row + 1] <= i)
        row++;
    input_bad_row(f->in, row, "candidate %u is none of the items",
                  (unsigned)l->id[i]);
}

static void
score(struct flow *f, const struct block *b)
{
    const struct index *index = f->index;
    const struct array *a = &b->column[f->candidates];
    const struct lists l = { b->rows, a->list, array_u32(a) };
    const float *query = NULL;
    size_t n = 0;

    if (f->embedding >= 0) {
        const size_t width = index->items.width;
        size_t bad;

        query = array_f32(&b->column[f->embedding]);
        bad = exact_bad_row(query, b->rows, width);
        if (bad < b->rows)
            input_bad_row(f->in, (uint32_t)bad, "embedding is not finite");
    }
    f->score = must_grow(f->score, &f->room, a->count + 1, sizeof *f->score);
    if (!lists_score(index->exact, &index->items, query, &l, index->threads,
                     f->score))
        refuse(f, &l);
    for (size_t c = 0; c < b->columns; c++)
        if ((long)c != f->embedding)
            f->column[n++] = b->column[c];
    f->column[n] = (struct array){ a->list, NULL, f->score, a->count };
    output_put(f->out, &(struct block){ b->rows, f->columns, f->column });
}

int
main(int argc, char **argv)
{
    const struct options opt = parse_options(argc, argv);
    struct index index =
        opt.column != NULL
            ? index_open_numbers(opt.items, opt.id, opt.column)
            : index_open(opt.items, opt.id, false, &(size_t){ 1 });
    struct flow f = open_flow(&opt, &index);
    struct block b;

    while (input_next(f.in, &b))
        score(&f, &b);
    if (output_rows(f.out) == 0)
        input_bad(f.in, "no rows");
    close_flow(&f);
    index_close(&index);
    return EXIT_SUCCESS;
}
