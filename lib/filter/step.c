#include "filter/step.h"

#include <string.h>

#include "base/mem.h"
#include "filter/message.h"

static struct buffer recorded;

void
step_begin(const char *name, const char *version)
{
    struct error e;

    if (buffer_printf(&recorded, &e, "%s %s", name, version) != 0)
        die("%s", e.text);
}

void
step_word(const char *word)
{
    const char *plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                        "0123456789_-+=:,./@%[]<>!";
    struct error e;
    int status = buffer_append(&recorded, " ", 1, &e);

    if (*word != '\0' && strspn(word, plain) == strlen(word)) {
        status |= buffer_append(&recorded, word, strlen(word), &e);
    } else {
        status |= buffer_append(&recorded, "'", 1, &e);
        for (const char *p = word; *p != '\0'; p++) {
            if (*p == '\'')
                status |= buffer_printf(&recorded, &e, "'\\''");
            else if ((unsigned char)*p < ' ')
                status |= buffer_printf(&recorded, &e, "?");
            else
                status |= buffer_append(&recorded, p, 1, &e);
        }
        status |= buffer_append(&recorded, "'", 1, &e);
    }
    if (status != 0)
        die("%s", e.text);
}

void
step_file(const char *path)
{
    const char *slash = strrchr(path, '/');

    step_word(slash != NULL ? slash + 1 : path);
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
