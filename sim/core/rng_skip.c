/*
 * rng_skip.c - many steps of the generator at once.
 *
 * A step is linear over the bits of the state: the exclusive or of two states goes to that of their
 * successors. So it is known by what becomes of each single bit, and so are 2, 4, 8, .. steps.
 */
#include <pthread.h>

#include "sim/core/check.h"
#include "sim/core/rng.h"

#define FEW    8 /* 2^FEW steps and less are made one by one */
#define POWERS 24
#define BITS   256

static struct rng leaps[POWERS][BITS]; /* a state of one bit, 2^(FEW + power) steps later */
static pthread_once_t leaps_once = PTHREAD_ONCE_INIT;

static void step(struct rng *rng, uint64_t times)
{
    struct rng state = *rng; /* in registers */
    while (times-- > 0)
        (void)rng_next(&state);
    *rng = state;
}

static void leap(struct rng *rng, const struct rng *leaps_of_bits)
{
    struct rng sum = {0};
    for (int word = 0; word < 4; word++) {
        for (uint64_t bits = rng->s[word]; bits != 0; bits &= bits - 1) {
            const struct rng *const its = &leaps_of_bits[64 * word + __builtin_ctzll(bits)];
            for (int i = 0; i < 4; i++)
                sum.s[i] ^= its->s[i];
        }
    }
    *rng = sum;
}

static void fill_leaps(void)
{
    for (int bit = 0; bit < BITS; bit++) {
        leaps[0][bit].s[bit / 64] = (uint64_t)1 << (bit % 64);
        step(&leaps[0][bit], (uint64_t)1 << FEW);
    }
    for (int power = 1; power < POWERS; power++) {
        for (int bit = 0; bit < BITS; bit++) {
            leaps[power][bit] = leaps[power - 1][bit];
            leap(&leaps[power][bit], leaps[power - 1]);
        }
    }
}

void rng_skip(struct rng *rng, uint64_t times)
{
    uint64_t many = times >> FEW;
    if (many > 0)
        CHECK(pthread_once(&leaps_once, fill_leaps) == 0);
    for (int power = 0; power < POWERS - 1; power++, many >>= 1)
        if (many & 1)
            leap(rng, leaps[power]);
    while (many-- > 0)
        leap(rng, leaps[POWERS - 1]);
    step(rng, times & (((uint64_t)1 << FEW) - 1));
}
