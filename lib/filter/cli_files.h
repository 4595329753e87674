/*
 * cli_files.h - which files a command line names, for the sandbox
 *
 * But for the first these are for cli.c.
 */
#ifndef FILTER_CLI_FILES_H
#define FILTER_CLI_FILES_H

#include "filter/cli.h"

/* Where the last = of the name of OPERAND's file is, NULL if it has none; those
 * of its folder are no part of the name. */
const char *cli_files_word(const char *operand);

/* WORD is the value of an option of this kind. */
void cli_files_option(enum cli_kind kind, const char *word);

/* All options are known, and OPERAND[0], ... OPERAND[N - 1] are what is left:
 * from now on nothing else can be opened.  FLAGS as in struct cli. */
void cli_files_enter(unsigned flags, char *const *operand, int n);

#endif
