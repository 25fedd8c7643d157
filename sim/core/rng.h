/*
 * rng.h - random streams: xoshiro256++, one stream per purpose and owner.
 *
 * A stream depends on (seed, replication, purpose, owner, part) alone, so changing one part of a
 * model does not move the draws of another. The hot draws are inline; everything else goes through
 * GSL by way of rng_gsl().
 */
#ifndef SIM_CORE_RNG_H
#define SIM_CORE_RNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <gsl/gsl_rng.h>

#include "sim/core/arena.h"

struct rng {
    uint64_t s[4];
};

/* The seeds of one run: every stream is derived from these two. */
struct rng_seed {
    uint64_t seed;
    uint64_t replication;
};

void rng_init(struct rng *rng, struct rng_seed seed, uint32_t purpose, uint32_t owner,
              uint32_t part);

static inline uint64_t rng_rotate(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

static inline uint64_t rng_next(struct rng *rng)
{
    uint64_t *const s = rng->s;
    const uint64_t result = rng_rotate(s[0] + s[3], 23) + s[0];
    const uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rng_rotate(s[3], 45);
    return result;
}

/* As so many times rng_next(). A million cost hardly more than a hundred. */
void rng_skip(struct rng *rng, uint64_t times);

/* In [0, 1), 53 bits. */
static inline double rng_uniform(struct rng *rng)
{
    return (double)(rng_next(rng) >> 11) * 0x1p-53;
}

/* The ziggurat's layers, from the tail upwards; rng_init() fills them before anything is drawn. */
struct rng_layer {
    uint64_t inside; /* of 2^56: below it the point lies under the curve, whatever its height */
    double scale;    /* the layer's width x 2^-56 */
};
extern struct rng_layer rng_layers[256];

struct rng_pair {
    struct rng rng;
    double value;
};
struct rng_pair rng_exponential_rest(struct rng rng, uint64_t word);

/* Mean 1, by a ziggurat: 8 bits choose a layer, 56 the point. The rare rest works on a copy of the
 * state, so that a loop may keep the state in registers. */
static inline double rng_exponential(struct rng *rng)
{
    const uint64_t word = rng_next(rng);
    const struct rng_layer *const layer = &rng_layers[word & 255];
    const uint64_t point = word >> 8;
    if (__builtin_expect(point < layer->inside, 1))
        return (double)(int64_t)point * layer->scale;
    const struct rng_pair rest = rng_exponential_rest(*rng, word);
    *rng = rest.rng;
    return rest.value;
}

/* The same generator as GSL sees it: draws through it advance `rng`. The wrapper lives in the
 * arena. */
gsl_rng *rng_gsl(struct rng *rng, struct arena *arena);

/* Index in [0, count) with probability weight / sum, from one 64-bit word (Walker's alias method).
 */
struct alias {
    uint32_t count;
    struct alias_cell {
        uint32_t keep; /* of 2^32: stay at this index with this probability */
        uint32_t other;
    } * cells;
};

/* Weights >= 0, not all zero; 1 <= count <= 2^31. An index of weight zero is never drawn. */
void alias_init(struct alias *alias, struct arena *arena, const double *weights, size_t count);

/* word x count: the high half is the index, the low half how far into the cell the word points. The
 * choice is a mask, since a branch on it would be mispredicted half the time. */
static inline uint32_t alias_draw(const struct alias *alias, struct rng *rng)
{
    __extension__ typedef unsigned __int128 wide;
    const wide product = (wide)rng_next(rng) * alias->count;
    const uint32_t index = (uint32_t)(product >> 64);
    const struct alias_cell cell = alias->cells[index];
    const uint32_t leave = -(uint32_t)((uint32_t)(product >> 32) >= cell.keep);
    return index ^ ((index ^ cell.other) & leave);
}

#endif
