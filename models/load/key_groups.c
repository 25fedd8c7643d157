/*
 * key_groups.c - Flink's KeyGroupRangeAssignment and the hash it is built on.
 */
#include "models/load/key_groups.h"

#include "sim/core/check.h"

#define KEY_GROUPS_LEAST 128
#define KEY_GROUPS_MOST  32768

int32_t key_groups_default_max(int32_t parallelism)
{
    CHECK(parallelism > 0);
    const int64_t wanted = (int64_t)parallelism + parallelism / 2;
    int32_t power = KEY_GROUPS_LEAST;
    while (power < wanted && power < KEY_GROUPS_MOST)
        power *= 2;
    return power;
}

static uint32_t rotate(uint32_t x, int k)
{
    return (x << k) | (x >> (32 - k));
}

int32_t key_groups_mix(int32_t hash)
{
    uint32_t code = (uint32_t)hash * 0xcc9e2d51U;
    code = rotate(code, 15) * 0x1b873593U;
    code = rotate(code, 13) * 5 + 0xe6546b64U;
    code ^= 4;
    code ^= code >> 16;
    code *= 0x85ebca6bU;
    code ^= code >> 13;
    code *= 0xc2b2ae35U;
    code ^= code >> 16;
    if (code == 0x80000000U) /* has no positive counterpart */
        return 0;
    return (int32_t)(code < 0x80000000U ? code : 0U - code);
}

int32_t key_groups_owner(int32_t java_hash, int32_t parallelism, int32_t max_parallelism)
{
    const int32_t group = key_groups_mix(java_hash) % max_parallelism;
    return (int32_t)((int64_t)group * parallelism / max_parallelism);
}
