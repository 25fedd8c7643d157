/*
 * coordinator_parts.h - what the files of coordinator share.
 */
#ifndef MODELS_FLINK_COORDINATOR_PARTS_H
#define MODELS_FLINK_COORDINATOR_PARTS_H

#include "models/flink/coordinator.h"

/* NULL: it is not wanted any more. */
struct checkpoint *coordinator_find(const struct coordinator *coordinator, int64_t number);

/* Its timer waits for what comes first. */
void coordinator_arm(struct coordinator *coordinator, struct calendar *cal);

#endif
