/*
 * capacity_say.h - what `capacity` has found, for people and as CSV.
 */
#ifndef MODELS_ADVICE_CAPACITY_SAY_H
#define MODELS_ADVICE_CAPACITY_SAY_H

#include "sim/command/inquiry.h"
#include "sim/study/capacity.h"

/* One row: capacity,capacity:ci95,bottleneck and the columns of the run that confirmed it; none
 * where there is no capacity. bottleneck is what is full just above; where a goal ends it, what
 * has least left. */
void capacity_write(const struct inquiry *inquiry, const struct capacity *capacity, FILE *out);

/* A row per rate that was tried near and below the limit: rate,replications,COLUMN,.. */
void capacity_write_curve(const struct inquiry *inquiry, const struct capacity *capacity,
                          FILE *out);

void capacity_print(const struct inquiry *inquiry, const struct capacity *capacity, FILE *out);

#endif
