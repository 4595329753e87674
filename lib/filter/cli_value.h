/*
 * cli_value.h - the values of options, read whole and in range or refused
 */
#ifndef FILTER_CLI_VALUE_H
#define FILTER_CLI_VALUE_H

#include <stdint.h>

/* The value VALUE of option LETTER, all of it and in its range, or exit 2. */
uint64_t cli_u64(int letter, const char *value, uint64_t min, uint64_t max);
/* A number of bytes, at least 1: "65536" or with a letter for 1024 and its
 * powers, "64K", "2M", "1G", "1T". */
uint64_t cli_size(int letter, const char *value);
double cli_f64(int letter, const char *value, double min, double max);
/* "64,32": at most MAX numbers of at least MIN_VALUE; returns how many. */
unsigned cli_u32_list(int letter, const char *value, uint32_t min_value,
                      unsigned max, uint32_t *out);
/* The index of VALUE in NAMES, which ends with NULL. */
unsigned cli_choice(int letter, const char *value, const char *const *names);

/* Wrong usage when an option needs what NAME, of which TAKES are the bits, does
 * not take: ASKS[bit] is the letter of the first option that needs BIT, or 0;
 * LAST is the highest bit. */
void cli_check_takes(const int *asks, unsigned last, unsigned takes,
                     const char *name);

#endif
