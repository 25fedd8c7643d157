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

/* A stream of draws. The client makes many that nobody asks about: they are counted, and made when
 * the next one is asked for. */
struct backoff_draws {
    struct rng rng;
    uint64_t owed;
};

/* `base` x 2^attempts with 20 % of jitter, at most `most`; `most`, where that is not more than
 * `base`. In ms, truncated. attempts: from 0 on. */
int64_t backoff_ms(const struct backoff *backoff, struct backoff_draws *draws, int32_t attempts);

/* It depends on chance. */
static inline bool backoff_jitters(const struct backoff *backoff)
{
    return backoff->most_ms > backoff->base_ms;
}

/* So many of them, where nobody asks what they come to. */
static inline void backoff_pass(const struct backoff *backoff, struct backoff_draws *draws,
                                int32_t times)
{
    if (backoff_jitters(backoff))
        draws->owed += (uint64_t)times;
}

/* What it is at least, whatever is drawn. */
int64_t backoff_least_ms(const struct backoff *backoff, int32_t attempts);

#endif
