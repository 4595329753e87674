/*
 * pass_both() - a step of training in three rounds, none of which has a matrix
 * of rows and columns in its hands that the second-level cache has no room for
 *
 *     columns  for each block J of 32 columns of the first layer: y_J of all
 *              rows (input_columns.h), 256 KiB for 2,048 rows
 *     rows     for each tile of 128 rows: the second layer is the sum over J of
 *              y_J W_J; then the other layers, the loss, and back to the
 *              gradients by all y_J, which take the place of these
 *     columns  for each block: the gradients by the first kernel's columns,
 *              which nobody else writes, and by the input, as far as these
 *              columns give it
 *
 * 6 in out operations a row for each layer but the first, whose are counted in
 * input.h.  Between the rounds y is in memory, block by block, so that a block
 * is dense: 4 bytes for each row and column of the first layer, written twice
 * and read twice in order.
 *
 * A network whose first layer is its last, or is not fed by the input itself,
 * or whose hidden elements are dropped, goes through pass_forward() and
 * pass_backward().
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "model/dense.h"
#include "model/gemm.h"
#include "model/input_columns.h"
#include "model/pass_work.h"
#include "model/pieces.h"
#include "model/team.h"
#include "model/vector.h"

/* What a thread has of its own: P, of one part at a time, and in columns what
 * the items give. */
static float *
slots_of(const struct pass *p, unsigned worker)
{
    return p->slots.v + worker * p->slots_size;
}

static float *
items_of(const struct pass *p, unsigned worker)
{
    return p->side_y.v + worker * p->side->n * INPUT_COLUMNS;
}

static int
make_room(struct pass *p, unsigned workers, struct error *e)
{
    const struct network *n = p->net;
    const size_t dense = network_dense_size(n), shares = pass_shares(n);
    size_t slots = input_columns_slots(p->main);

    if (p->side != NULL && slots < input_columns_slots(p->side))
        slots = input_columns_slots(p->side);
    p->slots_size = slots * INPUT_COLUMNS;
    if (floats_room(&p->y[0], p->batch.n * n->width[1], e) != 0 ||
        floats_room(&p->dy[0], workers * PASS_TILE * INPUT_COLUMNS, e) != 0 ||
        floats_room(&p->slots, workers * p->slots_size, e) != 0 ||
        floats_room(&p->dx[0], shares * input_columns_size(p->main), e) != 0 ||
        floats_room(&p->kernel_t, dense, e) != 0 ||
        floats_room(&p->partial, PIECES * dense, e) != 0)
        return -1;
    for (size_t l = 1; l < n->layers; l++) {
        const size_t size = workers * PASS_TILE * n->width[l + 1];

        if (floats_room(&p->y[l], size, e) != 0 ||
            floats_room(&p->dy[l], size, e) != 0)
            return -1;
    }
    if (p->side == NULL)
        return 0;
    if (floats_room(&p->dx[1], shares * input_columns_size(p->side), e) != 0)
        return -1;
    return floats_room(&p->side_y, workers * p->side->n * INPUT_COLUMNS, e);
}

static void
rows_piece(void *ctx, size_t piece, unsigned worker)
{
    const struct pass *p = ctx;

    (void)worker;
    input_columns_rows(p->main, piece);
    if (p->side != NULL)
        input_columns_rows(p->side, piece);
}

/* A layer a piece, from the second on; that one block by block. */
static void
transpose_piece(void *ctx, size_t piece, unsigned worker)
{
    const struct pass *p = ctx;
    const struct network *n = p->net;
    const size_t l = piece + 1, width = n->width[l + 1];
    float *t = p->kernel_t.v + network_kernel_at(n, l);

    (void)worker;
    if (l > 1)
        gemm_pack(n->width[l], n->width[l], width, 1, network_kernel(n, l),
                  width, t);
    for (size_t b = 0; l == 1 && b < pass_blocks(n); b++) {
        const struct columns c = pass_columns(n, b);

        gemm_pack(c.width, c.width, width, 1,
                  network_kernel(n, l) + c.at * width, width, t + c.at * width);
    }
}

