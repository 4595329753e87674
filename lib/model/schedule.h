/*
 * schedule.h - how the learning rate moves from step to step
 *
 * The factor of step s = 1 .. S, of which the first W are to warm up and c is
 * where it all ends:
 *
 *     s / W                             s <= W  (Goyal et al., 2017)
 *     1                                 constant
 *     c + (1 - c) (1 - p)               linear
 *     c + (1 - c) (1 + cos(pi p)) / 2   cosine  (Loshchilov and Hutter, 2017)
 *
 * with p = (s - 1 - W) / (S - W), which goes from 0 to just below 1: so no step
 * is without effect when c is 0.
 */
#ifndef MODEL_SCHEDULE_H
#define MODEL_SCHEDULE_H

#include <stdint.h>

enum schedule_kind { SCHEDULE_CONSTANT, SCHEDULE_LINEAR, SCHEDULE_COSINE };

/* Zeroed, it is 1 at every step. */
struct schedule {
    enum schedule_kind kind;
    uint64_t warmup; /* W */
    uint64_t steps;  /* S; a constant one needs none */
    double end;      /* c, 0 to 1 */
};

/* The factor of STEP, which counts from 1; it depends on nothing else.  Steps
 * beyond the last one have c. */
double schedule_factor(const struct schedule *s, uint64_t step);

#endif
