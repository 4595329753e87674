#include "filter/cli.h"

#include <assert.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "base/threads.h"
#include "filter/cli_files.h"
#include "filter/process.h"
#include "filter/progress.h"
#include "filter/step.h"

#ifndef REC_VERSION
#define REC_VERSION "0.0.0"
#endif

#define OPTIONS_MAX 48

enum { OPT_VERSION = 1000, OPT_VERBOSE, OPT_PROGRESS };

static const struct cli_option opt_output = {
    'o', "output", CLI_OUTPUT, "FILE",
    "write FILE, which appears when complete (standard output)"
};
static const struct cli_option opt_deflate = { 'z', "deflate", CLI_HIDDEN_FLAG,
                                               NULL, "compress the blocks" };
static const struct cli_option opt_threads = {
    'j', "threads", CLI_HIDDEN, "N", "use N threads ($REC_THREADS, else 1)"
};
static const struct cli_option opt_verbose = { 'v', "verbose", CLI_HIDDEN_FLAG,
                                               NULL,
                                               "say more on standard error" };
/* For filters that need the letter for themselves (-v vocab.rms). */
static const struct cli_option opt_verbose_long = {
    OPT_VERBOSE, "verbose", CLI_HIDDEN_FLAG, NULL, "say more on standard error"
};
static const struct cli_option opt_always[] = {
    { OPT_PROGRESS, "progress", CLI_HIDDEN, "WHEN",
      "how far it is: auto, always or never (auto: on a terminal)" },
    { 'h', "help", CLI_HIDDEN_FLAG, NULL,
      "print this and exit; more is in man " },
    { OPT_VERSION, "version", CLI_HIDDEN_FLAG, NULL,
      "print the version and exit" },
};

/* The only state of a process that is not passed as an argument. */
static struct {
    const struct cli *cli;
    int argc;
    char **argv;
    const struct cli_option *option[OPTIONS_MAX];
    size_t count;
    char letters[3 * OPTIONS_MAX];
    struct option long_option[OPTIONS_MAX + 1];
    const char *output;
    const char *progress;
    bool deflate;
    unsigned threads;
} self = { .output = "-", .threads = 1 };

static bool
has_value(const struct cli_option *o)
{
    return o->kind != CLI_FLAG && o->kind != CLI_HIDDEN_FLAG;
}

static void
add_option(const struct cli_option *o)
{
    struct option *l = &self.long_option[self.count];
    size_t n = strlen(self.letters);

    if (self.count == OPTIONS_MAX)
        abort(); /* a bug: the table above is too small */
    self.option[self.count++] = o;
    l->name = o->name;
    l->has_arg = has_value(o) ? required_argument : no_argument;
    l->val = o->letter;
    if (o->letter <= 255) {
        self.letters[n++] = (char)o->letter;
        if (has_value(o))
            self.letters[n++] = ':';
    }
}

static const struct cli_option *
find_option(int letter)
{
    for (size_t i = 0; i < self.count; i++)
        if (self.option[i]->letter == letter)
            return self.option[i];
    return NULL;
}

void
cli_init(const struct cli *c, int argc, char **argv)
{
    const char *env;

    process_descriptors();
    message_init(c->name);
    self.cli = c;
    self.argc = argc;
    self.argv = argv;
    snprintf(self.letters, sizeof self.letters,
             "%s:", c->flags & CLI_OPTIONS_FIRST ? "+" : "");
    for (const struct cli_option *o = c->options; o->name != NULL; o++)
        add_option(o);
    if (c->flags & (CLI_STREAM_OUT | CLI_FILE_OUT))
        add_option(&opt_output);
    if (c->flags & (CLI_STREAM_OUT | CLI_DEFLATE))
        add_option(&opt_deflate);
    if (c->flags & CLI_THREADS) {
        add_option(&opt_threads);
        env = getenv("REC_THREADS");
        if (env != NULL && *env != '\0') {
            uint64_t n;

            if (!number_u64(env, strlen(env), &n) || n < 1 || n > THREADS_MAX)
                usage_error("REC_THREADS=%s: expected a whole number from 1 "
                            "to %d",
                            env, THREADS_MAX);
            self.threads = (unsigned)n;
        }
    }
    add_option(find_option('v') == NULL ? &opt_verbose : &opt_verbose_long);
    for (size_t i = 0; i < sizeof opt_always / sizeof *opt_always; i++)
        add_option(&opt_always[i]);
    process_signals();
    step_begin(c->name, REC_VERSION);
}

static void
print_option(const struct cli_option *o)
{
    char left[64];

    snprintf(left, sizeof left, "  %c%c%c --%s%s%s",
             o->letter <= 255 ? '-' : ' ', o->letter <= 255 ? o->letter : ' ',
             o->letter <= 255 ? ',' : ' ', o->name, has_value(o) ? " " : "",
             has_value(o) ? o->value : "");
    printf("%-28s %s%s\n", left, o->help,
           o->letter == 'h' ? self.cli->name : "");
}

void
cli_flush(void)
{
    if (fflush(stdout) != 0 || ferror(stdout))
        die_errno("standard output");
}

static _Noreturn void
close_and_exit(void)
{
    cli_flush();
    exit(EXIT_SUCCESS);
}

static _Noreturn void
print_help(void)
{
    const struct cli *c = self.cli;

    printf("usage: %s [OPTION]...%s%s\n%s\n\n", c->name,
           *c->operands != '\0' ? " " : "", c->operands, c->purpose);
    for (size_t i = 0; i < self.count; i++)
        print_option(self.option[i]);
    if (c->words != NULL)
        printf("\n");
    for (const struct cli_word *w = c->words; w != NULL && w->name != NULL; w++)
        printf("  %-12s %s\n", w->name, w->help);
    printf("\nexample: %s\n", c->example);
    close_and_exit();
}

