/*
 * shard.h - which part of a sweep this process runs: --shard I/N, auto, auto/N.
 */
#ifndef SIM_STUDY_SHARD_H
#define SIM_STUDY_SHARD_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/core/arena.h"

#define SHARD_COUNT_MAX 1000000

struct shard {
    size_t index, count; /* the index-th of count parts, from 0 */
};

/* I/N; `auto`, which takes both from the one scheduler in the environment; or auto/N, which takes
 * I alone. False with what is wrong in *why. */
bool shard_read(struct shard *shard, const char *text, struct arena *arena, const char **why);

/* The shard's points of `points`: contiguous, and as equal as they can be. */
void shard_points(const struct shard *shard, size_t points, size_t *first, size_t *count);

#endif
