/*
 * Any words as a command line: those that are taken leave a step line, and the
 * words of that line leave it again.
 *
 * What a process keeps of its command line, and how it ends when it is wrong,
 * is inside of these files.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static _Noreturn void end(int status);
static long swallow(int fd, const void *p, size_t len);
static int quiet(const char *fmt, ...);

#define sandbox_enter stay_outside
#define exit end
#define write swallow
#undef printf
#define printf(...) quiet(__VA_ARGS__) /* --help */
#include "../../lib/filter/cli.c"
#include "../../lib/filter/cli_files.c"
#include "../../lib/filter/cli_value.c"
#include "../../lib/filter/message.c"
#include "../../lib/filter/step.c"
#undef sandbox_enter
#undef exit
#undef write
#undef printf

#include "scratch.h"

#define WORDS_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct cli_option options[] = {
    { 'n', "number", CLI_VALUE, "N", "" },
    { 's', "size", CLI_VALUE, "SIZE", "" },
    { 'r', "rate", CLI_VALUE, "R", "" },
    { 'l', "layers", CLI_VALUE, "N,N", "" },
    { 'w', "word", CLI_VALUE, "WORD", "" },
    { 'c', "choice", CLI_VALUE, "NAME", "" },
    { 'i', "input", CLI_FILE, "FILE", "" },
    { 256, "flag", CLI_FLAG, NULL, "" },
    { 'q', "quiet", CLI_HIDDEN_FLAG, NULL, "" },
    { 257, "log", CLI_HIDDEN, "FILE", "" },
    { 0 },
};
static const struct cli cli = {
    .name = "rec-fuzz",
    .operands = "[FILE]...",
    .purpose = "",
    .example = "",
    .flags = CLI_STREAM_OUT | CLI_THREADS,
    .options = options,
};
static jmp_buf ended;

void
stay_outside(void)
{
    /* The fuzzer has files to open. */
}

static void
end(int status)
{
    REQUIRE(status == EXIT_USAGE || status == EXIT_SUCCESS);
    longjmp(ended, 1);
}

static int
quiet(const char *fmt, ...)
{
    return fmt[0] != '\0';
}

static long
swallow(int fd, const void *p, size_t len)
{
    const char *line = p;

    /* One line, and nothing in it that drives a terminal. */
    REQUIRE(fd == STDERR_FILENO && len > 0 && line[len - 1] == '\n');
    for (size_t i = 0; i + 1 < len; i++)
        REQUIRE((unsigned char)line[i] >= ' ' && line[i] != 127);
    return (long)len;
}

static void
take(int letter, const char *value)
{
    static const char *const choices[] = { "one", "two", "three", NULL };
    uint32_t layer[4];

    switch (letter) {
    case 'n': REQUIRE(cli_u64(letter, value, 3, 99) <= 99); break;
    case 's': REQUIRE(cli_size(letter, value) > 0); break;
    case 'r': REQUIRE(cli_f64(letter, value, -1, 1) <= 1); break;
    case 'l': REQUIRE(cli_u32_list(letter, value, 1, 4, layer) <= 4); break;
    case 'c': REQUIRE(cli_choice(letter, value, choices) < 3); break;
    default: break;
    }
}

/* Begin again as a new process. */
static void
start(int argc, char **argv)
{
    buffer_free(&recorded);
    memset(&self, 0, sizeof self);
    self.output = "-";
    self.threads = 1;
    optind = 0;
    opterr = 0;
    cli_init(&cli, argc, argv);
    /* A fuzzer has signals of its own. */
    (void)signal(SIGINT, SIG_DFL);
    (void)signal(SIGTERM, SIG_DFL);
}

/* The step line of a command line; NULL when it is refused. */
static const char *
step_of(int argc, char **argv)
{
    const char *value;
    char **file;
    int c, n;

    if (setjmp(ended) != 0)
        return NULL;
    start(argc, argv);
    while ((c = cli_next(&value)) != 0)
        take(c, value);
    file = cli_operands(0, 3, &n);
    /* Step lines have no "--" for names like these. */
    for (int i = 0; i < n; i++)
        if (file[i][1] != '\0' &&
            (file[i][0] == '-' || strstr(file[i], "/-") != NULL))
            return NULL;
    return cli_step();
}

/* The words of a step line in place, as a shell would have them. */
static int
split_step(char *p, char **argv)
{
    int argc = 0;

    while (*p != '\0') {
        char *to = p;

        REQUIRE(argc < WORDS_MAX + 1);
        argv[argc++] = to;
        for (; *p != '\0' && *p != ' '; p++)
            if (*p == '\'') {
                for (p++; *p != '\''; p++) {
                    REQUIRE(*p != '\0');
                    *to++ = *p;
                }
            } else {
                if (*p == '\\')
                    p++;
                *to++ = *p;
            }
        if (*p == ' ')
            p++;
        *to = '\0';
    }
    return argc;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *argv[WORDS_MAX + 2] = { NULL }, *text, *first, *again;
    const char *step;
    int argc = 1;

    text = malloc(size + 1);
    REQUIRE(text != NULL);
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    argv[0] = (char[]){ "rec-fuzz" };
    for (char *p = text; p < text + size && argc <= WORDS_MAX / 2;
         p += strlen(p) + 1)
        argv[argc++] = p;
    step = step_of(argc, argv);
    if (step != NULL) {
        REQUIRE((first = strdup(step)) != NULL);
        REQUIRE((again = strdup(step)) != NULL);
        memset(argv, 0, sizeof argv);
        /* Its second word is the version. */
        argc = split_step(again, argv) - 1;
        memmove(argv + 1, argv + 2, (size_t)argc * sizeof *argv);
        step = step_of(argc, argv);
        REQUIRE(step != NULL && strcmp(step, first) == 0);
        free(first);
        free(again);
    }
    free(text);
    return 0;
}
