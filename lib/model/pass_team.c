#include <string.h>

#include "model/pass_work.h"
#include "model/team.h"

void
pass_gather_rows(const struct pass *p)
{
    input_gather(p->main, true);
    if (p->side != NULL)
        input_gather(p->side, true);
    team_wait();
}

void
pass_to_rows(const struct pass *p)
{
    const size_t blocks = pass_blocks(p->net);

    for (size_t b = 0; b < blocks; b++) {
        const struct columns c = pass_columns(p->net, b);

        team_spread(team_owner(blocks, b), pass_block_rows(p, c), p->batch.n,
                    c.width * sizeof(float));
    }
    team_wait();
}

void
pass_to_columns(const struct pass *p)
{
    const size_t shares = pass_shares(p->net);

    for (size_t s = 0; s < shares; s++) {
        const struct range r = pass_share_blocks(p->net, s);

        for (size_t b = r.begin; b < r.end; b++) {
            const struct columns c = pass_columns(p->net, b);

            team_collect(team_owner(shares, s), pass_block_rows(p, c),
                         p->batch.n, c.width * sizeof(float));
        }
    }
    team_wait();
}

static void
copy_columns(size_t rows, size_t width, const float *from, size_t stride,
             float *to, size_t to_stride)
{
    for (size_t i = 0; i < rows; i++)
        memcpy(to + i * to_stride, from + i * stride, width * sizeof *to);
}

/* The columns of SHARE. */
static struct columns
share_columns(const struct network *n, size_t share)
{
    const struct range r = pass_share_blocks(n, share);
    const struct columns first = pass_columns(n, r.begin);
    const struct columns last = pass_columns(n, r.end - 1);

    return (struct columns){ first.at, last.at + last.width - first.at };
}

/* Columns are sent from where they follow each other: in another piece's
 * partial sums, which have none by that kernel. */
void
pass_spread_shares(const struct pass *p)
{
    const struct network *n = p->net;
    const size_t shares = pass_shares(n), rows = n->width[0];

    if (world_size() == 1)
        return;
    for (size_t s = 0; s < shares; s++) {
        const struct columns c = share_columns(n, s);
        const unsigned from = team_owner(shares, s);
        float *packed = pass_partial(p, 1) + rows * c.at;

        if (from == world_rank())
            copy_columns(rows, c.width, pass_partial(p, 0) + c.at, n->width[1],
                         packed, c.width);
        team_tell(from, packed, rows * c.width, sizeof *packed);
        input_columns_spread(p->main, from, pass_share_dx(p, p->main, s));
        if (p->side != NULL)
            input_columns_spread(p->side, from, pass_share_dx(p, p->side, s));
    }
    team_wait();
    for (size_t s = 0; s < shares; s++) {
        const struct columns c = share_columns(n, s);

        if (team_owner(shares, s) != world_rank())
            copy_columns(rows, c.width, pass_partial(p, 1) + rows * c.at,
                         c.width, pass_partial(p, 0) + c.at, n->width[1]);
    }
}

void
pass_spread(struct pass *p, size_t from)
{
    for (size_t i = 0; i < PIECES; i++)
        team_spread(team_owner(PIECES, i), pass_partial(p, i) + from,
                    network_dense_size(p->net) - from, sizeof(float));
    input_gather(p->main, false);
    if (p->side != NULL)
        input_gather(p->side, false);
    team_wait();
}

void
pass_gather(struct pass *p, size_t from)
{
    team_gather(pass_partial(p, 0) + from, network_dense_size(p->net) - from,
                sizeof(float));
    input_gather_lists(p->main);
    if (p->side != NULL)
        input_gather_lists(p->side);
    team_wait();
}
