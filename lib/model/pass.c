#include "model/pass.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "model/dense.h"
#include "model/gemm.h"
#include "model/input.h"
#include "model/interact.h"
#include "model/pieces.h"
#include "model/scratch.h"
#include "model/vector.h"

/* Rows that go through all layers at a time: 128 x 256 floats are 128 KiB,
 * which with the kernel of the next layer stays in a second-level cache. */
#define TILE ((size_t)128)

struct pass {
    const struct network *net;
    struct input input[MODEL_PARTS]; /* the features of each part */
    struct input *main;              /* the part whose rows are the network's */
    struct input *side;              /* the item part beside it, or NULL */
    struct interact interact; /* what is done to the rows of the input when they
                                 lie side by side before the first layer */
    struct batch batch;
    bool training;
    struct floats y[NETWORK_LAYERS_MAX];  /* what comes out of each layer: of
                                             all rows when training and for the
                                             last one, else of a tile a thread */
    struct floats dy[NETWORK_LAYERS_MAX]; /* gradients by these */
    struct floats side_y;                 /* [items, width[1]], and its dy */
    struct floats partial;                /* [PIECES, dense] */
    struct floats kernel_t;               /* [dense]: each kernel's transpose,
                                             in the first layer the rows of
                                             each feature by themselves */
    const float *dout;
    struct gradient *gradient; /* [tensors] */
};

static int
add_features(struct pass *p, struct error *e)
{
    const struct network *n = p->net;
    const bool multiplied = n->layers > 0 && !network_interacts(n);
    const float *kernel = multiplied ? network_kernel(n, 0) : NULL;
    size_t table = 0, at = 0;

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
    free(p->gradient);
    free(p);
}

static int
make_room(struct pass *p, struct threads *t, struct error *e)
{
    const struct network *n = p->net;
    const size_t rows = p->batch.n;

    if (n->layers == 0)
        return floats_room(&p->y[0], rows * n->width[0], e);
    for (size_t l = 0; l < n->layers; l++) {
        const bool all = p->training || l + 1 == n->layers;
        const size_t kept = all ? rows : TILE * threads_count(t);

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
        interact_prepare(&p->interact, n, rows, p->training, TILE,
                         threads_count(t), e) != 0)
        return -1;
    if (p->training && floats_room(&p->kernel_t, network_dense_size(n), e) != 0)
        return -1;
    if (p->training)
        return floats_room(&p->partial, PIECES * network_dense_size(n), e);
    return 0;
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
    const size_t width = p->net->width[1];
    const struct range r = piece_of(p->side->n, piece);

    (void)worker;
    for (size_t i = r.begin; i < r.end; i++)
        input_add(p->side, i, network_bias(p->net, 0), p->side_y.v + i * width);
}

/* Y [rows of R, width[1]]: what comes out of the first layer, and goes into the
 * second if there is one. */
static void
first_layer(const struct pass *p, struct range r, float *y)
{
    const size_t width = p->net->width[1];
    const float *start = network_bias(p->net, 0);

    for (size_t i = r.begin; i < r.end; i++, y += width) {
        if (p->side != NULL) /* has the bias in it */
            start = p->side_y.v + p->batch.items->slot.v[i] * width;
        input_add(p->main, i, start, y);
        if (p->net->layers > 1)
            vector_relu(width, y);
    }
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

    return p->y[l].v + (all ? row : TILE * worker) * p->net->width[l + 1];
}

static float
hidden_rate(const struct pass *p)
{
    return p->training && p->batch.drop != NULL ? p->batch.drop->hidden : 0;
}

/* Of N elements of layer L, of the rows from ROW on. */
static void
drop_hidden(const struct pass *p, size_t l, size_t row, size_t n, float *x)
{
    const float rate = hidden_rate(p);
    struct rng rng;

    if (rate <= 0)
        return;
    rng = rng_for(p->batch.drop->seed, SEED_HIDDEN + l,
                  p->batch.drop->step << 32 | row);
    for (size_t i = 0; i < n; i++)
        x[i] = rng_f32(&rng) < rate ? 0 : x[i] / (1 - rate);
}

