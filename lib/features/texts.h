/*
 * texts.h - for how long texts are remembered
 *
 * The same titles come again and again, and to cut one into tokens takes
 * several times as long as to find it in a table.  So distinct texts are
 * remembered with what was made of them.  Texts that never come again, such as
 * reviews, must not fill the memory: when there are this many, all are
 * forgotten and the table starts afresh.
 */
#ifndef FEATURES_TEXTS_H
#define FEATURES_TEXTS_H

#include <stdbool.h>

#include "base/intern.h"

#define TEXTS_MAX 32768
#define TEXTS_BYTES_MAX ((size_t)2 << 20)

/* Rows that are looked up together; between, there are not too many texts. */
#define TEXTS_TOGETHER 256

static inline bool
texts_are_many(const struct intern *texts)
{
    return intern_count(texts) >= TEXTS_MAX ||
           intern_bytes(texts) >= TEXTS_BYTES_MAX;
}

#endif
