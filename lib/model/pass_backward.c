#include <assert.h>
#include <string.h>

#include "model/dense.h"
#include "model/gemm.h"
#include "model/pass_work.h"
#include "model/pieces.h"
#include "model/team.h"
#include "model/vector.h"

/* The gradient by what layer L gives, of all rows. */
static float *
layer_gradient(const struct pass *p, size_t l)
{
    return l + 1 == p->net->layers ? p->dout : p->dy[l].v;
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
                  network_cross_kernel(n, piece - n->layers), n->width[0],
                  p->kernel_t.v + at);
    } else if (piece == 0 && !network_interacts(n))
        for (size_t i = 0; i < MODEL_PARTS; i++)
            input_transpose(&p->input[i], p->kernel_t.v);
    else
        gemm_pack(n->width[piece], n->width[piece], n->width[piece + 1], 1,
                  network_kernel(n, piece), n->width[piece + 1],
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
        if (pass_hidden_rate(p) > 0)
            vector_scale(rows * n->width[l], 1 / (1 - pass_hidden_rate(p)), dx,
                         dx);
    }
    if (network_interacts(n)) {
        interacting_backward(p, at, rows, partial);
        return;
    }
    dense_bias_backward(rows, n->width[1],
                        layer_gradient(p, 0) + at * n->width[1],
                        partial + network_bias_at(n, 0));
    input_backward_rows(p->main, at, at + rows, layer_gradient(p, 0),
                        p->kernel_t.v, partial);
}

static void
backward_piece(void *ctx, size_t piece, unsigned worker)
{
    const struct pass *p = ctx;
    const struct range all = piece_of(p->batch.n, piece);
    float *partial = pass_partial(p, piece);

    (void)worker;
    memset(partial, 0, network_dense_size(p->net) * sizeof *partial);
    for (size_t at = all.begin; at < all.end; at += PASS_TILE)
        backward_tile(p, at,
                      all.end - at < PASS_TILE ? all.end - at : PASS_TILE,
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
    for (size_t at = r.begin; at < r.end; at += PASS_TILE) {
        const size_t end = r.end - at < PASS_TILE ? r.end : at + PASS_TILE;

        for (size_t i = at; i < end; i++)
            distinct_sum(p->batch.items, i, width, dy, p->side_y.v + i * width);
        if (!network_interacts(p->net))
            input_backward_rows(p->side, at, end, p->side_y.v, p->kernel_t.v,
                                pass_partial(p, piece));
    }
}

static void
input_backward_piece(void *ctx, size_t piece, unsigned worker)
{
    struct pass *p = ctx;
    float *dp = p->dp.v + worker * INPUT_SLOTS * p->net->width[1];

    if (network_interacts(p->net)) {
        input_row_backward(p->main, piece, interact_gradient(&p->interact, 0),
                           pass_partial(p, piece));
        if (p->side != NULL)
            input_row_backward(p->side, piece, p->side_y.v,
                               pass_partial(p, piece));
        return;
    }
    input_backward(p->main, piece, layer_gradient(p, 0), p->kernel_t.v, dp,
                   pass_partial(p, piece));
    if (p->side != NULL)
        input_backward(p->side, piece, p->side_y.v, p->kernel_t.v, dp,
                       pass_partial(p, piece));
}

void
pass_sum(const struct pass *p, size_t from, size_t piece)
{
    const struct range r = piece_of(network_dense_size(p->net) - from, piece);

    for (size_t i = 1; i < PIECES; i++)
        vector_add(r.end - r.begin, pass_partial(p, i) + from + r.begin,
                   pass_partial(p, 0) + from + r.begin);
    input_backward_lists(p->main, piece);
    if (p->side != NULL)
        input_backward_lists(p->side, piece);
}

static void
sum_piece(void *ctx, size_t piece, unsigned worker)
{
    (void)worker;
    pass_sum(ctx, 0, piece);
}

static void
rows_backward_piece(void *ctx, size_t piece, unsigned worker)
{
    struct pass *p = ctx;

    (void)worker;
    memset(pass_partial(p, piece), 0,
           network_dense_size(p->net) * sizeof(float));
    input_row_backward(p->main, piece, p->dout, pass_partial(p, piece));
}

const struct gradient *
pass_gradient(struct pass *p)
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
    return p->gradient;
}

/* The gradients by what the first layer gives, or interactions do, of all rows
 * to all ranks. */
static void
gather_rows(const struct pass *p)
{
    const struct network *n = p->net;

    if (network_interacts(n))
        team_gather(interact_gradient(&p->interact, 0), p->batch.n,
                    n->width[0] * sizeof(float));
    else
        team_gather(layer_gradient(p, 0), p->batch.n,
                    n->width[1] * sizeof(float));
    team_wait();
}

static void
backward(struct pass *p, struct threads *t)
{
    if (p->net->layers == 0) {
        team_gather(p->dout, p->batch.n, p->net->width[0] * sizeof *p->dout);
        team_wait();
        team_run(t, PIECES, rows_backward_piece, p);
        return;
    }
    threads_run(t, p->net->layers + p->net->cross, transpose_piece, p);
    team_run(t, PIECES, backward_piece, p);
    gather_rows(p);
    if (p->side != NULL) {
        team_run(t, PIECES, side_backward_piece, p);
        team_gather(p->side_y.v, p->side->n,
                    p->side->width * sizeof *p->side_y.v);
        team_wait();
    }
    team_run(t, PIECES, input_backward_piece, p);
}

const struct gradient *
pass_backward(struct pass *p, float *dy, struct threads *t)
{
    assert(p->training);
    p->dout = dy;
    backward(p, t);
    pass_spread(p, 0);
    team_run(t, PIECES, sum_piece, p);
    pass_gather(p, 0);
    return pass_gradient(p);
}
