#define _GNU_SOURCE /* O_PATH, syscall() */ /* NOLINT: the name is not ours */
#include "filter/sandbox.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(REC_NO_SANDBOX) || !defined(SYS_landlock_create_ruleset)

void
sandbox_read(const char *word)
{
    (void)word;
}

void
sandbox_write(const char *path)
{
    (void)path;
}

void
sandbox_temporary(const char *folder)
{
    (void)folder;
}

void
sandbox_enter(void)
{
}

#else

/* Of the kernel's interface (linux/landlock.h), whose headers may be older than
 * the kernel that we run on. */
enum {
    ACCESS_WRITE_FILE = 1 << 1,
    ACCESS_READ_FILE = 1 << 2,
    ACCESS_READ_DIR = 1 << 3,
    ACCESS_REMOVE_FILE = 1 << 5,
    ACCESS_MAKE_REG = 1 << 8,
    ACCESS_TRUNCATE = 1 << 14,
    TO_FOLDERS = ACCESS_WRITE_FILE | ACCESS_REMOVE_FILE | ACCESS_MAKE_REG |
                 ACCESS_TRUNCATE,
};
enum { RULE_PATH_BENEATH = 1, CREATE_RULESET_VERSION = 1 };

struct ruleset {
    uint64_t files, net, scoped;
};

struct path_beneath {
    uint64_t allowed;
    int32_t parent;
} __attribute__((packed));

static int rules = -1;
static uint64_t handled;
static bool begun;

/* All rights that version ABI knows are given up. */
static void
begin(void)
{
    struct ruleset all = { .net = 3, .scoped = 3 };
    size_t size = sizeof all.files;
    long abi;

    if (begun)
        return;
    begun = true;
    abi = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_RULESET_VERSION);
    if (abi < 1)
        return;
    all.files = (UINT64_C(1) << 13) - 1;
    if (abi >= 2) /* to link into another folder */
        all.files |= UINT64_C(1) << 13;
    if (abi >= 3)
        all.files |= ACCESS_TRUNCATE;
    if (abi >= 4) /* TCP */
        size = 2 * sizeof all.files;
    if (abi >= 5) /* ioctl() of devices */
        all.files |= UINT64_C(1) << 15;
    if (abi >= 6) /* abstract sockets, signals */
        size = sizeof all;
    handled = all.files;
    rules = (int)syscall(SYS_landlock_create_ruleset, &all, size, 0);
}

/* If PATH is a folder, IN_FOLDER to all that is in it, else TO_FILE.  What
 * cannot be allowed cannot be opened later either, which is said then. */
static void
allow(const char *path, uint64_t to_file, uint64_t in_folder)
{
    struct path_beneath rule = { 0 };
    struct stat st;

    begin();
    if (rules < 0)
        return;
    rule.parent = open(path, O_PATH | O_CLOEXEC);
    if (rule.parent < 0)
        return;
    if (fstat(rule.parent, &st) == 0) {
        rule.allowed = (S_ISDIR(st.st_mode) ? in_folder : to_file) & handled;
        (void)syscall(SYS_landlock_add_rule, rules, RULE_PATH_BENEATH, &rule,
                      0);
    }
    (void)close(rule.parent);
}

void
sandbox_read(const char *word)
{
    if (strcmp(word, "-") != 0)
        allow(word, ACCESS_READ_FILE, ACCESS_READ_DIR);
}

void
sandbox_write(const char *path)
{
    char *place = realpath(path, NULL);
    const char *name = place != NULL ? place : path;
    const char *slash = strrchr(name, '/');
    struct stat st;

    if (strcmp(path, "-") == 0) {
        ;
    } else if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
        allow(path, ACCESS_WRITE_FILE, 0);
    } else {
        char *folder = strdup(slash != NULL ? name : ".");

        if (folder != NULL && slash != NULL)
            folder[slash - name + 1] = '\0';
        if (folder != NULL)
            allow(folder, 0, TO_FOLDERS);
        allow(path, ACCESS_READ_FILE, 0); /* a checkpoint, a log */
        free(folder);
    }
    free(place);
}

void
sandbox_temporary(const char *folder)
{
    allow(folder, 0, TO_FOLDERS | ACCESS_READ_FILE);
}

void
sandbox_enter(void)
{
    begin();
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (rules < 0)
        return;
    (void)syscall(SYS_landlock_restrict_self, rules, 0);
    (void)close(rules);
    rules = -1;
}

#endif
