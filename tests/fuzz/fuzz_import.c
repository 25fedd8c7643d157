/*
 * fuzz_import.c - bytes as a file of somebody's deployment; what comes of it can be read as a
 * scenario.
 */
#include "sim/command/cli.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *arguments[] = {"fanout-sim", "import", "-o", "out.yaml", "a", NULL};
    fuzz_write("a", data, size);
    const int status = cli_main(&fanout_model, 5, arguments);
    CHECK(status == 0 || status == 2);
    if (status == 2)
        return 0;
    char *dry[] = {"fanout-sim", "out.yaml", "--dry-run", "--quiet", NULL};
    CHECK(cli_main(&fanout_model, 4, dry) == 0);
    return 0;
}
