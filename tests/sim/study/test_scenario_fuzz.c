/*
 * test_scenario_fuzz.c - whatever the bytes, reading ends, and is either good or has said why not.
 *
 * guards: sim/study/scenario, sim/input/yaml
 */
#include "tests/binding.h"

enum { ROUNDS = 1500, PIECES = 40, BYTES = 2048 };

static const char *const pieces[] = {
    "run:",
    "\n  ",
    "\n",
    "seed: ",
    "producer: {",
    "}",
    "[",
    "]",
    "{",
    "linger.ms: ",
    "1",
    "99999999999999999999",
    "0.5",
    "ms",
    "KiB",
    "e",
    "-",
    "%",
    "/s",
    "load: ",
    "record: ",
    "value: ",
    "{gamma: {mean: 1ms, cv: 1}}",
    "{mixture: [{weight: 1, value: 1ms}]}",
    "brokers: ",
    "rtt: ",
    "&a ",
    "*a",
    "!!x ",
    "---\n",
    "...\n",
    "\t",
    "\"",
    "'",
    "\\0",
    "\xff",
    "\xc3\xa9",
    "\xef\xbb\xbf",
    "? ",
    ": ",
    ", ",
    "# ",
    "client.id: ",
    "job.",
    "checkpoint: ",
    "at: ",
    "[5ms, 6ms]",
    "costs: ",
    "preset: typical",
    "name: ",
    "|\n  ",
    "empirical: s.yaml",
    "uniform: {min: 1, max: 2}",
};

static uint64_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

static void make_text(uint64_t *state, char *text)
{
    size_t count = 0;
    for (uint64_t left = next_random(state) % PIECES; left > 0; left--) {
        if (next_random(state) % 8 == 0) {
            text[count++] = (char)(1 + next_random(state) % 255);
            continue;
        }
        const char *const piece = pieces[next_random(state) % (sizeof pieces / sizeof *pieces)];
        memcpy(text + count, piece, strlen(piece));
        count += strlen(piece);
    }
    text[count] = '\0';
}

Test(scenario_fuzz, says_why, .init = begin_binding, .fini = end_binding)
{
    uint64_t state = 1;
    for (int round = 0; round < ROUNDS; round++) {
        char text[BYTES], set[2 * BYTES];
        make_text(&state, text);
        const size_t row = next_random(&state) % fanout_param_table.count;
        snprintf(set, sizeof set, "%s=%s", fanout_param_table.rows[row].path, text);

        struct scenario scenario;
        struct fanout_params params;
        const bool good = bind(&scenario, text, round % 2 == 0 ? SETS(text, set) : NULL);
        cr_assert_eq(good, diag.errors == 0, "round %d", round);
        if (good)
            cr_assert(scenario_resolve(&scenario, &arena, &diag, &params), "round %d", round);
        cr_assert_eq(good, strstr(said(&diag), "error: ") == NULL, "round %d", round);
        arena_free(&arena);
        arena_init(&arena);
    }
}
