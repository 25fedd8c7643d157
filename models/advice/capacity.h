/*
 * capacity.h - `fanout-sim capacity`: the largest load.rate at which the job is steady and meets
 * its goals, what is full there, and the latencies on the way.
 */
#ifndef MODELS_ADVICE_CAPACITY_H
#define MODELS_ADVICE_CAPACITY_H

#include "sim/command/options.h"

enum study_status capacity_command(const struct model *model, const struct options *options,
                                   struct arena *arena);

#endif
