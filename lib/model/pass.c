#include "model/pass.h"

#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "model/dense.h"
#include "model/gemm.h"
#include "model/pass_work.h"
#include "model/pieces.h"
#include "model/team.h"
#include "model/vector.h"

static int
add_features(struct pass *p, struct error *e)
{
    const struct network *n = p->net;
    const bool multiplied = n->layers > 0 && !network_interacts(n);
    const float *kernel = multiplied ? network_kernel(n, 0) : NULL;
    size_t table = 0, pool = 0, at = 0;

    for (size_t part = 0; part < MODEL_PARTS; part++)
        if (input_init(&p->input[part], n->features, n->width[multiplied], e) !=
            0)
            return -1;
    for (size_t i = 0; i < n->features; i++) {
        const struct feature *v = &n->feature[i];
        struct input_feature f = { .feature = v, .column = i };

        if (!n->looks_at[v->part])
            continue;
        if (feature_embedded(v))
            f.table = n->tensor[table++].data;
        if (v->pool == POOL_WEIGHTED) {
            f.weight = network_positions(n, pool++)->data;
            f.weight_at = (size_t)(f.weight - n->tensor[n->tables].data);
        }
        f.at = at;
        if (kernel != NULL) {
            f.kernel_at = at * n->width[1];
            f.kernel = kernel + f.kernel_at;
        }
        at += feature_width(v);
        if (input_add_feature(&p->input[v->part], &f, e) != 0)
            return -1;
    }
    return 0;
}

struct pass *
pass_new(const struct network *n, struct error *e)
{
    struct pass *p = mem_new(1, sizeof *p, e);

    if (p == NULL)
        return NULL;
    gemm_single();
    p->net = n;
    p->main = &p->input[n->looks_at[PART_QUERY] ? PART_QUERY : PART_ITEM];
    if (n->looks_at[PART_QUERY] && n->looks_at[PART_ITEM])
        p->side = &p->input[PART_ITEM];
    p->gradient = mem_new(n->tensors, sizeof *p->gradient, e);
    if (p->gradient == NULL || add_features(p, e) != 0) {
        pass_free(p);
        return NULL;
    }
    return p;
}

void
pass_free(struct pass *p)
{
    if (p == NULL)
        return;
    for (size_t i = 0; i < MODEL_PARTS; i++)
        input_free(&p->input[i]);
    for (size_t l = 0; l < NETWORK_LAYERS_MAX; l++) {
        free(p->y[l].v);
        free(p->dy[l].v);
    }
    interact_free(&p->interact);
    free(p->side_y.v);
    free(p->partial.v);
    free(p->kernel_t.v);
    free(p->dp.v);
    free(p->slots.v);
    for (size_t i = 0; i < 2; i++)
        free(p->dx[i].v);
    free(p->gradient);
    free(p);
}

static int
make_room(struct pass *p, struct threads *t, struct error *e)
{
    const struct network *n = p->net;
    const size_t rows = p->batch.n;

    if (p->training &&
        floats_room(&p->partial, PIECES * network_dense_size(n), e) != 0)
        return -1;
    if (n->layers == 0)
        return floats_room(&p->y[0], rows * n->width[0], e);
    for (size_t l = 0; l < n->layers; l++) {
        const bool all = p->training || l + 1 == n->layers;
        const size_t kept = all ? rows : PASS_TILE * threads_count(t);

        if (floats_room(&p->y[l], kept * n->width[l + 1], e) != 0)
            return -1;
        if (p->training && l + 1 < n->layers &&
            floats_room(&p->dy[l], rows * n->width[l + 1], e) != 0)
            return -1;
    }
    if (p->side != NULL &&
        floats_room(&p->side_y, p->side->n * p->side->width, e) != 0)
        return -1;
    if (network_interacts(n) &&
        interact_prepare(&p->interact, n, rows, p->training, PASS_TILE,
                         threads_count(t), e) != 0)
        return -1;
    if (p->training && n->layers > 0 &&
        floats_room(&p->dp, threads_count(t) * INPUT_SLOTS * n->width[1], e) !=
            0)
        return -1;
    return p->training ? floats_room(&p->kernel_t, network_dense_size(n), e)
                       : 0;
}

static void
project_piece(void *ctx, size_t piece, unsigned worker)
{
    struct pass *p = ctx;

    (void)worker;
    input_project(p->main, piece);
    if (p->side != NULL)
        input_project(p->side, piece);
}

static void
side_piece(void *ctx, size_t piece, unsigned worker)
{
    struct pass *p = ctx;
    const struct range r = piece_of(p->side->n, piece);

    (void)worker;
    input_multiply(p->side, r.begin, r.end, network_bias(p->net, 0), NULL,
                   -INFINITY, p->side_y.v + r.begin * p->net->width[1]);
}

/* Y [rows of R, width[1]]: what comes out of the first layer, and goes into the
 * second if there is one. */
