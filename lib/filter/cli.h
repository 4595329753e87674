/*
 * cli.h - what every filter's main() shares: options, help, messages
 *
 * With the rest of lib/filter/ the only code of lib/ that prints or exits;
 * nothing outside lib/filter/ and filters/ may include it.
 *
 * A filter describes its options in one table.  The table drives getopt_long,
 * --help and the "step" line that the filter leaves in the stream, so these
 * three cannot disagree.
 *
 * Exit statuses: 0 done, 1 bad data or a failed system call, 2 wrong usage.
 */
#ifndef FILTER_CLI_H
#define FILTER_CLI_H

#include <stdbool.h>
#include <stdint.h>

#include "filter/cli_value.h"
#include "filter/message.h"

/* What an option's value is, for the step line: same input and same step line
 * means same output bytes. */
enum cli_kind {
    CLI_FLAG,   /* no value */
    CLI_VALUE,  /* a value that is recorded as it is */
    CLI_FILE,   /* an input file: recorded without its directory */
    CLI_HIDDEN, /* a value that changes no byte of the output: not recorded */
    CLI_OUTPUT, /* the same, and it names a file that is written */
    CLI_HIDDEN_FLAG,
};

struct cli_option {
    int letter;       /* 'k', or a number above 255: no short form */
    const char *name; /* "count" */
    enum cli_kind kind;
    const char *value; /* "K" in "-k, --count K", NULL for flags */
    const char *help;  /* one line, with the default */
};

/* Options of all filters: CLI_STREAM_OUT adds -o and -z, CLI_FILE_OUT only -o,
 * CLI_DEFLATE only -z, CLI_THREADS -j.  --verbose, -h and --version are always
 * there, and so is -v for --verbose unless the filter's own table has that
 * letter.  CLI_OPTIONS_FIRST: options end at the first operand, so that "-5"
 * can be one further on.  CLI_WRITES_OPERANDS: operands are files that are
 * written, "FILE" or "FILE=WORD".  CLI_NAMED_OPERANDS: operands are
 * "[NAME=]FILE" and are recorded with NAME.  CLI_TEMPORARY: there may be
 * temporary files.
 */
enum {
    CLI_STREAM_OUT = 1,
    CLI_THREADS = 2,
    CLI_FILE_OUT = 4,
    CLI_DEFLATE = 8,
    CLI_OPTIONS_FIRST = 16,
    CLI_WRITES_OPERANDS = 32,
    CLI_TEMPORARY = 64,
    CLI_NAMED_OPERANDS = 128,
};

/* A word that an operand may be, and a line on it for --help. */
struct cli_word {
    const char *name, *help;
};

struct cli {
    const char *name;                 /* "rec-knn" */
    const char *operands;             /* "[FILE]", for the usage line */
    const char *purpose;              /* one line */
    const char *example;              /* one line that works as typed */
    unsigned flags;                   /* CLI_STREAM_OUT | CLI_THREADS */
    const struct cli_option *options; /* ends with a zeroed entry */
    const struct cli_word *words; /* the same, or NULL; behind the options */
};

/* Call first thing in main().  *C is kept, not copied. */
void cli_init(const struct cli *c, int argc, char **argv);

/*
 * The next option's letter, its value in *VALUE (NULL for a flag); 0 after the
 * last one, and from then on only files that the command line names can be
 * opened (sandbox.h).  -h, --help and --version print and exit 0; what is not
 * in the table exits 2; the options of C->flags are dealt with inside.
 */
int cli_next(const char **value);

/* The next operand, exit 2 when there is none: a word that says what to do, to
 * be recorded as it is, or an input file. */
const char *cli_next_word(void);
const char *cli_next_file(void);
/* How many have not been taken. */
int cli_operands_left(void);

/* The operands left after the options; *COUNT of them, MIN to MAX, or exit 2.
 */
char **cli_operands(int min, int max, int *count);
/* The one operand of a filter "[FILE]"; "-" when there is none. */
const char *cli_operand_or_stdin(void);
/* Those of a filter "[FILE]...": *COUNT of them, at least the "-". */
char *const *cli_operands_or_stdin(int *count);

/* Record option LETTER, which the table hides, as one of KIND after all: for
 * one that changes the output only together with another. */
void cli_record(int letter, enum cli_kind kind, const char *value);

/* Wrong usage when both A and B, either of which may be NULL, are "-": "WHAT
 * cannot both be standard input". */
void cli_one_stdin(const char *a, const char *b, const char *what);

/* The long name of an option, for messages. */
const char *cli_option_name(int letter);

/* Does this run write a stream to standard output, and is that no terminal? */
bool cli_streams_to_stdout(void);

/* All that has been printed on standard output is written now, or this is the
 * end: a large piece may have failed long before. */
void cli_flush(void);

/* What the common options said. */
const char *cli_output(void); /* -o FILE; "-" without it */
bool cli_deflate(void);       /* -z */
unsigned cli_threads(void);   /* -j N, else $REC_THREADS, else 1 */

/* "rec-knn 0.1.0 --count 100": what the filter did, for the stream's head.
 * Operands are recorded as input files. */
const char *cli_step(void);

#endif
