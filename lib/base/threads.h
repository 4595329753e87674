/*
 * threads.h - fixed pieces of work on any number of threads
 *
 * Work is cut into pieces by the caller, who never looks at the number of
 * threads while cutting.  A piece writes only what is its own, and sums over
 * pieces are taken afterwards in the order of the pieces: so the result has
 * the same bytes for any number of threads.
 */
#ifndef BASE_THREADS_H
#define BASE_THREADS_H

#include <stddef.h>

#include "base/error.h"

#define THREADS_MAX 256

struct threads; /* opaque */

/* N threads, the caller's included: N - 1 are started and wait for work. */
struct threads *threads_new(unsigned n, struct error *e);
void threads_free(struct threads *t); /* NULL is fine */
unsigned threads_count(const struct threads *t);

/*
 * Call work(ctx, piece, worker) once for each piece below PIECES and return
 * when all are done.  WORKER is below threads_count(): an index for scratch
 * memory, never to be used for anything that shows in the result.  T may be
 * NULL: one thread, the caller's.
 */
void threads_run(struct threads *t, size_t pieces,
                 void (*work)(void *ctx, size_t piece, unsigned worker),
                 void *ctx);

#endif
