/*
 * pile.h - bytes that are added at the end, in memory or in a file
 *
 * A pile begins in memory.  pile_spill() moves it to a file without a name in
 * $TMPDIR (/tmp), which is gone when the process ends, however it ends; what
 * is added then goes there by a buffer, and is read back piece by piece.  Start
 * from = { 0 }.
 */
#ifndef BASE_PILE_H
#define BASE_PILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct pile {
    unsigned char *data; /* all of it, or when spilled what the file has not */
    size_t cap;          /* of DATA */
    size_t held;         /* bytes in DATA */
    size_t written;      /* bytes in the file */
    int fd;              /* good when SPILLED */
    bool spilled;
};

static inline size_t
pile_size(const struct pile *p)
{
    return p->written + p->held;
}

int pile_append(struct pile *p, const void *bytes, size_t len, struct error *e);

/* Keep it in a file from now on.  After a failure it is good for pile_free().
 */
int pile_spill(struct pile *p, struct error *e);

/* No more is added: give back the room it had to grow, or write the rest. */
int pile_end(struct pile *p, struct error *e);

/* After that: copy the LEN bytes from AT on, which must be there. */
int pile_read(const struct pile *p, size_t at, void *to, size_t len,
              struct error *e);

void pile_free(struct pile *p); /* twice is fine */

#endif
