/*
 * fuzz_trace.c - bytes as recorded arrivals.
 */
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_text("s.yaml", "topics: [{name: t, partitions: 3}]\nload: {trace: t.csv}\n");
    fuzz_write("t.csv", data, size);
    FUZZ_PLAN("s.yaml");
    return 0;
}
