#include "filter/cli_files.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/spool.h"
#include "filter/sandbox.h"

/* Any word may be the name of a file, and so may what is behind its "=" (of
 * rec-report's operands): it is the filter's to know. */
static void
name_read(const char *word)
{
    const char *equals = strchr(word, '=');

    sandbox_read(word);
    if (equals != NULL)
        sandbox_read(equals + 1);
}

const char *
cli_files_word(const char *operand)
{
    const char *name = strrchr(operand, '/');

    return strrchr(name != NULL ? name : operand, '=');
}

/* The word of an operand "FILE=WORD" is no part of the name. */
static void
name_written(const char *operand)
{
    const char *equals = cli_files_word(operand);
    struct error e;
    char *path = mem_string(
        operand, equals != NULL ? (size_t)(equals - operand) : strlen(operand),
        &e);

    if (path == NULL)
        die("%s", e.text);
    sandbox_write(path);
    free(path);
}

void
cli_files_option(enum cli_kind kind, const char *word)
{
    (kind == CLI_OUTPUT ? sandbox_write : name_read)(word);
}

void
cli_files_enter(unsigned flags, char *const *operand, int n)
{
    for (int i = 0; i < n; i++)
        (flags & CLI_WRITES_OPERANDS ? name_written : name_read)(operand[i]);
    if (flags & CLI_TEMPORARY)
        sandbox_temporary(spool_folder());
    sandbox_enter();
}
