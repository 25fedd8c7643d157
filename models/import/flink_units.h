/*
 * flink_units.h - durations and memory sizes as Flink's and StateFun's configuration has them
 * (TimeUtils, MemorySize).
 *
 * flink-statefun.md 11.2: whole numbers without a sign, a unit behind them or none.
 */
#ifndef MODELS_IMPORT_FLINK_UNITS_H
#define MODELS_IMPORT_FLINK_UNITS_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/core/arena.h"

/* "15min", "10 s", "500": in ns; no unit is ms. False: it is none, or too long for 64 bits. */
bool flink_units_duration(const char *text, int64_t *ns);

/* As a scenario writes it, in the largest unit that it is whole in: "15min". */
const char *flink_units_duration_text(struct arena *arena, int64_t ns);

/* "32kb", "64 mb", "1048576": in bytes; kilo is 1024. False as above. */
bool flink_units_memory(const char *text, int64_t *bytes);

#define FLINK_UNITS_DURATION "a whole number and d, h, min, s, ms or ns behind it: 15min"
#define FLINK_UNITS_MEMORY   "a whole number and b, kb, mb, gb or tb behind it: 64mb"

#endif
