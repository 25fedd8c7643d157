/*
 * backoff.c - it doubles until it is large enough.
 */
#include "models/producer/backoff.h"

#include <math.h>

int64_t backoff_ms(struct rng *draws, int64_t base, int64_t most, int32_t attempts)
{
    if (most <= base)
        return most;
    const double doublings = log2((double)most / (double)(base > 1 ? base : 1));
    const double exponent = attempts < doublings ? attempts : doublings;
    const double jitter = 0.8 + 0.4 * rng_uniform(draws);
    const int64_t drawn = (int64_t)(jitter * ((double)base * pow(2.0, exponent)));
    return drawn < most ? drawn : most;
}
