/*
 * world.h - the processes that work on one job, each with a rank
 *
 * world.c is a world of one process, as of every filter; world_mpi.c, linked
 * before the library, is that of an MPI program, and the only file that knows
 * MPI.  Nobody may send in a world of one.
 *
 * All ranks come through the same calls in the same order.  A rank that fails
 * calls world_abort(), which ends all; so does MPI itself when it fails, and
 * whoever started the ranks when one of them dies.  So nothing here returns an
 * error but world_start().  Only the thread that started the world may call.
 */
#ifndef BASE_WORLD_H
#define BASE_WORLD_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Join the world, first thing in main(); exit() leaves it.  An error when it is
 * not as large as whoever started the ranks says. */
int world_start(struct error *e);

unsigned world_rank(void); /* below world_size() */
unsigned world_size(void);

/* End all ranks now with STATUS.  Returns when there is one alone. */
void world_abort(int status);

/* What rank FROM has in the N bytes of DATA, all have afterwards. */
void world_tell(unsigned from, void *data, size_t n);
/* The largest VALUE of all ranks. */
int world_most(int value);

/* The N bytes of DATA to rank TO, which receives as many.  Both return at once:
 * the memory is theirs until world_wait(), which returns when all is done that
 * was begun. */
void world_send(unsigned to, const void *data, size_t n);
void world_receive(unsigned from, void *data, size_t n);
void world_wait(void);

/* Bytes that this rank has sent by world_send(). */
uint64_t world_sent(void);

#endif
