/*
 * groups.h - the lists that rows are in
 *
 * Rows that follow each other and have the same key are a list.  The lists that
 * say anything have a row with the label 1; the others are left out.
 *
 * Memory: 8 bytes a list, and base/intern.h's for the keys while rows come.
 */
#ifndef MODEL_GROUPS_H
#define MODEL_GROUPS_H

#include <stdbool.h>

#include "base/intern.h"
#include "model/scratch.h"
#include "stream/block.h"

/* Start from = { 0 }. */
struct groups {
    size_t n;            /* lists */
    struct ids begin;    /* [n]: their first rows */
    struct ids end;      /* [n]: the rows behind their last ones */
    size_t rows;         /* in all of them */
    size_t left_out;     /* lists without a label 1 */
    struct intern *keys; /* until groups_finish() */
    uint32_t key;        /* number of the last row's */
};

/* More rows: those of A, a column of type T whose values are keys.  Refused,
 * with *BAD the row: a key that another list had. */
int groups_append(struct groups *g, const struct array *a, enum type t,
                  uint32_t rows, uint32_t *bad, struct error *e);
/* That was all; leave out what has no LABEL 1. */
void groups_finish(struct groups *g, const uint8_t *label);
void groups_free(struct groups *g);

/* How many lists have ROWS rows on average: rounded down, and at least one. */
size_t groups_of_rows(const struct groups *g, size_t rows);

/* The rows of the N lists NUMBER, list after list, into ROW, and into START [N
 * + 1] where there each begins. */
int groups_rows(const struct groups *g, const uint32_t *number, size_t n,
                struct ids *row, struct ids *start, struct error *e);

/* A hash of where the lists are. */
uint64_t groups_fingerprint(const struct groups *g);

#endif
