#include "filter/training_log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "filter/message.h"

/* The end of the last line of the log that epoch DONE or an earlier one wrote,
 * -1 when it cannot be read: what was not seen would be cut off. */
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
    return ferror(log) ? -1 : end;
}

void
training_log_open(struct training_log *l, const char *path,
                  const struct training_figure *figure, size_t figures,
                  uint64_t epoch)
{
    struct stat st;
    long end = 0;

    *l = (struct training_log){ NULL, path, figure, figures };
    if (path == NULL)
        return;
    /* A link to nothing, which no output follows (outfile.h). */
    if (lstat(path, &st) == 0 && stat(path, &st) != 0)
        die_errno("%s", path);
    l->file = fopen(path, epoch > 0 ? "r+" : "w");
    if (l->file == NULL && errno == ENOENT)
        l->file = fopen(path, "w");
    if (l->file == NULL)
        die_errno("%s", path);
    if (epoch > 0) {
        end = log_end(l->file, epoch);
        if (end < 0 || fseek(l->file, end, SEEK_SET) != 0 ||
            ftruncate(fileno(l->file), end) != 0)
            die_errno("%s", path);
    }
    if (end == 0) {
        fprintf(l->file, "epoch\tloss\trows_per_second");
        for (size_t i = 0; i < figures; i++)
            fprintf(l->file, "\t%s", figure[i].name);
        fputc('\n', l->file);
    }
}

void
training_log_write(struct training_log *l, uint64_t epoch, double loss,
                   double rows_per_second, const double *figure)
{
    if (l->file == NULL)
        return;
    fprintf(l->file, "%" PRIu64 "\t%.9g\t%.0f", epoch, loss, rows_per_second);
    for (size_t i = 0; i < l->figures; i++) {
        if (figure != NULL)
            fprintf(l->file, "\t%.9g", figure[i]);
        else
            fputs("\t-", l->file);
    }
    fputc('\n', l->file);
    if (fflush(l->file) != 0)
        die_errno("%s", l->path);
}

void
training_log_close(struct training_log *l)
{
    if (l->file != NULL && fclose(l->file) != 0)
        die_errno("%s", l->path);
    l->file = NULL;
}
