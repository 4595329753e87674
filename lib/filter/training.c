#include "filter/training.h"

#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/outfile.h"
#include "base/world.h"
#include "filter/best.h"
#include "filter/checkpoint.h"
#include "filter/interruption.h"
#include "filter/must.h"
#include "filter/progress.h"
#include "filter/training_log.h"
#include "model/batches.h"

/* Epochs between checkpoints unless the user says so. */
#define CHECKPOINT_EVERY 10

/* A run under way. */
struct run {
    const struct training_options *o;
    const struct trainee *t;
    struct batches batches;
    struct checkpoint at;
    uint64_t skipped; /* batches that the checkpoint had done */
    size_t figures;   /* of a validation; 0: there is none */
    struct training_log log;
    struct best best;      /* with early stopping */
    struct tensor *tensor; /* the trainee's, and behind them the best */
    size_t tensors;
};

static void
save(struct run *r)
{
    r->at.steps = *r->t->steps;
    if (world_rank() == 0)
        checkpoint_save(r->o->checkpoint, &r->at, r->tensor, r->tensors);
}

/* All ranks stop at the same batch, and none before the checkpoint is there:
 * one that has ended is the end of all. */
static void
stop_if_asked(struct run *r)
{
    const int sig =
        r->o->checkpoint != NULL ? world_most(interruption_seen()) : 0;

    if (sig == 0)
        return;
    save(r);
    (void)world_most(0);
    progress_end();
    notice("interrupted after %" PRIu64 " epochs and %" PRIu64
           " batches; %s has what was done",
           r->at.epoch, r->at.batch, r->o->checkpoint);
    interruption_release();
    (void)raise(sig);
}

static void
say(struct run *r, double loss, const double *figure)
{
    char text[512];
    size_t len;

    len = (size_t)snprintf(text, sizeof text, "epoch %" PRIu64 ": loss %.6g",
                           r->at.epoch, loss);
    for (size_t i = 0; figure != NULL && i < r->figures; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, ", %s %.4f",
                                r->o->figure[i].name, figure[i]);
    notice("%s", text);
}

static uint64_t
save_every(const struct training_options *o)
{
    return o->checkpoint_every > 0 ? o->checkpoint_every : CHECKPOINT_EVERY;
}

/* Has early stopping come to its end? */
static bool
is_stopped(const struct run *r)
{
    return r->o->patience > 0 && r->at.best.since >= r->o->patience;
}

static bool
is_judged(const struct run *r, uint64_t epoch)
{
    const uint64_t every = training_every(r->o);

    return r->figures > 0 &&
           (epoch == r->o->epochs || (every > 0 && epoch % every == 0));
}

static void
judge(struct run *r, double *figure)
{
    const struct training_options *o = r->o;
    const struct training_figure *watched = &o->figure[o->watch];
    struct error e;

    if (r->t->validate(r->t->model, figure, &e) != 0)
        die("%s: %s", o->validate, e.text);
    /* Whatever the last bits are elsewhere, all go on or all stop. */
    world_tell(0, figure, r->figures * sizeof *figure);
    if (o->patience == 0)
        return;
    if (isnan(figure[o->watch]))
        die("%s: epoch %" PRIu64 ": %s is not a number, so it says nothing of "
            "when to stop",
            o->validate, r->at.epoch, watched->name);
    best_judge(&r->best, &r->at.best, r->at.epoch, figure[o->watch],
               watched->falls);
}

static void
end_epoch(struct run *r, double seconds, size_t batches)
{
    const struct training_options *o = r->o;
    const double rows = (double)r->t->rows;
    const double loss = r->at.loss / rows;
    /* After a checkpoint in mid-epoch only the batches of this run count. */
    const double done =
        rows * (double)batches / (double)batches_count(&r->batches);
    const uint64_t epoch = ++r->at.epoch;
    const bool judged = is_judged(r, epoch);
    double figure[TRAINING_FIGURES_MAX];

    r->at.batch = 0;
    r->at.loss = 0;
    if (judged)
        judge(r, figure);
    training_log_write(&r->log, epoch, loss, done / seconds,
                       judged ? figure : NULL);
    say(r, loss, judged ? figure : NULL);
    if (o->checkpoint != NULL &&
        (epoch == o->epochs || is_stopped(r) || epoch % save_every(o) == 0))
        save(r);
}

