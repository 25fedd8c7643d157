/*
 * backoff.c - it doubles until it is large enough.
 */
#include "models/producer/backoff.h"

#include <math.h>

struct backoff backoff_new(int64_t base_ms, int64_t most_ms)
{
    const double doublings = log2((double)most_ms / (double)(base_ms > 1 ? base_ms : 1));
    return (struct backoff){
        .base_ms = base_ms,
        .most_ms = most_ms,
        .doublings = doublings,
        .longest_ms = (double)base_ms * pow(2.0, doublings),
    };
}

/* A power of two times something is exact, however it is had. */
int64_t backoff_ms(const struct backoff *backoff, struct backoff_draws *draws, int32_t attempts)
{
    if (!backoff_jitters(backoff))
        return backoff->most_ms;
    rng_skip(&draws->rng, draws->owed);
    draws->owed = 0;
    const double jitter = 0.8 + 0.4 * rng_uniform(&draws->rng);
    const double mean_ms = attempts < backoff->doublings ? (double)(backoff->base_ms << attempts)
                                                         : backoff->longest_ms;
    const int64_t drawn = (int64_t)(jitter * mean_ms);
    return drawn < backoff->most_ms ? drawn : backoff->most_ms;
}

/* The smallest jitter makes the smallest of them, also when it has been rounded. */
int64_t backoff_least_ms(const struct backoff *backoff, int32_t attempts)
{
    if (!backoff_jitters(backoff))
        return backoff->most_ms;
    const double mean_ms = attempts < backoff->doublings ? (double)(backoff->base_ms << attempts)
                                                         : backoff->longest_ms;
    const int64_t least = (int64_t)(0.8 * mean_ms);
    return least < backoff->most_ms ? least : backoff->most_ms;
}
