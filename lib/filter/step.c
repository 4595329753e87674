#include "filter/step.h"

#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "filter/message.h"

static struct buffer recorded;

void
step_begin(const char *name, const char *version)
{
    struct error e;

    if (buffer_printf(&recorded, &e, "%s %s", name, version) != 0)
        die("%s", e.text);
}

/* The LEN bytes at WORD in quotes, with '?' for what is no UTF-8 or would end
 * the line. */
static int
append_quoted(const char *word, size_t len, struct error *e)
{
    int status = buffer_append(&recorded, "'", 1, e);
    size_t n;

    for (; len > 0; word += n, len -= n) {
        const size_t bytes = utf8_character(word, len);

        n = bytes > 0 ? bytes : 1;
        if (*word == '\'')
            status |= buffer_append(&recorded, "'\\''", 4, e);
        else if (!utf8_printable(word, bytes))
            status |= buffer_append(&recorded, "?", 1, e);
        else
            status |= buffer_append(&recorded, word, n, e);
    }
    return status | buffer_append(&recorded, "'", 1, e);
}

void
step_word(const char *word)
{
    const char *plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                        "0123456789_-+=:,./@%[]<>!";
    const size_t len = strlen(word);
    struct error e;
    int status = buffer_append(&recorded, " ", 1, &e);

    if (len > 0 && strspn(word, plain) == len)
        status |= buffer_append(&recorded, word, len, &e);
    else
        status |= append_quoted(word, len, &e);
    if (status != 0)
        die("%s", e.text);
}

void
step_file(const char *path)
{
    step_word(step_base_name(path));
}

void
step_named_file(const char *operand)
{
    const char *path = step_named_path(operand);
    struct buffer word = { 0 };
    struct error e;

    if (buffer_append(&word, operand, (size_t)(path - operand), &e) != 0 ||
        buffer_printf(&word, &e, "%s", step_base_name(path)) != 0)
        die("%s", e.text);
    step_word((const char *)word.data);
    buffer_free(&word);
}

const char *
step_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

const char *
step_named_path(const char *operand)
{
    const size_t len = strcspn(operand, "=/");

    return len > 0 && operand[len] == '=' ? operand + len + 1 : operand;
}

const char *
step_text(void)
{
    struct error e;

    if (buffer_append(&recorded, "", 1, &e) != 0)
        die("%s", e.text);
    recorded.len--;
    return (const char *)recorded.data;
}
