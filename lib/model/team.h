/*
 * team.h - work of a step that is cut for the ranks of a world
 *
 * Work is cut into pieces as always (pieces.h), and a rank does a run of them.
 * What they write is then sent to the ranks that read it: a number is added up
 * where all that it is made of has come together, in the order of the pieces,
 * so the result has the same bytes for any number of ranks.  In a world of one
 * this is threads_run(), and nothing is sent.
 *
 * A rank has those elements of an array that its pieces have: team_rows().  All
 * ranks call all of these functions but the first two in the same order.
 */
#ifndef MODEL_TEAM_H
#define MODEL_TEAM_H

#include "base/threads.h"
#include "base/world.h"
#include "model/pieces.h"

/* Ranks that there is work for. */
#define TEAM_MAX ((unsigned)PIECES)

/* Those of N pieces that RANK does, and those of N elements that these have
 * when there are PIECES of them. */
struct range team_pieces(size_t n, unsigned rank);
struct range team_rows(size_t n, unsigned rank);
/* Who does piece number PIECE of N. */
unsigned team_owner(size_t n, size_t piece);

/* threads_run() for those of N pieces that are this rank's. */
void team_run(struct threads *t, size_t n,
              void (*work)(void *ctx, size_t piece, unsigned worker),
              void *ctx);

/*
 * V is [n] of SIZE bytes each.
 *
 *     gather    each rank has its rows; all get all
 *     spread    rank FROM has all; each gets its rows
 *     collect   each rank has its rows; rank TO gets all
 *     tell      rank FROM has all; all get all
 *
 * V is neither read nor written before team_wait(), which waits for all that
 * was begun.
 */
void team_gather(void *v, size_t n, size_t size);
void team_spread(unsigned from, void *v, size_t n, size_t size);
void team_collect(unsigned to, void *v, size_t n, size_t size);
void team_tell(unsigned from, void *v, size_t n, size_t size);
void team_wait(void);

#endif
