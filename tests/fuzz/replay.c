/*
 * The main() of a fuzzer that is linked without libFuzzer: it runs once with each
 * file of a folder, with tests/fuzz/seeds unless told otherwise.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>

#include "base/io.h"
#include "scratch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
replay(const char *folder, const char *name)
{
    struct buffer path = { 0 }, input = { 0 };
    struct error e;
    ssize_t got;
    int fd;

    REQUIRE(buffer_printf(&path, &e, "%s/%s", folder, name) == 0);
    fd = open((char *)path.data, O_RDONLY);
    REQUIRE(fd >= 0);
    do {
        REQUIRE(buffer_reserve(&input, 65536, &e) == 0);
        got = io_read(fd, input.data + input.len, 65536);
        REQUIRE(got >= 0);
        input.len += (size_t)got;
    } while (got > 0);
    (void)close(fd);
    /* The input itself, so that reading beyond its end is noticed. */
    input.data = realloc(input.data, input.len > 0 ? input.len : 1);
    REQUIRE(input.data != NULL);
    (void)LLVMFuzzerTestOneInput(input.data, input.len);
    buffer_free(&input);
    buffer_free(&path);
}

int
main(int argc, char **argv)
{
    const char *folder = argc > 1 ? argv[1] : "tests/fuzz/seeds";
    DIR *d = opendir(folder);
    struct dirent *f;
    int inputs = 0;

    REQUIRE(d != NULL);
    while ((f = readdir(d)) != NULL)
        if (f->d_name[0] != '.') {
            replay(folder, f->d_name);
            inputs++;
        }
    (void)closedir(d);
    REQUIRE(inputs > 0);
    return 0;
}
