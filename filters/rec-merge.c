/*
 * rec-merge - lists of candidates from parts of the items, made one
 *
 * Each part has had the same queries; a query's K best of all items are the K
 * best of the parts' K best.  A row of every part is held, and what it becomes.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "filter/filter.h"
#include "retrieval/topk.h"
#include "rows/value.h"

#define DEFAULT_COUNT 100
#define PARTS_MAX 1024

struct options {
    size_t count; /* candidates a query */
    char **path;
    size_t parts;
};

static const struct cli_option option_table[] = {
    { 'k', "count", CLI_VALUE, "K", "keep K candidates of each row (100)" },
    { 0 },
};

static const struct cli cli = {
    .name = "rec-merge",
    .operands = "FILE...",
    .purpose = "Merge the lists that parts of the items gave the same queries.",
    .example = "rec-merge -k 10 part-1.rms part-2.rms | rec-ndcg --at 10",
    .flags = CLI_STREAM_OUT,
    .options = option_table,
};

static struct options
parse_options(int argc, char **argv)
{
    struct options opt = { .count = DEFAULT_COUNT };
    const char *value;
    size_t stdins = 0;
    int c, parts;

    cli_init(&cli, argc, argv);
    while ((c = cli_next(&value)) != 0)
        if (c == 'k')
            opt.count = cli_u64(c, value, 1, UINT32_MAX);
    opt.path = cli_operands(1, PARTS_MAX, &parts);
    opt.parts = (size_t)parts;
    for (size_t i = 0; i < opt.parts; i++)
        stdins += strcmp(opt.path[i], "-") == 0;
    if (stdins > 1)
        usage_error("only one part can be standard input");
    return opt;
}

/* Ids of a row, for topk_sort(). */
struct keys {
    uint64_t *v;
    size_t cap;
};

/* One of the streams, and the row of it that comes next. */
struct part {
    struct input *in;
    size_t candidates, scores; /* columns */
    long *same;                /* where the first part's columns are, or -1 */
    struct block b;
    uint32_t row;
};

/* Columns by which rows must agree: one string or integer a row. */
static void
find_same(struct part *p, const struct schema *first)
{
    const struct schema *s = input_schema(p->in);
    struct error e;

    p->same = must_new(first->columns, sizeof *p->same);
    for (size_t c = 0; c < first->columns; c++) {
        const long at = schema_find(s, first->column[c].name);

        p->same[c] = -1;
        if (key_check(&first->column[c], &e) != 0)
            continue;
        if (at < 0 || key_check(&s->column[at], &e) != 0)
            input_bad(p->in, "has no column '%s' of keys, as the first part",
                      first->column[c].name);
        p->same[c] = at;
    }
}

static struct part *
open_parts(const struct options *opt)
{
    struct part *part = must_new(opt->parts, sizeof *part);

    for (size_t i = 0; i < opt->parts; i++) {
        struct part *p = &part[i];

        p->in = input_open(opt->path[i]);
        p->candidates =
            input_column_of(p->in, "candidates", TYPE_U32, SHAPE_LIST);
        p->scores = input_column_of(p->in, "scores", TYPE_F32, SHAPE_LIST);
        if (strcmp(input_meta(p->in, "key"), input_meta(part->in, "key")) != 0)
            input_bad(p->in,
                      "candidates are ids of %s, in the first part of %s",
                      input_meta(p->in, "key"), input_meta(part->in, "key"));
        input_same_ids(p->in, part->in, input_meta(part->in, "key"));
        find_same(p, input_schema(part->in));
    }
    return part;
}

/* Is there a row? */
static bool
more(struct part *p)
{
    while (p->row == p->b.rows) {
        p->row = 0;
        if (!input_next(p->in, &p->b)) {
            p->b.rows = 0;
            return false;
        }
    }
    return true;
}

/* Is there a row in all parts?  One that has fewer is an error. */
static bool
next_rows(struct part *part, size_t parts)
{
    const bool there = more(part);

    for (size_t i = 1; i < parts; i++)
        if (more(&part[i]) != there)
            input_bad(part[there ? i : 0].in, "has fewer rows than %s",
                      input_name(part[there ? 0 : i].in));
    return there;
}

static void
check_same(const struct part *first, const struct part *p)
{
    const struct schema *a = input_schema(first->in), *b = input_schema(p->in);

    for (size_t c = 0; c < a->columns; c++) {
        struct key x, y;

        if (p->same[c] < 0)
            continue;
        key_at(&x, &first->b.column[c], a->column[c].type, first->row);
        key_at(&y, &p->b.column[p->same[c]], b->column[p->same[c]].type,
               p->row);
        if (x.len != y.len || memcmp(x.data, y.data, x.len) != 0)
            input_bad_row(p->in, p->row, "%s differs from that of %s",
                          a->column[c].name, input_name(first->in));
    }
}

