/*
 * fuzz_options.c - lines as options: `where` the first, then --set and --sweep in turn.
 */
#include "tests/fuzz/fuzz.h"

#define LINES_MAX 6
#define BYTES_MAX 512

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[BYTES_MAX];
    char *arguments[2 * LINES_MAX + 4] = {"fanout-sim", "sweep", "s.yaml"};
    size_t count = 3;
    if (size >= BYTES_MAX || memchr(data, '\0', size) != NULL)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    char *rest = NULL;
    const char *const where = strtok_r(text, "\n", &rest);
    for (int i = 0; i < LINES_MAX; i++) {
        char *const line = strtok_r(NULL, "\n", &rest);
        if (line == NULL)
            break;
        arguments[count++] = i % 2 == 0 ? "--set" : "--sweep";
        arguments[count++] = line;
    }
    char scenario[2 * BYTES_MAX];
    snprintf(scenario, sizeof scenario,
             "topics: [{name: t, partitions: 3}]\n"
             "load: {rate: 1k/s}\n"
             "sweep: {linger.ms: [1, 2], where: '%s'}\n",
             where != NULL ? where : "linger.ms > 1");
    fuzz_text("s.yaml", scenario);
    fuzz_plan(arguments);
    return 0;
}