static void
forward_block(void *ctx, size_t block, unsigned worker)
{
    const struct pass *p = ctx;
    const struct columns c = pass_columns(p->net, block);
    const float *start = network_bias(p->net, 0) + c.at;
    const uint32_t *place = NULL;
    float *slots = slots_of(p, worker);

    if (p->side != NULL) {
        /* The second term of main, in the place of the bias. */
        input_columns(p->side, c, start, NULL, -INFINITY, slots,
                      items_of(p, worker));
        start = items_of(p, worker);
        place = p->batch.items->slot.v;
    }
    input_columns(p->main, c, start, place, 0, slots, pass_block_rows(p, c));
}

/* What layer L > 0 gives to the tile of a thread, and the gradient by it. */
static float *
tile_y(const struct pass *p, size_t l, unsigned worker)
{
    return p->y[l].v + worker * PASS_TILE * p->net->width[l + 1];
}

static float *
tile_dy(const struct pass *p, size_t l, unsigned worker)
{
    return p->dy[l].v + worker * PASS_TILE * p->net->width[l + 1];
}

/* From y_J to the output, which is returned. */
static float *
tile_forward(const struct pass *p, size_t at, size_t rows, unsigned worker)
{
    const struct network *n = p->net;
    const size_t width = n->width[2];
    float *y = tile_y(p, 1, worker);

    for (size_t b = 0; b < pass_blocks(n); b++) {
        const struct columns c = pass_columns(n, b);

        gemm(rows, width, c.width, pass_block_rows(p, c) + at * c.width,
             c.width, network_kernel(n, 1) + c.at * width, width,
             b > 0 ? y : network_bias(n, 1), b > 0 ? width : 0, y, width);
    }
    for (size_t l = 2; l < n->layers; l++) {
        vector_relu(rows * n->width[l], y);
        dense_forward(rows, n->width[l], n->width[l + 1], network_kernel(n, l),
                      network_bias(n, l), y, tile_y(p, l, worker));
        y = tile_y(p, l, worker);
    }
    return y;
}

/* From DY, the gradient by the output, to those by y_J. */
static void
tile_backward(const struct pass *p, size_t at, size_t rows, unsigned worker,
              const float *dy, float *partial)
{
    const struct network *n = p->net;
    const size_t width = n->width[2], kernel = network_kernel_at(n, 1);
    float *dx = p->dy[0].v + worker * PASS_TILE * INPUT_COLUMNS;

    for (size_t l = n->layers - 1; l > 1; l--) {
        dense_backward(
            rows, n->width[l], n->width[l + 1],
            p->kernel_t.v + network_kernel_at(n, l), tile_y(p, l - 1, worker),
            dy, partial + network_kernel_at(n, l),
            partial + network_bias_at(n, l), tile_dy(p, l - 1, worker));
        dy = tile_dy(p, l - 1, worker);
    }
    dense_bias_backward(rows, width, dy, partial + network_bias_at(n, 1));
    for (size_t b = 0; b < pass_blocks(n); b++) {
        const struct columns c = pass_columns(n, b);
        float *y = pass_block_rows(p, c) + at * c.width;
        float *dkernel = partial + kernel + c.at * width;

        gemm_tn(c.width, width, rows, y, c.width, dy, width, dkernel, width,
                dkernel, width);
        gemm_packed(rows, c.width, width, dy, width,
                    p->kernel_t.v + kernel + c.at * width, NULL, 0, dx,
                    c.width);
        vector_relu_gradient(rows * c.width, dx, y);
        dense_bias_backward(rows, c.width, y,
                            partial + network_bias_at(n, 0) + c.at);
    }
}

static void
tiles_piece(void *ctx, size_t piece, unsigned worker)
{
    const struct pass *p = ctx;
    const struct range all = piece_of(p->batch.n, piece);
    const size_t from = network_bias_at(p->net, 0);
    float *partial = pass_partial(p, piece);

    memset(partial + from, 0,
           (network_dense_size(p->net) - from) * sizeof *partial);
    for (size_t at = all.begin; at < all.end; at += PASS_TILE) {
        const size_t rows = all.end - at < PASS_TILE ? all.end - at : PASS_TILE;
        float *y = tile_forward(p, at, rows, worker);

        p->loss->run(p->loss->ctx, piece, at, rows, y);
        tile_backward(p, at, rows, worker, y, partial);
    }
}

