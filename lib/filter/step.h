/*
 * step.h - the line of this process in the heads of streams
 *
 * What changes the result is in it, and nothing else:
 *
 *     rec-head 0.1.0 --rows 3
 *
 * Words are quoted where a shell would need it, files are named without their
 * folders, control characters and what is no UTF-8 become '?'.  Out of memory
 * is the end of the process.
 */
#ifndef FILTER_STEP_H
#define FILTER_STEP_H

void step_begin(const char *name, const char *version);
void step_word(const char *word);
void step_file(const char *path);
/* An operand "[NAME=]PATH". */
void step_named_file(const char *operand);
/* All so far; good until the next call. */
const char *step_text(void);

/* PATH without its folders. */
const char *step_base_name(const char *path);
/* PATH of "[NAME=]PATH", whose NAME has no slash and is not empty. */
const char *step_named_path(const char *operand);

#endif
