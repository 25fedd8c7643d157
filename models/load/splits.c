/*
 * splits.c - KafkaSourceEnumerator.getSplitOwner.
 */
#include "models/load/splits.h"

#include "models/load/keys.h"
#include "sim/core/check.h"

int32_t splits_owner(const char *topic, int32_t partition, int32_t parallelism)
{
    CHECK(partition >= 0 && parallelism > 0);
    const uint32_t product = 31 * (uint32_t)keys_java_hash(topic); /* wraps around, as in Java */
    const int64_t start = (int64_t)(product & 0x7fffffffU) % parallelism;
    return (int32_t)((start + partition) % parallelism);
}
