/*
 * fanout.h - the model of this program: Kafka producers under a Flink job.
 */
#ifndef MODELS_FANOUT_H
#define MODELS_FANOUT_H

#include "sim/study/model.h"

extern const struct model fanout_model;

#endif
