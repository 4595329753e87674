/*
 * training_log.h - a line an epoch, as tab-separated text
 *
 *     epoch  loss  rows_per_second  FIGURE ...
 *
 * with "-" for the figures of an epoch that was not judged.
 */
#ifndef FILTER_TRAINING_LOG_H
#define FILTER_TRAINING_LOG_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "filter/training_options.h"

struct training_log {
    FILE *file; /* NULL: there is no log, and nothing is written */
    const char *path;
    const struct training_figure *figure;
    size_t figures;
};

/* All three die on failure.  After EPOCH epochs: lines that PATH has of later
 * ones are cut off, as these come again.  PATH is kept, and may be NULL. */
void training_log_open(struct training_log *l, const char *path,
                       const struct training_figure *figure, size_t figures,
                       uint64_t epoch);
/* FIGURE is NULL for an epoch that was not judged. */
void training_log_write(struct training_log *l, uint64_t epoch, double loss,
                        double rows_per_second, const double *figure);
void training_log_close(struct training_log *l);

#endif