static void
forward_piece(void *ctx, size_t piece, unsigned worker)
{
    const struct pass *p = ctx;
    const struct network *n = p->net;
    const struct range all = piece_of(p->batch.n, piece);

    for (size_t at = all.begin; at < all.end; at += TILE) {
        const size_t rows = all.end - at < TILE ? all.end - at : TILE;
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

float *
pass_forward(struct pass *p, const struct batch *b, bool training,
             struct threads *t, struct error *e)
{
    p->batch = *b;
    p->training = training;
    if (input_prepare(p->main, b->column, b->n, b->row, training, b->drop, e) !=
            0 ||
        (p->side != NULL &&
         input_prepare(p->side, b->column, b->items->n, b->items->id.v,
                       training, b->drop, e) != 0) ||
        make_room(p, t, e) != 0)
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
    threads_run(t, PIECES, forward_piece, p);
    return p->y[p->net->layers - 1].v;
}

/* The gradient by what layer L gives, of all rows. */
static const float *
layer_gradient(const struct pass *p, size_t l)
{
    return l + 1 == p->net->layers ? p->dout : p->dy[l].v;
}

static float *
partial_of(const struct pass *p, size_t piece)
{
    return p->partial.v + piece * network_dense_size(p->net);
}

/* A layer a piece. */
static void
transpose_piece(void *ctx, size_t piece, unsigned worker)
{
    const struct pass *p = ctx;
    const struct network *n = p->net;

    (void)worker;
    if (piece >= n->layers) {
        const size_t at = network_cross_kernel_at(n, piece - n->layers);

        gemm_pack(n->width[0], n->width[0], n->width[0], 1,
                  network_cross_kernel(n, piece - n->layers),
                  p->kernel_t.v + at);
    } else if (piece == 0 && !network_interacts(n))
        for (size_t i = 0; i < MODEL_PARTS; i++)
            input_transpose(&p->input[i], p->kernel_t.v);
    else
        gemm_pack(n->width[piece], n->width[piece], n->width[piece + 1], 1,
                  network_kernel(n, piece),
                  p->kernel_t.v + network_kernel_at(n, piece));
}

/* From the gradient by what the first layer gives to that by the input's rows.
 */
static void
interacting_backward(const struct pass *p, size_t at, size_t rows,
                     float *partial)
{
    const struct network *n = p->net;

    dense_input_backward(
        rows, n->width[0], n->width[1], p->kernel_t.v + network_kernel_at(n, 0),
        interact_output(&p->interact, at),
        layer_gradient(p, 0) + at * n->width[1],
        partial + network_kernel_at(n, 0), partial + network_bias_at(n, 0),
        interact_gradient(&p->interact, at));
    interact_backward(&p->interact, at, rows, p->kernel_t.v, partial);
}

static void
backward_tile(const struct pass *p, size_t at, size_t rows, float *partial)
{
    const struct network *n = p->net;

    for (size_t l = n->layers - 1; l > 0; l--) {
        const float *x = p->y[l - 1].v + at * n->width[l];
        float *dx = p->dy[l - 1].v + at * n->width[l];

        dense_backward(rows, n->width[l], n->width[l + 1],
                       p->kernel_t.v + network_kernel_at(n, l), x,
                       layer_gradient(p, l) + at * n->width[l + 1],
                       partial + network_kernel_at(n, l),
                       partial + network_bias_at(n, l), dx);
        if (hidden_rate(p) > 0)
            vector_scale(rows * n->width[l], 1 / (1 - hidden_rate(p)), dx, dx);
    }
    if (network_interacts(n)) {
        interacting_backward(p, at, rows, partial);
        return;
    }
    dense_bias_backward(rows, n->width[1],
                        layer_gradient(p, 0) + at * n->width[1],
                        partial + network_bias_at(n, 0));
    input_backward_numbers(p->main, at, at + rows, layer_gradient(p, 0),
                           partial);
}

static void
backward_piece(void *ctx, size_t piece, unsigned worker)
{
    const struct pass *p = ctx;
    const struct range all = piece_of(p->batch.n, piece);
    float *partial = partial_of(p, piece);

    (void)worker;
    memset(partial, 0, network_dense_size(p->net) * sizeof *partial);
    for (size_t at = all.begin; at < all.end; at += TILE)
        backward_tile(p, at, all.end - at < TILE ? all.end - at : TILE,
                      partial);
}

static void
side_backward_piece(void *ctx, size_t piece, unsigned worker)
{
    const struct pass *p = ctx;
    const size_t width = p->side->width;
    const struct range r = piece_of(p->side->n, piece);
    const float *dy = network_interacts(p->net)
                          ? interact_gradient(&p->interact, 0)
                          : layer_gradient(p, 0);

    (void)worker;
    for (size_t i = r.begin; i < r.end; i++)
        distinct_sum(p->batch.items, i, width, dy, p->side_y.v + i * width);
    if (!network_interacts(p->net))
        input_backward_numbers(p->side, r.begin, r.end, p->side_y.v,
                               partial_of(p, piece));
}

static void
input_backward_piece(void *ctx, size_t piece, unsigned worker)
{
    struct pass *p = ctx;

    (void)worker;
    if (network_interacts(p->net)) {
        input_row_backward(p->main, piece, interact_gradient(&p->interact, 0));
        if (p->side != NULL)
            input_row_backward(p->side, piece, p->side_y.v);
        return;
    }
    input_backward(p->main, piece, layer_gradient(p, 0), p->kernel_t.v,
                   partial_of(p, piece));
    if (p->side != NULL)
        input_backward(p->side, piece, p->side_y.v, p->kernel_t.v,
                       partial_of(p, piece));
}

/* What lists look up is summed, and the partial sums of the dense layers in
 * order. */
static void
sum_piece(void *ctx, size_t piece, unsigned worker)
{
    struct pass *p = ctx;
    const struct range r = piece_of(network_dense_size(p->net), piece);

    (void)worker;
    for (size_t i = 1; i < PIECES; i++)
        vector_add(r.end - r.begin, partial_of(p, i) + r.begin,
                   partial_of(p, 0) + r.begin);
    input_backward_lists(p->main, piece);
    if (p->side != NULL)
        input_backward_lists(p->side, piece);
}

static void
rows_backward_piece(void *ctx, size_t piece, unsigned worker)
{
    struct pass *p = ctx;

    (void)worker;
    input_row_backward(p->main, piece, p->dout);
}

static void
lists_piece(void *ctx, size_t piece, unsigned worker)
{
    struct pass *p = ctx;

    (void)worker;
    input_backward_lists(p->main, piece);
}

static void
collect(struct pass *p)
{
    const struct network *n = p->net;
    size_t seen[MODEL_PARTS] = { 0 }, i = 0;

    for (size_t f = 0; f < n->features; f++) {
        const struct feature *v = &n->feature[f];
        size_t at;

        if (!n->looks_at[v->part])
            continue;
        at = seen[v->part]++;
        if (feature_embedded(v))
            p->gradient[i++] = input_gradient(&p->input[v->part], at);
    }
    for (; i < n->tensors; i++) {
        const struct tensor *t = &n->tensor[i];

        p->gradient[i] = (struct gradient){
            .n = t->rows,
            .value = p->partial.v + (t->data - n->tensor[n->tables].data),
        };
    }
}

const struct gradient *
pass_backward(struct pass *p, const float *dy, struct threads *t)
{
    assert(p->training);
    p->dout = dy;
    if (p->net->layers == 0) {
        threads_run(t, PIECES, rows_backward_piece, p);
        threads_run(t, PIECES, lists_piece, p);
        collect(p);
        return p->gradient;
    }
    threads_run(t, p->net->layers + p->net->cross, transpose_piece, p);
    threads_run(t, PIECES, backward_piece, p);
    if (p->side != NULL)
        threads_run(t, PIECES, side_backward_piece, p);
    threads_run(t, PIECES, input_backward_piece, p);
    threads_run(t, PIECES, sum_piece, p);
    collect(p);
    return p->gradient;
}
