/*
 * fetcher_parts.h - SplitFetcher, inside: what the files of fetcher share.
 */
#ifndef MODELS_FLINK_FETCHER_PARTS_H
#define MODELS_FLINK_FETCHER_PARTS_H

#include "models/flink/fetcher.h"

/* sim_times that fetcher_answer() needs to work in, for so many partitions. */
size_t fetcher_answer_room(int32_t partitions);

/* A fetch leaves now, for those partitions of the broker of which the consumer has no data. Notes
 * what the broker will answer of each and when the answer arrives; harmless if there are none. */
void fetcher_answer(const struct fetcher *fetcher, struct fetcher_broker *broker, sim_time now);

#endif