void
cli_record(int letter, enum cli_kind kind, const char *value)
{
    char name[64];

    if (kind == CLI_HIDDEN || kind == CLI_OUTPUT || kind == CLI_HIDDEN_FLAG)
        return;
    snprintf(name, sizeof name, "--%s", cli_option_name(letter));
    step_word(name);
    if (kind != CLI_FLAG)
        (kind == CLI_FILE ? step_file : step_word)(value);
}

/* Without --progress, text that goes to the terminal as it comes says how far
 * it is. */
static void
set_progress(void)
{
    static const char *const when[] = { "auto", "always", "never", NULL };

    if (self.progress != NULL)
        progress_set(
            (enum progress_when)cli_choice(OPT_PROGRESS, self.progress, when));
    else if ((self.cli->flags & CLI_FILE_OUT) != 0 &&
             strcmp(self.output, "-") == 0 && isatty(STDOUT_FILENO))
        progress_set(PROGRESS_NEVER);
}

/* getopt's own words would put on the terminal whatever was typed. */
static _Noreturn void
refuse_option(int why)
{
    const char *word = self.argv[optind - 1];

    if (why == ':')
        usage_error("%s: its value is missing", word);
    if (optopt == 0)
        usage_error("%s: no such option, or short for several", word);
    if (find_option(optopt) != NULL)
        usage_error("%s: it takes no value", word);
    usage_error("-%c: no such option", optopt);
}

int
cli_next(const char **value)
{
    opterr = 0;
    for (;;) {
        const int c = getopt_long(self.argc, self.argv, self.letters,
                                  self.long_option, NULL);

        if (c == -1) {
            set_progress();
            cli_files_enter(self.cli->flags, self.argv + optind,
                            cli_operands_left());
            return 0;
        }
        if (c == '?' || c == ':')
            refuse_option(c);
        if (c == 'h')
            print_help();
        if (c == OPT_VERSION) {
            printf("%s (recmill) %s\n", self.cli->name, REC_VERSION);
            close_and_exit();
        }
        if (has_value(find_option(c)))
            cli_files_option(find_option(c)->kind, optarg);
        if (find_option(c) == &opt_verbose || c == OPT_VERBOSE) {
            message_verbose();
        } else if (c == 'o' && find_option(c) == &opt_output) {
            assert(optarg != NULL);
            self.output = optarg;
        } else if (c == 'z' && find_option(c) == &opt_deflate) {
            self.deflate = true;
        } else if (c == 'j' && find_option(c) == &opt_threads) {
            self.threads = (unsigned)cli_u64(c, optarg, 1, THREADS_MAX);
        } else if (c == OPT_PROGRESS) {
            self.progress = optarg;
        } else {
            cli_record(c, find_option(c)->kind, optarg);
            *value = optarg;
            return c;
        }
    }
}

int
cli_operands_left(void)
{
    return self.argc - optind;
}

static const char *
next_operand(void)
{
    if (cli_operands_left() == 0)
        usage_error("too few operands: expected %s", self.cli->operands);
    return self.argv[optind++];
}

const char *
cli_next_word(void)
{
    const char *word = next_operand();

    step_word(word);
    return word;
}

const char *
cli_next_file(void)
{
    const char *path = next_operand();

    if (strcmp(path, "-") != 0)
        step_file(path);
    return path;
}

char **
cli_operands(int min, int max, int *count)
{
    *count = cli_operands_left();
    if (*count < min)
        usage_error("too few operands: expected %s", self.cli->operands);
    if (*count > max)
        usage_error("%s: unexpected operand: expected at most %d",
                    self.argv[optind + max], max);
    for (int i = optind; i < self.argc; i++)
        if (strcmp(self.argv[i], "-") != 0)
            (self.cli->flags & CLI_NAMED_OPERANDS ? step_named_file
                                                  : step_file)(self.argv[i]);
    return self.argv + optind;
}

const char *
cli_operand_or_stdin(void)
{
    int count;
    char *const *operand = cli_operands_or_stdin(&count);

    if (count > 1)
        usage_error("%s: unexpected operand", operand[1]);
    return operand[0];
}

char *const *
cli_operands_or_stdin(int *count)
{
    static char dash[] = "-";
    static char *const standard_input[] = { dash };

    /* Whether the same bytes came from files or a pipe is nothing that happened
     * to the data: not recorded. */
    *count = cli_operands_left();
    if (*count > 0)
        return self.argv + optind;
    *count = 1;
    return standard_input;
}

void
cli_one_stdin(const char *a, const char *b, const char *what)
{
    if (a != NULL && b != NULL && strcmp(a, "-") == 0 && strcmp(b, "-") == 0)
        usage_error("%s cannot both be standard input", what);
}

const char *
cli_option_name(int letter)
{
    const struct cli_option *o = find_option(letter);

    return o != NULL ? o->name : "?";
}

bool
cli_streams_to_stdout(void)
{
    return (self.cli->flags & CLI_STREAM_OUT) != 0 &&
           strcmp(self.output, "-") == 0 && !isatty(STDOUT_FILENO);
}

const char *
cli_output(void)
{
    return self.output;
}

bool
cli_deflate(void)
{
    return self.deflate;
}

unsigned
cli_threads(void)
{
    return self.threads;
}

const char *
cli_step(void)
{
    return step_text();
}
