/*
 * column_list.h - lists of columns as they stand on a command line
 *
 *     user_id:str  rating:f32  embedding:f32[32]  title
 */
#ifndef STREAM_COLUMN_LIST_H
#define STREAM_COLUMN_LIST_H

#include "stream/schema.h"

struct listed_column {
    char name[SCHEMA_NAME_MAX + 1];
    struct column type; /* without a name; a scalar str when not TYPED */
    bool typed;
};

/* The next word of *LIST, which is moved behind it: 1, at the end 0, or -1. */
int column_list_next(const char **list, struct listed_column *s,
                     struct error *e);

#endif
