#include "model/team.h"

struct range
team_pieces(size_t n, unsigned rank)
{
    const size_t size = world_size();

    return (struct range){ n * rank / size, n * (rank + 1) / size };
}

struct range
team_rows(size_t n, unsigned rank)
{
    const struct range p = team_pieces(PIECES, rank);

    if (p.begin == p.end)
        return (struct range){ 0, 0 };
    return (struct range){ piece_of(n, p.begin).begin,
                           piece_of(n, p.end - 1).end };
}

unsigned
team_owner(size_t n, size_t piece)
{
    unsigned rank = 0;

    while (team_pieces(n, rank).end <= piece)
        rank++;
    return rank;
}

struct part {
    void (*work)(void *ctx, size_t piece, unsigned worker);
    void *ctx;
    size_t first;
};

static void
do_piece(void *ctx, size_t piece, unsigned worker)
{
    const struct part *p = ctx;

    p->work(p->ctx, p->first + piece, worker);
}

void
team_run(struct threads *t, size_t n,
         void (*work)(void *ctx, size_t piece, unsigned worker), void *ctx)
{
    const struct range own = team_pieces(n, world_rank());
    struct part p = { work, ctx, own.begin };

    if (world_size() == 1)
        threads_run(t, n, work, ctx);
    else
        threads_run(t, own.end - own.begin, do_piece, &p);
}

/* Elements R, of SIZE bytes each, from FROM to TO, if this rank is either. */
static void
move(unsigned from, unsigned to, void *v, struct range r, size_t size)
{
    unsigned char *at = (unsigned char *)v + r.begin * size;
    const size_t bytes = (r.end - r.begin) * size;

    if (bytes == 0 || from == to)
        return;
    if (world_rank() == from)
        world_send(to, at, bytes);
    else if (world_rank() == to)
        world_receive(from, at, bytes);
}

void
team_gather(void *v, size_t n, size_t size)
{
    for (unsigned to = 0; to < world_size(); to++)
        team_collect(to, v, n, size);
}

void
team_spread(unsigned from, void *v, size_t n, size_t size)
{
    for (unsigned to = 0; to < world_size(); to++)
        move(from, to, v, team_rows(n, to), size);
}

void
team_collect(unsigned to, void *v, size_t n, size_t size)
{
    for (unsigned from = 0; from < world_size(); from++)
        move(from, to, v, team_rows(n, from), size);
}

void
team_tell(unsigned from, void *v, size_t n, size_t size)
{
    const struct range all = { 0, n };

    for (unsigned to = 0; to < world_size(); to++)
        move(from, to, v, all, size);
}

void
team_wait(void)
{
    world_wait();
}