/* The rows of batch number I, in memory. */
static const uint32_t *
enter_batch(struct run *r, size_t i, size_t *n)
{
    struct error e;

    if (batches_enter(&r->batches, i, &e) != 0)
        die("%s", e.text);
    return batches_rows(&r->batches, i, n);
}

static void
run_epoch(struct run *r)
{
    const size_t batches = batches_count(&r->batches);
    const size_t first = (size_t)r->at.batch;
    const double start = progress_clock();
    struct error e;

    batches_start(&r->batches, r->at.epoch);
    for (size_t i = first; i < batches; i++) {
        size_t n;
        const uint32_t *rows = enter_batch(r, i, &n);

        if (r->t->step(r->t->model, rows, n, &r->at.loss, &e) != 0)
            die("epoch %" PRIu64 ", batch %zu: %s", r->at.epoch + 1, i + 1,
                e.text);
        r->at.batch = i + 1;
        progress_at(r->at.epoch * batches + i + 1, r->skipped,
                    "epoch %" PRIu64 "  loss %.4f", r->at.epoch + 1,
                    r->at.loss / (double)(i * r->batches.size + n));
        if (i + 1 < batches)
            stop_if_asked(r);
    }
    end_epoch(r, progress_clock() - start, batches - first);
    stop_if_asked(r);
}

/* Of cli_step(), which names all that changes the result, without --epochs:
 * a run may be taken further than was first meant.  Their number counts when a
 * schedule spreads over all of them, and when the last one's being judged may
 * change the model. */
static uint64_t
hash_options(const struct training_options *o)
{
    static const char word[] = " --epochs ";
    const char *step = cli_step(), *rest;
    uint64_t h = 0;

    if (o->optimizer.schedule.kind != SCHEDULE_CONSTANT || o->patience > 0)
        h = hash_bytes(&o->epochs, sizeof o->epochs, h);

    /* Word by word, so that what is left out leaves no trace. */
    for (; *step != '\0'; step = rest) {
        const size_t blank = *step == ' ';

        rest = step + blank + strcspn(step + blank, " ");
        if (strncmp(step, word, strlen(word)) == 0)
            rest += 1 + strcspn(rest + 1, " ");
        else
            h = hash_bytes(step, (size_t)(rest - step), h);
    }
    return h;
}

/* Of all tensors: what the seed or another model made of them. */
static uint64_t
hash_tensors(const struct trainee *t)
{
    uint64_t h = 0;

    for (size_t i = 0; i < t->tensors; i++)
        h = hash_bytes(t->tensor[i].data,
                       t->tensor[i].rows * t->tensor[i].cols *
                           sizeof *t->tensor[i].data,
                       h);
    return h;
}

/* What the first rank finds, all have. */
static bool
load(struct run *r)
{
    int found = 0;

    if (world_rank() == 0)
        found =
            checkpoint_load(r->o->checkpoint, &r->at, r->tensor, r->tensors);
    world_tell(0, &found, sizeof found);
    world_tell(0, &r->at, sizeof r->at);
    for (size_t i = 0; i < r->tensors && found; i++)
        world_tell(0, r->tensor[i].data,
                   r->tensor[i].rows * r->tensor[i].cols *
                       sizeof *r->tensor[i].data);
    return found;
}

/* Take up what the checkpoint has, if there is one. */
static void
resume(struct run *r)
{
    const char *path = r->o->checkpoint;
    const struct trainee *t = r->t;
    struct outfile *f;
    struct error e;

    r->at.fingerprint = t->data ^ hash_options(r->o) ^ hash_tensors(t);
    if (r->o->patience > 0)
        r->at.fingerprint ^= hash_bytes(&t->judged, sizeof t->judged, 1);
    if (!load(r)) {
        if (world_rank() > 0)
            return;
        /* Better now than when there is something to lose. */
        f = outfile_open(path, &e);
        if (f == NULL)
            die("%s", e.text);
        outfile_abandon(f);
        return;
    }
    *t->steps = r->at.steps;
    if (r->at.epoch + (r->at.batch > 0) > r->o->epochs)
        die("%s: %" PRIu64 " epochs and %" PRIu64 " batches are done already",
            path, r->at.epoch, r->at.batch);
    if (r->at.batch >= batches_count(&r->batches))
        die("%s: damaged: there is no batch %" PRIu64, path, r->at.batch);
    notice("%s: going on after %" PRIu64 " epochs and %" PRIu64 " batches",
           path, r->at.epoch, r->at.batch);
}

