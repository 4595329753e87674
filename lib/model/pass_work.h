/*
 * pass_work.h - what the files of pass.h share
 */
#ifndef MODEL_PASS_WORK_H
#define MODEL_PASS_WORK_H

#include "model/input.h"
#include "model/input_columns.h"
#include "model/interact.h"
#include "model/pass.h"
#include "model/pieces.h"
#include "model/scratch.h"

/* Rows that go through all layers at a time: 128 x 256 floats are 128 KiB,
 * which with the kernel of the next layer stays in a second-level cache. */
#define PASS_TILE ((size_t)128)

struct pass {
    const struct network *net;
    struct input input[MODEL_PARTS]; /* the features of each part */
    struct input *main;              /* the part whose rows are the network's */
    struct input *side;              /* the item part beside it, or NULL */
    struct interact interact; /* what is done to the rows of the input when they
                                 lie side by side before the first layer */
    struct batch batch;
    bool training;
    const struct pass_loss *loss;         /* of pass_both() */
    struct floats y[NETWORK_LAYERS_MAX];  /* what comes out of each layer: of
                                             all rows when training and for the
                                             last, else of a thread's tile */
    struct floats dy[NETWORK_LAYERS_MAX]; /* gradients by these */
    struct floats side_y;                 /* [items, width[1]], and its dy */
    struct floats partial;                /* [PIECES, dense] */
    struct floats kernel_t;               /* [dense]: each kernel's transpose,
                                             in the first layer the rows of
                                             each feature by themselves */
    struct floats dp;                     /* [workers, INPUT_SLOTS, width[1]] */
    /* Of pass_both(); y[0] is then [blocks, rows, columns of a block], its
     * other y and dy are of a thread's tile, side_y of a thread's columns. */
    struct floats slots; /* [workers, slots_size]: P */
    size_t slots_size;
    struct floats dx[2]; /* [shares, ..]: the gradients by the x of the input
                            and the side */
    float *dout;
    struct gradient *gradient; /* [tensors] */
};

/* Take a batch. */
int pass_prepare(struct pass *p, const struct batch *b, bool training,
                 struct error *e);
/* What lists look up is summed, and in order the partial sums of the dense
 * layers, of which those before FROM are done. */
void pass_sum(const struct pass *p, size_t from, size_t piece);
/* What pass_backward() returns, once all is done. */
const struct gradient *pass_gradient(struct pass *p);

/* The gradients of kernels and biases that PIECE gives, and in the end, in
 * those of piece 0, all. */
static inline float *
pass_partial(const struct pass *p, size_t piece)
{
    return p->partial.v + piece * network_dense_size(p->net);
}

/* Of the elements that layers give. */
static inline float
pass_hidden_rate(const struct pass *p)
{
    return p->training && p->batch.drop != NULL ? p->batch.drop->hidden : 0;
}

/* Of pass_both(): the columns of the first layer go in blocks, and blocks in
 * shares. */

/* A share of the blocks is a piece of the last round, and has gradients by all
 * x of its own, which are then summed: more would be faster for nobody but who
 * has as many threads. */
#define SHARES_MAX ((size_t)4)

static inline size_t
pass_blocks(const struct network *n)
{
    return (n->width[1] + INPUT_COLUMNS - 1) / INPUT_COLUMNS;
}

static inline struct columns
pass_columns(const struct network *n, size_t block)
{
    const size_t at = block * INPUT_COLUMNS, left = n->width[1] - at;

    return (struct columns){ at, left < INPUT_COLUMNS ? left : INPUT_COLUMNS };
}

/* y_J of all rows, and later the gradient by it. */
static inline float *
pass_block_rows(const struct pass *p, struct columns c)
{
    return p->y[0].v + p->batch.n * c.at;
}

static inline size_t
pass_shares(const struct network *n)
{
    return pass_blocks(n) < SHARES_MAX ? pass_blocks(n) : SHARES_MAX;
}

/* The blocks of SHARE. */
static inline struct range
pass_share_blocks(const struct network *n, size_t share)
{
    const size_t blocks = pass_blocks(n), shares = pass_shares(n);

    return (struct range){ blocks * share / shares,
                           blocks * (share + 1) / shares };
}

/* The gradients by x that a share of the blocks gives. */
static inline float *
pass_share_dx(const struct pass *p, const struct input *in, size_t share)
{
    return p->dx[in == p->main ? 0 : 1].v + share * input_columns_size(in);
}

/*
 * Between the ranks of a world (team.h), in pass_team.c.  All wait until it is
 * done.
 *
 * Of pass_both(): all x_f, to all.  y_J, of which a rank has all rows of its
 * blocks, to who goes through rows of all columns; and the gradients by them
 * back again.  What shares have: their columns of the gradient by the first
 * kernel, to all, and a part of those by x, to who sums them.
 */
void pass_gather_rows(const struct pass *p);
void pass_to_rows(const struct pass *p);
void pass_to_columns(const struct pass *p);
void pass_spread_shares(const struct pass *p);
/* Before sums over pieces: what all pieces have for a rank to sum, of gradients
 * that come FROM numbers behind the first of the dense layers on, and the
 * gradients by all x.  After them: the sums. */
void pass_spread(struct pass *p, size_t from);
void pass_gather(struct pass *p, size_t from);

#endif
