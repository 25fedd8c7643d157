/*
 * by.h - the figures of each subtask, topic, partition and broker.
 */
#ifndef MODELS_REPORT_BY_H
#define MODELS_REPORT_BY_H

#include "sim/study/model.h"

#define BY_DIMENSIONS 4

extern const struct model_dimension by_dimensions[BY_DIMENSIONS];

#endif
