/*
 * fuzz_scenario.c - bytes as a scenario.
 */
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_write("s.yaml", data, size);
    FUZZ_PLAN("s.yaml");
    return 0;
}
