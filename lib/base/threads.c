#include "base/threads.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"

/*
 * Rounds of a training step follow each other in microseconds, and to sleep and
 * be woken takes longer than many of them do.  So whoever waits looks this
 * often, some 20 us, before it sleeps: little to lose where a core is idle, and
 * little to take from others where none is.
 */
#define LOOKS 500

struct threads {
    unsigned count;
    pthread_mutex_t lock;
    pthread_cond_t start, done;
    atomic_ulong round; /* raised, with the lock held, when there is work */
    bool quit;
    atomic_uint busy; /* helpers that have not finished this round */
    size_t pieces;
    atomic_size_t next;
    void (*work)(void *ctx, size_t piece, unsigned worker);
    void *ctx;
    struct helper {
        struct threads *owner;
        unsigned number;
        pthread_t id;
    } helper[THREADS_MAX];
};

/* Leave the processor's other thread alone between two looks. */
static inline void
pause_briefly(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#else
    atomic_signal_fence(memory_order_seq_cst);
#endif
}

static void
do_pieces(struct threads *t, unsigned worker)
{
    size_t piece;

    while ((piece = atomic_fetch_add(&t->next, 1)) < t->pieces)
        t->work(t->ctx, piece, worker);
}

/* Wait for a round after SEEN; false when there will be none. */
static bool
wait_for_round(struct threads *t, unsigned long seen)
{
    bool quit;

    for (int i = 0; i < LOOKS && atomic_load(&t->round) == seen; i++)
        pause_briefly();
    pthread_mutex_lock(&t->lock);
    while (atomic_load(&t->round) == seen && !t->quit)
        pthread_cond_wait(&t->start, &t->lock);
    quit = t->quit;
    pthread_mutex_unlock(&t->lock);
    return !quit;
}

static void
wait_for_helpers(struct threads *t)
{
    for (int i = 0; i < LOOKS && atomic_load(&t->busy) > 0; i++)
        pause_briefly();
    if (atomic_load(&t->busy) == 0)
        return;
    pthread_mutex_lock(&t->lock);
    while (atomic_load(&t->busy) > 0)
        pthread_cond_wait(&t->done, &t->lock);
    pthread_mutex_unlock(&t->lock);
}

static void *
helper_main(void *arg)
{
    struct helper *self = arg;
    struct threads *t = self->owner;

    for (unsigned long seen = 0; wait_for_round(t, seen); seen++) {
        do_pieces(t, self->number);
        if (atomic_fetch_sub(&t->busy, 1) > 1)
            continue;
        pthread_mutex_lock(&t->lock);
        pthread_cond_signal(&t->done);
        pthread_mutex_unlock(&t->lock);
    }
    return NULL;
}

struct threads *
threads_new(unsigned n, struct error *e)
{
    struct threads *t = mem_new(1, sizeof *t, e);
    sigset_t all, old;

    if (t == NULL)
        return NULL;
    pthread_mutex_init(&t->lock, NULL);
    pthread_cond_init(&t->start, NULL);
    pthread_cond_init(&t->done, NULL);
    t->count = 1;
    /* Signals are for the main thread. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    for (unsigned i = 1; i < n && i < THREADS_MAX; i++) {
        struct helper *h = &t->helper[i];

        h->owner = t;
        h->number = i;
        if (pthread_create(&h->id, NULL, helper_main, h) != 0) {
            pthread_sigmask(SIG_SETMASK, &old, NULL);
            threads_free(t);
            error_set(e, "cannot start %u threads", n);
            return NULL;
        }
        t->count++;
    }
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return t;
}

void
threads_free(struct threads *t)
{
    if (t == NULL)
        return;
    pthread_mutex_lock(&t->lock);
    t->quit = true;
    pthread_cond_broadcast(&t->start);
    pthread_mutex_unlock(&t->lock);
    for (unsigned i = 1; i < t->count; i++)
        pthread_join(t->helper[i].id, NULL);
    pthread_cond_destroy(&t->start);
    pthread_cond_destroy(&t->done);
    pthread_mutex_destroy(&t->lock);
    free(t);
}

unsigned
threads_count(const struct threads *t)
{
    return t != NULL ? t->count : 1;
}

void
threads_run(struct threads *t, size_t pieces,
            void (*work)(void *ctx, size_t piece, unsigned worker), void *ctx)
{
    if (t == NULL || t->count == 1 || pieces < 2) {
        for (size_t i = 0; i < pieces; i++)
            work(ctx, i, 0);
        return;
    }
    t->work = work;
    t->ctx = ctx;
    t->pieces = pieces;
    atomic_store(&t->next, 0);
    atomic_store(&t->busy, t->count - 1);
    pthread_mutex_lock(&t->lock);
    atomic_fetch_add(&t->round, 1);
    pthread_cond_broadcast(&t->start);
    pthread_mutex_unlock(&t->lock);
    do_pieces(t, 0);
    wait_for_helpers(t);
}
