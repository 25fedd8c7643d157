/*
 * modulo.h - the remainder by a divisor that is known beforehand: two multiplications instead of a
 * division.
 *
 * Exact for all 32-bit numbers and divisors (Lemire, Kaser, Kurz, "Faster remainder by direct
 * computation", 2019).
 */
#ifndef MODELS_LOAD_MODULO_H
#define MODELS_LOAD_MODULO_H

#include <stdint.h>

struct modulo {
    uint64_t inverse; /* ceil(2^64 / divisor) */
    uint32_t divisor;
};

static inline struct modulo modulo_by(uint32_t divisor)
{
    return (struct modulo){.inverse = UINT64_MAX / divisor + 1, .divisor = divisor};
}

static inline uint32_t modulo_of(struct modulo modulo, uint32_t number)
{
    __extension__ typedef unsigned __int128 uint128;
    const uint64_t fraction = modulo.inverse * number;
    return (uint32_t)(((uint128)fraction * modulo.divisor) >> 64);
}

#endif
