/*
 * backoff.h - ExponentialBackoff: retries, reconnects, updates of metadata (kafka-producer.md 8.3).
 */
#ifndef MODELS_PRODUCER_BACKOFF_H
#define MODELS_PRODUCER_BACKOFF_H

#include <stdint.h>

#include "sim/core/rng.h"

struct backoff {
    int64_t base_ms, most_ms;
    double doublings; /* from the one to the other */
    double longest_ms;
};

/* From 0 ms on. */
struct backoff backoff_new(int64_t base_ms, int64_t most_ms);

/* `base` x 2^attempts with 20 % of jitter, at most `most`; `most`, where that is not more than
 * `base`. In ms, truncated. attempts: from 0 on. */
int64_t backoff_ms(const struct backoff *backoff, struct rng *draws, int32_t attempts);

/* The same, where nobody asks what it comes to. */
void backoff_pass(const struct backoff *backoff, struct rng *draws);

/* It depends on chance; what backoff_ms() is at least then. */
bool backoff_draws(const struct backoff *backoff);
int64_t backoff_least_ms(const struct backoff *backoff, int32_t attempts);

#endif
