#include "base/threads.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"

struct threads {
    unsigned count;
    pthread_mutex_t lock;
    pthread_cond_t start, done;
    unsigned long round; /* raised when there is work */
    bool quit;
    unsigned busy; /* helpers that have not finished this round */
    size_t pieces, next;
    void (*work)(void *ctx, size_t piece, unsigned worker);
    void *ctx;
    struct helper {
        struct threads *owner;
        unsigned number;
        pthread_t id;
    } helper[THREADS_MAX];
};

static void
do_pieces(struct threads *t, unsigned worker)
{
    for (;;) {
        size_t piece;

        pthread_mutex_lock(&t->lock);
        piece = t->next < t->pieces ? t->next++ : t->pieces;
        pthread_mutex_unlock(&t->lock);
        if (piece == t->pieces)
            return;
        t->work(t->ctx, piece, worker);
    }
}

static void *
helper_main(void *arg)
{
    struct helper *self = arg;
    struct threads *t = self->owner;
    unsigned long seen = 0;

    for (;;) {
        pthread_mutex_lock(&t->lock);
        while (t->round == seen && !t->quit)
            pthread_cond_wait(&t->start, &t->lock);
        seen = t->round;
        if (t->quit) {
            pthread_mutex_unlock(&t->lock);
            return NULL;
        }
        pthread_mutex_unlock(&t->lock);
        do_pieces(t, self->number);
        pthread_mutex_lock(&t->lock);
        if (--t->busy == 0)
            pthread_cond_signal(&t->done);
        pthread_mutex_unlock(&t->lock);
    }
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
    pthread_mutex_lock(&t->lock);
    t->work = work;
    t->ctx = ctx;
    t->pieces = pieces;
    t->next = 0;
    t->busy = t->count - 1;
    t->round++;
    pthread_cond_broadcast(&t->start);
    pthread_mutex_unlock(&t->lock);
    do_pieces(t, 0);
    pthread_mutex_lock(&t->lock);
    while (t->busy > 0)
        pthread_cond_wait(&t->done, &t->lock);
    pthread_mutex_unlock(&t->lock);
}