static void
first_layer(const struct pass *p, struct range r, float *y)
{
    const float least = p->net->layers > 1 ? 0 : -INFINITY; /* ReLU */

    if (p->side != NULL) /* has the bias in it */
        input_multiply(p->main, r.begin, r.end, p->side_y.v,
                       p->batch.items->slot.v, least, y);
    else
        input_multiply(p->main, r.begin, r.end, network_bias(p->net, 0), NULL,
                       least, y);
}

/* The same behind products and cross layers. */
static void
first_interacting(const struct pass *p, struct range r, unsigned worker,
                  float *y)
{
    const struct network *n = p->net;
    const size_t rows = r.end - r.begin;
    float *x = interact_rows(&p->interact, r.begin, worker);

    for (size_t i = r.begin; i < r.end; i++, x += n->width[0]) {
        input_row(p->main, i, x);
        if (p->side != NULL)
            input_row(p->side, p->batch.items->slot.v[i], x);
    }
    dense_forward(rows, n->width[0], n->width[1], network_kernel(n, 0),
                  network_bias(n, 0),
                  interact_forward(&p->interact, r.begin, rows, worker), y);
    if (n->layers > 1)
        vector_relu(rows * n->width[1], y);
}

/* Where the rows from ROW on are in what layer L gives. */
static float *
layer_rows(const struct pass *p, size_t l, size_t row, unsigned worker)
{
    const bool all = p->training || l + 1 == p->net->layers;

    return p->y[l].v + (all ? row : PASS_TILE * worker) * p->net->width[l + 1];
}

/* Of N elements of layer L, of the rows from ROW on. */
static void
drop_hidden(const struct pass *p, size_t l, size_t row, size_t n, float *x)
{
    const float rate = pass_hidden_rate(p), keep = 1 / (1 - rate);
    const uint32_t below = (uint32_t)((double)rate * 0x1p32);
    struct rng rng;

    if (rate <= 0)
        return;
    rng = rng_for(p->batch.drop->seed, SEED_HIDDEN + l,
                  p->batch.drop->step << 32 | row);
    /* A number of 64 bits decides over two elements. */
    for (size_t i = 0; i < n; i += 2) {
        const uint64_t draw = rng_u64(&rng);

        x[i] *= (uint32_t)draw < below ? 0 : keep;
        if (i + 1 < n)
            x[i + 1] *= draw >> 32 < below ? 0 : keep;
    }
}

static void
forward_piece(void *ctx, size_t piece, unsigned worker)
{
    const struct pass *p = ctx;
    const struct network *n = p->net;
    const struct range all = piece_of(p->batch.n, piece);

    for (size_t at = all.begin; at < all.end; at += PASS_TILE) {
        const size_t rows = all.end - at < PASS_TILE ? all.end - at : PASS_TILE;
        float *x = layer_rows(p, 0, at, worker);

        if (network_interacts(n))
            first_interacting(p, (struct range){ at, at + rows }, worker, x);
        else
            first_layer(p, (struct range){ at, at + rows }, x);
        for (size_t l = 1; l < n->layers; l++) {
            float *y = layer_rows(p, l, at, worker);

            drop_hidden(p, l - 1, at, rows * n->width[l], x);
            dense_forward(rows, n->width[l], n->width[l + 1],
                          network_kernel(n, l), network_bias(n, l), x, y);
            if (l + 1 < n->layers)
                vector_relu(rows * n->width[l + 1], y);
            x = y;
        }
    }
}

/* What goes into a network without layers comes out. */
static void
rows_piece(void *ctx, size_t piece, unsigned worker)
{
    const struct pass *p = ctx;
    const struct range r = piece_of(p->batch.n, piece);

    (void)worker;
    for (size_t i = r.begin; i < r.end; i++)
        input_row(p->main, i, p->y[0].v + i * p->net->width[0]);
}

int
pass_prepare(struct pass *p, const struct batch *b, bool training,
             struct error *e)
{
    p->batch = *b;
    p->training = training;
    if (input_prepare(p->main, b->column, b->n, b->row, training, b->drop, e) !=
        0)
        return -1;
    if (p->side == NULL)
        return 0;
    return input_prepare(p->side, b->column, b->items->n, b->items->id.v,
                         training, b->drop, e);
}

float *
pass_forward(struct pass *p, const struct batch *b, bool training,
             struct threads *t, struct error *e)
{
    if (pass_prepare(p, b, training, e) != 0 || make_room(p, t, e) != 0)
        return NULL;
    if (p->net->layers == 0) {
        threads_run(t, PIECES, rows_piece, p);
        return p->y[0].v;
    }
    if (!network_interacts(p->net)) {
        threads_run(t, PIECES, project_piece, p);
        if (p->side != NULL)
            threads_run(t, PIECES, side_piece, p);
    }
    if (training)
        team_run(t, PIECES, forward_piece, p);
    else
        threads_run(t, PIECES, forward_piece, p);
    return p->y[p->net->layers - 1].v;
}
