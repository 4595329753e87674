/*
 * value.h - one value of a column, whatever its type
 *
 * Integers of all types are compared by what they are worth: -1 in an i32 is
 * below 0 in a u8, and 2^63 in a u64 above every i64.
 */
#ifndef ROWS_VALUE_H
#define ROWS_VALUE_H

#include "stream/block.h"

bool type_is_integer(enum type t);

struct integer {
    bool negative;
    uint64_t bits; /* two's complement */
};

/* Value V of a column of integers. */
struct integer value_integer(const struct array *a, enum type t, size_t v);
/* Below, at or above 0 as X is below, at or above Y. */
int integer_compare(struct integer x, struct integer y);

/*
 * A number that is ordered as the values of the column are: for sorting by
 * time.  -0 and 0 are one value; a NaN has no place and is refused.
 */
int value_order(const struct array *a, enum type t, size_t v, uint64_t *order,
                struct error *e);

/*
 * The bytes by which a scalar string or integer is looked up and hashed: equal
 * for equal values, also of different integer types, and the same on every
 * machine.
 */
#define KEY_INTEGER_SIZE 9

struct key {
    const void *data; /* into the block, or INTEGER */
    size_t len;
    unsigned char integer[KEY_INTEGER_SIZE];
};

/* Can C's values be keys?  If not, E says what C is. */
int key_check(const struct column *c, struct error *e);
/* The value of row ROW.  K must stay where it is. */
void key_at(struct key *k, const struct array *a, enum type t, size_t row);

/* The same value for a message, in OUT. */
#define KEY_TEXT_MAX 64
void key_text(char out[KEY_TEXT_MAX], const struct array *a, enum type t,
              size_t row);

#endif