/* The loss of the last step was finite; what it made of the model need not be.
 * Of a model that was left behind only that part counts which is written. */
static void
must_be_finite(const struct run *r)
{
    const size_t n = r->best.n > 0 ? r->best.n : r->t->tensors;

    for (size_t i = 0; i < n; i++) {
        const struct tensor *t = &r->t->tensor[i];

        for (size_t k = 0; k < t->rows * t->cols; k++)
            if (!isfinite(t->data[k]))
                die("epoch %" PRIu64 ": tensor '%s' is no longer finite",
                    r->at.epoch, t->name);
    }
}

/* All that a checkpoint holds. */
static void
list_tensors(struct run *r)
{
    const struct trainee *t = r->t;

    if (r->o->patience > 0)
        best_init(&r->best, t->tensor, t->parameters);
    r->tensors = t->tensors + r->best.n;
    r->tensor = must_new(r->tensors, sizeof *r->tensor);
    for (size_t i = 0; i < r->tensors; i++)
        r->tensor[i] =
            i < t->tensors ? t->tensor[i] : r->best.tensor[i - t->tensors];
}

/* The model is that of the best epoch. */
static void
take_best(struct run *r)
{
    best_restore(&r->best);
    notice("the model is that of epoch %" PRIu64 ": %s %.6g", r->at.best.epoch,
           r->o->figure[r->o->watch].name, r->at.best.value);
}

struct optimizer_options
training_optimizer(const struct training_options *o, size_t rows)
{
    const struct batches b = { .rows = rows, .size = o->batch_size };
    struct optimizer_options made = o->optimizer;

    made.schedule.steps = o->epochs * batches_count(&b);
    return made;
}

static int
load_rows(void *ctx, const struct range *range, size_t n, struct error *e)
{
    return examples_load(ctx, range, n, e);
}

/* The order of all rows, or in runs of what --memory has room for. */
static void
start_batches(struct run *r)
{
    const struct training_options *o = r->o;
    struct examples *x = r->t->examples;
    const struct batches_source source = { load_rows, x };
    const size_t size = (size_t)o->batch_size;
    struct error e;

    if (x->run == x->rows)
        must(batches_init(&r->batches, r->t->rows, size, o->seed,
                          !o->no_shuffle, &e),
             &e);
    else if (batches_init_runs(&r->batches, x->rows, size, o->seed,
                               !o->no_shuffle, x->run, &source, &e) != 0)
        die("--memory: %s", e.text);
}

void
training_run(const struct training_options *o, const struct trainee *t)
{
    struct run r = { .o = o, .t = t };
    uint64_t first;

    while (t->validate != NULL && o->figure[r.figures].name != NULL)
        r.figures++;
    start_batches(&r);
    list_tensors(&r);
    if (o->checkpoint != NULL) {
        resume(&r);
        /* There is a checkpoint to write first. */
        interruption_hold();
    }
    training_log_open(&r.log, world_rank() == 0 ? o->log : NULL, o->figure,
                      r.figures, r.at.epoch);
    first = *t->steps;
    r.skipped = r.at.epoch * batches_count(&r.batches) + r.at.batch;
    progress_start(o->epochs * batches_count(&r.batches), "batches");
    while (r.at.epoch < o->epochs && !is_stopped(&r))
        run_epoch(&r);
    if (o->checkpoint != NULL) {
        interruption_release();
        stop_if_asked(&r);
    }
    progress_end();
    training_say_sent(*t->steps - first);
    if (o->patience > 0)
        take_best(&r);
    must_be_finite(&r);
    training_log_close(&r.log);
    batches_free(&r.batches);
    best_free(&r.best);
    free(r.tensor);
}

void
training_done(const struct training_options *o)
{
    if (o->checkpoint != NULL && world_rank() == 0 &&
        unlink(o->checkpoint) != 0)
        die_errno("%s", o->checkpoint);
}