static void
push_list(struct topk *best, const struct part *p)
{
    const struct array *id = &p->b.column[p->candidates];
    const struct array *score = &p->b.column[p->scores];
    const uint32_t first = id->list[p->row], n = id->list[p->row + 1] - first;
    const float *s = array_f32(score) + score->list[p->row];

    if (score->list[p->row + 1] - score->list[p->row] != n)
        input_bad_row(p->in, p->row, "candidates and scores are not as many");
    for (uint32_t i = 0; i < n; i++) {
        if (isnan(s[i]))
            input_bad_row(p->in, p->row, "a score is not a number");
        topk_push(best, topk_key(s[i], array_u32(id)[first + i]));
    }
}

/* The last part with item ID, which one of them has. */
static const struct part *
last_with(const struct part *part, size_t parts, uint64_t id)
{
    for (size_t i = parts; i-- > 0;) {
        const struct array *a = &part[i].b.column[part[i].candidates];

        for (uint32_t at = a->list[part[i].row]; at < a->list[part[i].row + 1];
             at++)
            if (array_u32(a)[at] == id)
                return &part[i];
    }
    return part;
}

/* Parts of the items have none in common; IDS is scratch memory. */
static void
check_once(const struct part *part, size_t parts, struct keys *ids)
{
    size_t n = 0;

    for (size_t i = 0; i < parts; i++) {
        const struct array *id = &part[i].b.column[part[i].candidates];
        const uint32_t end = id->list[part[i].row + 1];

        ids->v = must_grow(ids->v, &ids->cap,
                           n + end - id->list[part[i].row] + 1, sizeof *ids->v);
        for (uint32_t at = id->list[part[i].row]; at < end; at++)
            ids->v[n++] = array_u32(id)[at];
    }
    topk_sort(ids->v, n);
    for (size_t i = 1; i < n; i++)
        if (ids->v[i] == ids->v[i - 1])
            input_bad_row(last_with(part, parts, ids->v[i])->in, part->row,
                          "item %" PRIu64 " is there twice", ids->v[i]);
}

/* The row of all parts, with the best of their candidates. */
static void
merge_row(struct table *t, const struct part *part, size_t parts,
          struct topk best)
{
    const struct schema *s = input_schema(part->in);
    struct error e;

    for (size_t i = 0; i < parts; i++) {
        check_same(part, &part[i]);
        push_list(&best, &part[i]);
    }
    topk_finish(&best);
    topk_sort(best.key, best.len);
    for (size_t i = 0; i < best.len; i++) {
        const uint32_t id = topk_key_id(best.key[i]);
        const float score = topk_key_score(best.key[i]);

        must(builder_add(&t->column[part->candidates], &id, 1, &e), &e);
        must(builder_add(&t->column[part->scores], &score, 1, &e), &e);
    }
    for (size_t c = 0; c < s->columns; c++)
        if (c == part->candidates || c == part->scores)
            must(builder_end_row(&t->column[c], &e), &e);
        else
            must(builder_gather(&t->column[c], &s->column[c],
                                &part->b.column[c], &part->row, 1, &e),
                 &e);
    t->rows++;
}

int
main(int argc, char **argv)
{
    const struct options opt = parse_options(argc, argv);
    struct part *part = open_parts(&opt);
    struct output *out = output_open(cli_output(), input_schema(part->in));
    uint64_t *memory = must_new(TOPK_ROOM(opt.count), sizeof *memory);
    struct keys ids = { 0 };
    struct topk best;
    struct table t;
    struct error e;

    must(table_init(&t, input_schema(part->in), &e), &e);
    while (next_rows(part, opt.parts)) {
        topk_start(&best, memory, opt.count);
        check_once(part, opt.parts, &ids);
        merge_row(&t, part, opt.parts, best);
        for (size_t i = 0; i < opt.parts; i++)
            part[i].row++;
        if (table_is_full(&t))
            output_put_table(out, &t);
    }
    if (t.rows > 0)
        output_put_table(out, &t);
    output_close(out);
    for (size_t i = 0; i < opt.parts; i++) {
        input_close(part[i].in);
        free(part[i].same);
    }
    table_free(&t);
    free(memory);
    free(ids.v);
    free(part);
    return EXIT_SUCCESS;
}
