/*
 * The fuzzers' seeds, each given to each fuzzer: what was found once is looked
 * for wherever the tests run, without clang.
 */
#include <dirent.h>

#define LLVMFuzzerTestOneInput fuzz_stream
#include "../fuzz/fuzz_stream.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_csv
#include "../fuzz/fuzz_csv.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_formats
#include "../fuzz/fuzz_formats.c"

#include "check.h"

#define SEEDS "tests/fuzz/seeds"

static void
run_seed(const char *name)
{
    static unsigned char bytes[1 << 20];
    char path[512];
    size_t len;
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", SEEDS, name);
    f = fopen(path, "rb");
    CHECK(f != NULL, "cannot open %s", path);
    if (f == NULL)
        return;
    len = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    printf("# %s\n", name);
    (void)fflush(stdout);
    (void)fuzz_stream(bytes, len);
    (void)fuzz_csv(bytes, len);
    (void)fuzz_formats(bytes, len);
}

int
main(void)
{
    DIR *dir = opendir(SEEDS);
    struct dirent *d;
    int seeds = 0;

    CHECK(dir != NULL, "no folder %s", SEEDS);
    while (dir != NULL && (d = readdir(dir)) != NULL) {
        if (d->d_name[0] == '.')
            continue;
        run_seed(d->d_name);
        seeds++;
    }
    CHECK(seeds > 0, "no seeds");
    if (dir != NULL)
        closedir(dir);
    return check_status();
}