/* The first block of a share sets what the others add to. */
static void
backward_block(const struct pass *p, size_t block, size_t share, bool first,
               unsigned worker)
{
    const struct columns c = pass_columns(p->net, block);
    const float *dy = pass_block_rows(p, c);
    float *slots = slots_of(p, worker), *gradient = pass_partial(p, 0);

    input_columns_backward(p->main, c, dy, p->kernel_t.v, slots, gradient,
                           first, pass_share_dx(p, p->main, share));
    if (p->side == NULL)
        return;
    memset(items_of(p, worker), 0, p->side->n * c.width * sizeof *dy);
    vector_scatter(c.width, p->batch.n, p->batch.items->slot.v, dy,
                   items_of(p, worker));
    input_columns_backward(p->side, c, items_of(p, worker), p->kernel_t.v,
                           slots, gradient, first,
                           pass_share_dx(p, p->side, share));
}

static void
backward_share(void *ctx, size_t share, unsigned worker)
{
    const struct pass *p = ctx;
    const struct range r = pass_share_blocks(p->net, share);

    for (size_t b = r.begin; b < r.end; b++)
        backward_block(p, b, share, b == r.begin, worker);
}

static void
sum_piece(void *ctx, size_t piece, unsigned worker)
{
    const struct pass *p = ctx;
    float *partial = pass_partial(p, piece);

    (void)worker;
    input_columns_sum(p->main, piece, pass_shares(p->net),
                      pass_share_dx(p, p->main, 0), partial);
    if (p->side != NULL)
        input_columns_sum(p->side, piece, pass_shares(p->net),
                          pass_share_dx(p, p->side, 0), partial);
}

static void
last_piece(void *ctx, size_t piece, unsigned worker)
{
    const struct pass *p = ctx;

    (void)worker;
    pass_sum(p, network_bias_at(p->net, 0), piece);
}

static const struct gradient *
in_rounds(struct pass *p, struct threads *t, struct error *e)
{
    const struct network *n = p->net;
    const size_t from = network_bias_at(n, 0);

    if (make_room(p, threads_count(t), e) != 0)
        return NULL;
    team_run(t, PIECES, rows_piece, p);
    pass_gather_rows(p);
    threads_run(t, n->layers - 1, transpose_piece, p);
    team_run(t, pass_blocks(n), forward_block, p);
    pass_to_rows(p);
    team_run(t, PIECES, tiles_piece, p);
    pass_to_columns(p);
    team_run(t, pass_shares(n), backward_share, p);
    pass_spread_shares(p);
    team_run(t, PIECES, sum_piece, p);
    pass_spread(p, from);
    team_run(t, PIECES, last_piece, p);
    pass_gather(p, from);
    return pass_gradient(p);
}

static void
loss_piece(void *ctx, size_t piece, unsigned worker)
{
    const struct pass *p = ctx;
    const struct range r = piece_of(p->batch.n, piece);
    const size_t last = p->net->layers - 1;

    (void)worker;
    p->loss->run(p->loss->ctx, piece, r.begin, r.end - r.begin,
                 p->y[last].v + r.begin * p->net->width[last + 1]);
}

const struct gradient *
pass_both(struct pass *p, const struct batch *b, const struct pass_loss *loss,
          struct threads *t, struct error *e)
{
    float *y;

    assert(p->net->layers > 0);
    p->loss = loss;
    if (p->net->layers > 1 && !network_interacts(p->net) &&
        !(b->drop != NULL && b->drop->hidden > 0)) {
        if (pass_prepare(p, b, true, e) != 0)
            return NULL;
        return in_rounds(p, t, e);
    }
    y = pass_forward(p, b, true, t, e);
    if (y == NULL)
        return NULL;
    team_run(t, PIECES, loss_piece, p);
    return pass_backward(p, y, t);
}
