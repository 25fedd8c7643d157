/*
 * fuzz_merge.c - bytes as one part of a sweep, or as two: a line that is empty parts them.
 */
#include "sim/command/cli.h"
#include "tests/fuzz/fuzz.h"

static void merge(char *second)
{
    char *arguments[] = {"fanout-sim", "merge", "-o", "out", "a", second, NULL};
    const int status = cli_main(&fanout_model, second != NULL ? 6 : 5, arguments);
    CHECK(status >= 0 && status <= 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t cut = 0;
    while (cut + 1 < size && (data[cut] != '\n' || data[cut + 1] != '\n'))
        cut++;
    if (cut + 1 >= size) {
        fuzz_write("a", data, size);
        merge(NULL);
        return 0;
    }
    fuzz_write("a", data, cut + 1);
    fuzz_write("b", data + cut + 2, size - cut - 2);
    merge("b");
    return 0;
}
