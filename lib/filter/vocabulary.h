/*
 * vocabulary.h - a vocabulary from its file, for main() only
 */
#ifndef FILTER_VOCABULARY_H
#define FILTER_VOCABULARY_H

#include "features/vocabulary.h"

/* The finished vocabulary in the stream at PATH ("-": standard input), for
 * vocabulary_free(); dies with a message that names the stream. */
struct vocabulary *vocabulary_load(const char *path);

#endif
