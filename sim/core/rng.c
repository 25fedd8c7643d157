/*
 * rng.c - seeding, the tables of the ziggurat and of Walker's method.
 */
#include "sim/core/rng.h"

#include <math.h>
#include <pthread.h>

#include "sim/core/check.h"

#define LAYERS    256
#define TAIL      7.69711747013104972      /* where the tail begins, for 256 layers */
#define AREA      0.0039496598225815571993 /* of each layer, of the lowest with the tail */
#define POINT_ONE 0x1p56

struct rng_layer rng_layers[LAYERS];
static double heights[LAYERS + 1]; /* exp(-x) at the right end of layer i; of the top: 1 */
static pthread_once_t layers_once = PTHREAD_ONCE_INIT;

/* Layer 0 is the rectangle under the tail's height, as wide as if the tail were part of it. */
static void fill_layers(void)
{
    double right = AREA / exp(-TAIL);
    double inner = TAIL;
    for (int i = 0; i < LAYERS; i++) {
        rng_layers[i].inside = (uint64_t)(inner / right * POINT_ONE);
        rng_layers[i].scale = right / POINT_ONE;
        heights[i] = i == 0 ? 0 : exp(-right);
        right = inner;
        inner = i < LAYERS - 2 ? -log(exp(-right) + AREA / right) : 0;
    }
    heights[LAYERS] = 1;
}

/* Steele, Lea and Flood's splitmix64. */
static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
}

static uint64_t splitmix(uint64_t *state)
{
    *state += 0x9e3779b97f4a7c15;
    return mix(*state);
}

void rng_init(struct rng *rng, struct rng_seed seed, uint32_t purpose, uint32_t owner,
              uint32_t part)
{
    CHECK(pthread_once(&layers_once, fill_layers) == 0);
    const uint64_t coordinates[] = {seed.seed, seed.replication, purpose, owner, part};
    uint64_t state = 0;
    for (size_t i = 0; i < sizeof(coordinates) / sizeof(coordinates[0]); i++)
        state = splitmix(&state) ^ coordinates[i];
    for (int i = 0; i < 4; i++)
        rng->s[i] = splitmix(&state);
}

struct rng_pair rng_exponential_rest(struct rng rng, uint64_t word)
{
    double before = 0; /* the tail is the whole curve again, from TAIL on */
    for (;;) {
        const unsigned i = word & 255;
        const uint64_t point = word >> 8;
        const double x = (double)(int64_t)point * rng_layers[i].scale;
        if (point < rng_layers[i].inside)
            return (struct rng_pair){rng, before + x};
        if (i == 0) {
            before += TAIL;
        } else {
            const double low = heights[i];
            const double high = heights[i + 1];
            if (low + rng_uniform(&rng) * (high - low) < exp(-x))
                return (struct rng_pair){rng, before + x};
        }
        word = rng_next(&rng);
    }
}

static void gsl_set(void *state, unsigned long seed)
{
    rng_init(state, (struct rng_seed){.seed = seed}, 0, 0, 0);
}

static unsigned long gsl_get(void *state)
{
    return rng_next(state);
}

static double gsl_get_double(void *state)
{
    return rng_uniform(state);
}

static const gsl_rng_type gsl_type = {
    .name = "xoshiro256++",
    .max = UINT64_MAX,
    .min = 0,
    .size = sizeof(struct rng),
    .set = gsl_set,
    .get = gsl_get,
    .get_double = gsl_get_double,
};

gsl_rng *rng_gsl(struct rng *rng, struct arena *arena)
{
    gsl_rng *const wrapper = ARENA_NEW(arena, gsl_rng);
    *wrapper = (gsl_rng){.type = &gsl_type, .state = rng};
    return wrapper;
}

static uint32_t share_of_cell(double share)
{
    return share >= 1 ? UINT32_MAX : (uint32_t)(share * 0x1p32);
}

/* Vose: cells that hold less than 1/count are filled up from those that hold more. */
void alias_init(struct alias *alias, struct arena *arena, const double *weights, size_t count)
{
    CHECK(count >= 1 && count <= (size_t)1 << 31);
    alias->count = (uint32_t)count;
    alias->cells = ARENA_ARRAY(arena, struct alias_cell, count);

    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        CHECK(weights[i] >= 0);
        sum += weights[i];
    }
    CHECK(sum > 0 && isfinite(sum));

    struct arena scratch;
    arena_init(&scratch);
    double *const share = ARENA_ARRAY(&scratch, double, count);
    uint32_t *const stack =
        ARENA_ARRAY(&scratch, uint32_t, count); /* small from below, large from above */
    size_t small = 0;
    size_t large = count;
    for (size_t i = 0; i < count; i++) {
        share[i] = weights[i] / sum * (double)count;
        if (share[i] < 1)
            stack[small++] = (uint32_t)i;
        else
            stack[--large] = (uint32_t)i;
    }
    while (small > 0 && large < count) {
        const uint32_t poor = stack[--small];
        const uint32_t rich = stack[large];
        alias->cells[poor] = (struct alias_cell){share_of_cell(share[poor]), rich};
        share[rich] -= 1 - share[poor];
        if (share[rich] < 1) {
            large++;
            stack[small++] = rich;
        }
    }
    /* What is left over is full but for rounding. */
    while (small > 0) {
        const uint32_t poor = stack[--small];
        alias->cells[poor] = (struct alias_cell){UINT32_MAX, poor};
    }
    for (; large < count; large++)
        alias->cells[stack[large]] = (struct alias_cell){UINT32_MAX, stack[large]};
    arena_free(&scratch);
}
