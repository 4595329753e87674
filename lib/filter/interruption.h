/*
 * interruption.h - an interruption that waits for a good moment
 *
 * SIGHUP, SIGINT and SIGTERM, but for those that are ignored.
 */
#ifndef FILTER_INTERRUPTION_H
#define FILTER_INTERRUPTION_H

/* From now on such a signal is only remembered. */
void interruption_hold(void);
/* The last one that came since, or 0. */
int interruption_seen(void);
/* From now on signals do again what they did before. */
void interruption_release(void);

#endif
