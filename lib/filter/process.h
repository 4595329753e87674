/*
 * process.h - what a process finds when it starts, made safe
 */
#ifndef FILTER_PROCESS_H
#define FILTER_PROCESS_H

/* A standard descriptor that is closed would be that of the next file to be
 * opened, and messages, say, would go there.  What takes its place can be used
 * in the wrong direction only, so that using it is an error. */
void process_descriptors(void);

/* The signals that end a process remove its unfinished files first; that a file
 * is larger than a limit is no signal but an error of write(2). */
void process_signals(void);

#endif
