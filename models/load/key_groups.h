/*
 * key_groups.h - KeyGroupRangeAssignment: which subtask owns a key (flink-statefun.md 4).
 */
#ifndef MODELS_LOAD_KEY_GROUPS_H
#define MODELS_LOAD_KEY_GROUPS_H

#include <stdint.h>

/* Flink's default of max-parallelism: min(max(nextPow2(P + P/2), 128), 32768). */
int32_t key_groups_default_max(int32_t parallelism);

/* The scramble of a Java hash code, >= 0. */
int32_t key_groups_mix(int32_t hash);

/* floor(key group x parallelism / max_parallelism). */
int32_t key_groups_owner(int32_t java_hash, int32_t parallelism, int32_t max_parallelism);

#endif
