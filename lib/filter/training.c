#include "filter/training.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/outfile.h"
#include "filter/checkpoint.h"
#include "filter/must.h"
#include "filter/progress.h"
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
    FILE *log;
};

/* What can wait until a batch has ended, and what it did before. */
static const int polite[] = { SIGHUP, SIGINT, SIGTERM };
#define POLITE (sizeof polite / sizeof *polite)
static struct sigaction impolite[POLITE];

static volatile sig_atomic_t signal_seen;

static void
remember_signal(int sig)
{
    signal_seen = sig;
}

/* With a checkpoint to write, an interruption waits for the batch to end. */
static void
catch_signals(void)
{
    struct sigaction sa = { .sa_handler = remember_signal,
                            .sa_flags = SA_RESTART };

    sigemptyset(&sa.sa_mask);
    for (size_t i = 0; i < POLITE; i++)
        if (sigaction(polite[i], NULL, &impolite[i]) == 0 &&
            impolite[i].sa_handler != SIG_IGN)
            (void)sigaction(polite[i], &sa, NULL);
}

static void
release_signals(void)
{
    for (size_t i = 0; i < POLITE; i++)
        (void)sigaction(polite[i], &impolite[i], NULL);
}

static void
save(struct run *r)
{
    r->at.steps = *r->t->steps;
    checkpoint_save(r->o->checkpoint, &r->at, r->t->tensor, r->t->tensors);
}

static void
stop_if_asked(struct run *r)
{
    const int sig = signal_seen;

    if (sig == 0)
        return;
    save(r);
    progress_end();
    notice("interrupted after %" PRIu64 " epochs and %" PRIu64
           " batches; %s has what was done",
           r->at.epoch, r->at.batch, r->o->checkpoint);
    release_signals();
    (void)raise(sig);
}

/* The end of the last line of the log that epoch DONE or an earlier one wrote:
 * what stands behind it comes again. */
static long
log_end(FILE *log, uint64_t done)
{
    char text[1024];
    long end = 0;

    while (fgets(text, sizeof text, log) != NULL) {
        char *stop;
        const unsigned long long epoch = strtoull(text, &stop, 10);

        if (strchr(text, '\n') == NULL || (stop != text && epoch > done))
            break;
        end = ftell(log);
    }
    return end;
}

static void
open_log(struct run *r)
{
    const char *path = r->o->log;
    long end = 0;

    if (path == NULL)
        return;
    r->log = fopen(path, r->at.epoch > 0 ? "r+" : "w");
    if (r->log == NULL && errno == ENOENT)
        r->log = fopen(path, "w");
    if (r->log == NULL)
        die_errno("%s", path);
    if (r->at.epoch > 0) {
        end = log_end(r->log, r->at.epoch);
        if (end < 0 || fseek(r->log, end, SEEK_SET) != 0 ||
            ftruncate(fileno(r->log), end) != 0)
            die_errno("%s", path);
    }
    if (end == 0) {
        fprintf(r->log, "epoch\tloss\trows_per_second");
        for (size_t i = 0; i < r->t->figures; i++)
            fprintf(r->log, "\t%s", r->t->figure_name[i]);
        fputc('\n', r->log);
    }
}

static void
write_log(struct run *r, double loss, double rate, const double *figure)
{
    if (r->log == NULL)
        return;
    fprintf(r->log, "%" PRIu64 "\t%.9g\t%.0f", r->at.epoch, loss, rate);
    for (size_t i = 0; i < r->t->figures; i++) {
        if (figure != NULL)
            fprintf(r->log, "\t%.9g", figure[i]);
        else
            fputs("\t-", r->log);
    }
    fputc('\n', r->log);
    if (fflush(r->log) != 0)
        die_errno("%s", r->o->log);
}

static void
say(struct run *r, double loss, const double *figure)
{
    char text[512];
    size_t len;

    len = (size_t)snprintf(text, sizeof text, "epoch %" PRIu64 ": loss %.6g",
                           r->at.epoch, loss);
    for (size_t i = 0; figure != NULL && i < r->t->figures; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, ", %s %.4f",
                                r->t->figure_name[i], figure[i]);
    notice("%s", text);
}

static uint64_t
save_every(const struct training_options *o)
{
    return o->checkpoint_every > 0 ? o->checkpoint_every : CHECKPOINT_EVERY;
}

static void
end_epoch(struct run *r, double seconds, size_t batches)
{
    const struct training_options *o = r->o;
    const double rows = (double)r->t->examples->rows;
    const double loss = r->at.loss / rows;
    /* After a checkpoint in mid-epoch only the batches of this run count. */
    const double done =
        rows * (double)batches / (double)batches_count(&r->batches);
    const bool last = r->at.epoch + 1 == o->epochs;
    const bool judge =
        r->t->figures > 0 &&
        (last || (o->every > 0 && (r->at.epoch + 1) % o->every == 0));
    double figure[TRAINING_FIGURES_MAX];
    struct error e;

    r->at.epoch++;
    r->at.batch = 0;
    r->at.loss = 0;
    if (judge && r->t->validate(r->t->model, figure, &e) != 0)
        die("%s: %s", o->validate, e.text);
    write_log(r, loss, done / seconds, judge ? figure : NULL);
    say(r, loss, judge ? figure : NULL);
    if (o->checkpoint != NULL && (last || r->at.epoch % save_every(o) == 0))
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
 * a run may be taken further than was first meant. */
static uint64_t
hash_options(void)
{
    static const char word[] = " --epochs ";
    const char *step = cli_step(), *rest;
    uint64_t h = 0;

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

/* Take up what the checkpoint has, if there is one. */
static void
resume(struct run *r)
{
    const char *path = r->o->checkpoint;
    const struct trainee *t = r->t;
    struct outfile *f;
    struct error e;

    r->at.fingerprint = t->data ^ hash_options() ^ hash_tensors(t);
    if (!checkpoint_load(path, &r->at, t->tensor, t->tensors)) {
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
 */
static void
must_be_finite(const struct run *r)
{
    for (size_t i = 0; i < r->t->tensors; i++) {
        const struct tensor *t = &r->t->tensor[i];

        for (size_t k = 0; k < t->rows * t->cols; k++)
            if (!isfinite(t->data[k]))
                die("epoch %" PRIu64 ": tensor '%s' is no longer finite",
                    r->at.epoch, t->name);
    }
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
        must(batches_init(&r->batches, x->rows, size, o->seed, !o->no_shuffle,
                          &e),
             &e);
    else if (batches_init_runs(&r->batches, x->rows, size, o->seed,
                               !o->no_shuffle, x->run, &source, &e) != 0)
        die("--memory: %s", e.text);
}

void
training_run(const struct training_options *o, const struct trainee *t)
{
    struct run r = { .o = o, .t = t };

    start_batches(&r);
    if (o->checkpoint != NULL) {
        resume(&r);
        catch_signals();
    }
    open_log(&r);
    r.skipped = r.at.epoch * batches_count(&r.batches) + r.at.batch;
    progress_start(o->epochs * batches_count(&r.batches), "batches");
    while (r.at.epoch < o->epochs)
        run_epoch(&r);
    if (o->checkpoint != NULL) {
        release_signals();
        stop_if_asked(&r);
    }
    progress_end();
    must_be_finite(&r);
    if (r.log != NULL && fclose(r.log) != 0)
        die_errno("%s", o->log);
    batches_free(&r.batches);
}

void
training_done(const struct training_options *o)
{
    if (o->checkpoint != NULL && unlink(o->checkpoint) != 0)
        die_errno("%s", o->checkpoint);
}
