/*
 * backoff.h - ExponentialBackoff: retries, reconnects, updates of metadata (kafka-producer.md 8.3).
 */
#ifndef MODELS_PRODUCER_BACKOFF_H
#define MODELS_PRODUCER_BACKOFF_H

#include <stdint.h>

#include "sim/core/rng.h"

/* `base` x 2^attempts with 20 % of jitter, at most `most`; `most`, where that is not more than
 * `base`. In ms, truncated. */
int64_t backoff_ms(struct rng *draws, int64_t base, int64_t most, int32_t attempts);

#endif
