/*
 * The ranking model of lists: the loss against its formula, gradients against
 * measured slopes.
 */
#include "model/ranker_train.h"

#include "check.h"
#include "golden_model.h"
#include "reference_model.h"

static const uint32_t layers[] = { 9, 5 };

/* Lists of the golden rows: from a row to another, and a label of 1 in each. */
struct lists_of {
    const struct examples *x;
    const struct network *n;
    const struct groups *lists;
    const uint32_t *number;
    size_t numbers;
    double *value;
};

static double
reference_list_loss(void *ctx)
{
    const struct lists_of *l = ctx;
    double loss = 0;

    for (size_t i = 0; i < l->numbers; i++) {
        const uint32_t begin = l->lists->begin.v[l->number[i]];
        const uint32_t end = l->lists->end.v[l->number[i]];
        double sum = 0, ones = 0, chosen = 0;

        for (uint32_t row = begin; row < end; row++) {
            double logit[REFERENCE_WIDTH_MAX];

            reference_network(l->n, l->value, l->x, row, logit);
            sum += exp(logit[0]);
            ones += l->x->label[row];
            chosen += l->x->label[row] * logit[0];
        }
        loss += log(sum) - chosen / ones;
    }
    return loss / (double)l->numbers;
}

/* Lists of seven rows each, in a network of LAYERS layers. */
static void
test_list_slopes(const struct examples *x, size_t count)
{
    static uint32_t key[GOLDEN_ROWS];
    const struct array a = { NULL, NULL, key, GOLDEN_ROWS };
    const uint32_t number[] = { 5, 0, 11, 3 };
    struct groups g = { 0 };
    struct ranker_options o = {
        .optimizer = { .kind = OPTIMIZER_SGD, .rate = 0.1 }, .lists = &g
    };
    const struct network_shape flat = { .layer = layers, .layers = count };
    struct lists_of l = { x, NULL, &g, number, 4, NULL };
    const struct gradient *gradient;
    struct ranker_train *t;
    struct ranker *m;
    struct error e;
    uint32_t bad;
    double loss;

    for (uint32_t i = 0; i < GOLDEN_ROWS; i++)
        key[i] = i / 7;
    m = ranker_new(golden_feature, GOLDEN_FEATURES, &flat, &e);
    if (m == NULL ||
        groups_append(&g, &a, TYPE_U32, (uint32_t)GOLDEN_ROWS, &bad, &e) != 0)
        die_of(&e);
    groups_finish(&g, x->label);
    if (count > 0)
        golden_load("ranker/init", m->net); /* no unit is near 0 */
    else
        ranker_init(m, 5);
    t = ranker_train_new(m, x, &o, &e);
    if (t == NULL)
        die_of(&e);
    l.n = m->net;
    for (int step = 0; step < 3; step++) {
        l.value = reference_value(m->net);
        gradient = ranker_gradient(t, number, 4, NULL, &loss, &e);
        if (gradient == NULL)
            die_of(&e);
        check_close("loss of lists", loss / 4, reference_list_loss(&l), 1e-5);
        check_slopes("lists", m->net, gradient, l.value, reference_list_loss,
                     &l, 1e-4);
        free(l.value);
        if (ranker_step(t, number, 4, NULL, &loss, &e) != 0)
            die_of(&e);
    }
    ranker_train_free(t);
    ranker_free(m);
    groups_free(&g);
}

int
main(void)
{
    struct examples *x = golden_examples();

    test_list_slopes(x, 2);
    test_list_slopes(x, 0);
    examples_free(x);
    return check_status();
}
