#include "filter/pairs.h"

#include <string.h>

#include "model/intake.h"

const struct feature *
pairs_query(const struct input *in, const struct model_head *head,
            const char *name)
{
    for (size_t i = 0; i < head->spec.features; i++) {
        const struct feature *f = &head->spec.feature[i];

        if (f->part == PART_QUERY && f->encoder == ENCODER_LOOKUP &&
            !feature_is_list(f) &&
            (name == NULL || strcmp(f->name, name) == 0 ||
             strcmp(f->column, name) == 0))
            return f;
    }
    if (name != NULL)
        input_bad(in, "no lookup '%s' among the features of the query", name);
    input_bad(in, "no lookup among the features of the query: nobody asks");
}

const struct feature *
pairs_item(const struct input *in, const struct model_head *head)
{
    const struct feature *f = spec_key(&head->spec);

    if (f == NULL)
        input_bad(in, "no feature is marked 'key': items have no names");
    return f;
}

void
pairs_keep(struct model_head *head, struct feature query, struct feature item,
           size_t dim)
{
    struct feature *f = head->spec.feature;

    f[PART_QUERY] = query;
    f[PART_ITEM] = item;
    f[PART_QUERY].dim = f[PART_ITEM].dim = (uint32_t)dim;
    head->spec.features = MODEL_PARTS;
}

struct pairs
pairs_read(struct input *in, const struct feature *query,
           const struct feature *item)
{
    const struct feature feature[MODEL_PARTS] = { *query, *item };
    struct feature_values values[MODEL_PARTS];
    struct intake intake;
    struct pairs p;
    struct error e;
    struct block b;

    if (intake_init(&intake, feature, MODEL_PARTS, true, true, input_schema(in),
                    &e) != 0)
        input_bad(in, "%s", e.text);
    pairs_init(&p, query->size, item->size);
    while (input_next(in, &b)) {
        intake_block(&intake, &b, values);
        if (intake_check(&intake, &b, values, &e) != 0)
            input_bad(in, "%s", e.text);
        must(pairs_append(&p, values[0].id, values[1].id, b.rows, &e), &e);
    }
    must(pairs_finish(&p, &e), &e);
    if (p.n == 0)
        input_bad(in, "no row of a known query and a known item");
    intake_free(&intake);
    notice("%zu pairs of %zu queries and %zu items", p.n,
           p.side[PART_QUERY].present, p.side[PART_ITEM].present);
    return p;
}
