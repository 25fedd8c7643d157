/*
 * splits.h - KafkaSourceEnumerator.getSplitOwner: which source subtask reads a partition
 * (flink-statefun.md 5.1).
 */
#ifndef MODELS_LOAD_SPLITS_H
#define MODELS_LOAD_SPLITS_H

#include <stdint.h>

/* The source subtask that Flink's enumerator gives a freshly discovered split to: partitions of a
 * topic go to neighbours, from a subtask that the topic's name decides. */
int32_t splits_owner(const char *topic, int32_t partition, int32_t parallelism);

#endif
